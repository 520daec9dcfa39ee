import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.errors import ModelError
from blackball.mechanisms import authority, evaluate

from .slopes import slopes

HALT_SLOPES = slopes(authority.halt, majority=(), rules_changed=(), delay=(), window=())
RULES_SLOPES = slopes(authority.rules_changed_by, yearly=("year",), years=("year",))
RELEASE_SLOPES = slopes(authority.release, miss=(), halt=())
probabilities = st.floats(0, 1)


def test_safety_delayed_is_often_safety_denied():
    arguments = {"majority": 0.8, "rules_changed": 0.25, "delay": 3.0, "window": 6.0}
    assert float(evaluate(authority.halt, arguments)) == pytest.approx(0.6 * np.exp(-0.5))
    assert float(evaluate(authority.halt, arguments | {"rules_changed": 1.0})) == 0.0
    assert float(evaluate(authority.halt, arguments | {"delay": 0.0, "rules_changed": 0.0})) == 0.8


@settings(deadline=None)  # the first example compiles
@given(probabilities, probabilities, st.floats(0, 100), st.floats(0.1, 100))
def test_a_halt_is_no_surer_than_the_vote_and_less_sure_the_later(majority, rules_changed, delay, window):
    arguments = {"majority": majority, "rules_changed": rules_changed, "delay": delay, "window": window}
    in_time = float(evaluate(authority.halt, arguments))
    assert 0 <= float(evaluate(authority.halt, arguments | {"delay": delay + 1})) <= in_time <= majority


def test_rules_fall_like_a_first_bad_draw():
    years = xr.DataArray([0, 1, 2, 5], dims="year", coords={"year": [2027, 2028, 2029, 2032]})
    changed = evaluate(authority.rules_changed_by, {"yearly": 0.2, "years": years})
    np.testing.assert_allclose(changed, [0.0, 0.2, 0.36, 1 - 0.8**5], rtol=1e-14)
    assert changed["year"].to_numpy().tolist() == [2027, 2028, 2029, 2032]
    sure = evaluate(authority.rules_changed_by, {"yearly": 1.0, "years": years})
    assert sure.to_numpy().tolist() == [0.0, 1.0, 1.0, 1.0]
    assert float(evaluate(authority.rules_changed_by, {"yearly": 1e-18, "years": 3.0})) == pytest.approx(3e-18)


@settings(deadline=None)  # the first example compiles
@given(probabilities, st.floats(0, 50), st.floats(0, 50))
def test_rules_once_changed_stay_changed(yearly, first, more):
    def by(years):
        return float(evaluate(authority.rules_changed_by, {"yearly": yearly, "years": years}))

    assert 0 <= by(first) <= by(first + more) + 1e-15 <= 1 + 1e-15
    # They survive the one stretch of years and then the other.
    assert 1 - by(first + more) == pytest.approx((1 - by(first)) * (1 - by(more)), abs=1e-14)


def test_rules_fall_as_in_simulated_histories_and_not_at_a_yearly_rate_that_adds_up():
    rng, runs = np.random.default_rng(3), 200_000
    yearly, years = 0.15, np.arange(1, 9)
    share = (rng.random((8, runs)) < yearly).cumsum(axis=0).astype(bool).mean(axis=1)
    error = np.sqrt(share * (1 - share) / runs)
    changed = evaluate(authority.rules_changed_by, {"yearly": yearly, "years": xr.DataArray(years, dims="year")})
    assert (abs(changed.to_numpy() - share) / error < 4).all()
    assert (abs(yearly * years - share) / error > 4)[1:].all()


def test_outside_authority_is_a_second_route():
    assert float(evaluate(authority.either, {"inside": 0.4, "outside": 0.5})) == pytest.approx(0.7)
    assert float(evaluate(authority.either, {"inside": 0.0, "outside": 0.5})) == 0.5
    assert float(evaluate(authority.either, {"inside": 0.4, "outside": 1.0})) == 1.0


def test_a_warning_only_helps_if_it_is_heeded():
    never, always = ({"miss": 0.2, "halt": halt} for halt in (0.0, 1.0))
    assert float(evaluate(authority.release, never)) == 1.0
    assert float(evaluate(authority.release, always)) == pytest.approx(0.2)
    assert float(evaluate(authority.release, {"miss": 0.2, "halt": 0.5})) == pytest.approx(0.6)


@pytest.mark.parametrize("edge", [0.0, 0.4, 1.0])
def test_slopes_at_the_edges_are_finite_and_true(edge):
    _, gradient = RELEASE_SLOPES(miss=edge, halt=0.3)
    assert gradient["miss"] == pytest.approx(0.3)
    assert gradient["halt"] == pytest.approx(-(1 - edge))
    _, gradient = HALT_SLOPES(majority=edge, rules_changed=1 - edge, delay=0.0, window=2.0)
    assert gradient == pytest.approx({"majority": edge, "rules_changed": -edge, "delay": -(edge**2) / 2, "window": 0.0})
    years = np.array([0.0, 1.0, 2.0, 3.5])
    value, gradient = RULES_SLOPES(yearly=[edge] * 4, years=years)
    assert np.isfinite(value).all()
    assert gradient["yearly"] == pytest.approx([0.0, 1.0, 2 * (1 - edge), 3.5 * (1 - edge) ** 2.5], abs=1e-12)
    assert np.isfinite(gradient["years"]).all()
    assert edge == 1 or gradient["years"] == pytest.approx(-math.log1p(-edge) * (1 - edge) ** years)


@pytest.mark.parametrize(
    ("mechanism", "good", "name", "bad"),
    [
        (authority.halt, {"majority": 0.5}, "majority", 1.2),
        (authority.halt, {"majority": 0.5}, "rules_changed", -0.1),
        (authority.halt, {"majority": 0.5}, "delay", -1.0),
        (authority.halt, {"majority": 0.5}, "window", 0.0),
        (authority.rules_changed_by, {"yearly": 0.1, "years": 2.0}, "yearly", 1.5),
        (authority.rules_changed_by, {"yearly": 0.1, "years": 2.0}, "years", -1.0),
        (authority.either, {"inside": 0.1, "outside": 0.2}, "inside", np.nan),
        (authority.either, {"inside": 0.1, "outside": 0.2}, "outside", 2.0),
        (authority.release, {"miss": 0.1, "halt": 0.2}, "miss", -1.0),
        (authority.release, {"miss": 0.1, "halt": 0.2}, "halt", 1.1),
    ],
)
def test_numbers_outside_their_range_are_refused(mechanism, good, name, bad):
    with pytest.raises(ModelError, match=rf"^{name} is {bad:g}: it must"):
        mechanism(**good | {name: bad})
    with pytest.raises(ModelError, match=rf"^{name} is {bad:g}: it must"):
        evaluate(mechanism, good | {name: bad})


def test_arrays_that_disagree_are_refused():
    two, three = xr.DataArray([0.1, 0.2], dims="year"), xr.DataArray([0.1, 0.2, 0.3], dims="year")
    for mechanism in (authority.halt, authority.rules_changed_by, authority.either, authority.release):
        with pytest.raises(ModelError, match="cannot be combined: dim 'year' has length 2 in one and 3"):
            mechanism(two, three)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (authority.rules_changed_by, (0.0, np.inf), "years is inf: it must be at least 0 and finite"),
        (authority.halt, (0.5, 0.0, 1.0, 1e-300), "window is 1e-300: it must be at least 1e-06 and finite"),
    ],
)
def test_numbers_without_a_gradient_are_refused(function, arguments, message):
    with pytest.raises(ModelError, match=message):
        function(*arguments)
