import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import log_ndtr
from scipy.stats import norm

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, unilateral
from blackball.mechanisms.common_threshold import optimal_threshold

from .slopes import slopes

NAMES = ("actors", "error", "mean", "sd", "shared")
SLOPES = slopes(optimal_threshold, **dict.fromkeys(NAMES, ()))
AT = {"actors": 4.0, "error": 1.3, "mean": -0.5, "sd": 0.8, "shared": 0.3}


def value_gained(threshold, actors, error, mean, sd, shared):
    def acts(value):
        return unilateral.someone_acts(value, threshold, error, actors, shared)

    return unilateral.expected_value(acts, mean, sd)


def best(**changes):
    return float(evaluate(optimal_threshold, AT | changes))


def gained(threshold, **changes):
    return float(evaluate(value_gained, AT | changes | {"threshold": threshold}))


def summed(threshold, actors, error, mean, sd, shared):
    """Expected value on a plain grid of values and of what the actors share."""
    v, z = np.linspace(mean - 9 * sd, mean + 9 * sd, 1201)[:, None], np.linspace(-8, 8, 1201)
    level = (threshold - v - error * np.sqrt(shared) * z) / (error * np.sqrt(1 - shared))
    chance = -np.expm1(actors * log_ndtr(level)) * norm.pdf(z)
    return np.trapezoid((v[:, 0] * norm.pdf(v[:, 0], mean, sd)) * np.trapezoid(chance, z, axis=1), v[:, 0])


CASES = [
    AT,
    AT | {"actors": 10.0, "shared": 0.0},
    AT | {"actors": 2.5, "mean": 1.0, "shared": 0.6},
    AT | {"actors": 50.0, "error": 0.3, "shared": 0.1},
]


@pytest.mark.parametrize("case", CASES)
def test_no_other_threshold_gains_more(case):
    start = best(**case)
    found = minimize_scalar(lambda t: -summed(t, **case), bounds=(start - 2, start + 2), options={"xatol": 1e-9})
    assert abs(found.x - start) < 1e-5
    assert gained(start, **case) == pytest.approx(-found.fun, abs=1e-7)


def test_one_actor_acts_when_the_estimate_makes_the_act_worth_something():
    assert best(actors=1.0) == pytest.approx(0.5 * 1.3**2 / 0.8**2, rel=1e-12)
    assert best(actors=1.0, mean=0.0) == pytest.approx(0.0, abs=1e-12)
    assert best(actors=50.0, shared=1.0) == pytest.approx(best(actors=1.0), abs=1e-12)


def test_thresholds_are_found_for_labelled_arrays_and_rise_with_the_number_of_actors():
    actors = xr.DataArray([1.0, 2, 3, 5, 10, 100, 1e4], dims="n")
    shared = xr.DataArray([0.0, 0.5, 0.9], dims="r")
    found = evaluate(optimal_threshold, AT | {"actors": actors, "shared": shared})
    assert (found.diff("n") > 0).all()
    assert (found.isel(n=slice(1, None), r=2) < found.isel(n=slice(1, None), r=0)).all()
    assert float(found.sel(n=3, r=1)) == best(actors=5.0, shared=0.5)


@settings(deadline=None)  # the first example compiles
@given(st.floats(1, 1e4), st.floats(0.01, 30), st.floats(-10, 10), st.floats(0, 1), st.floats(0, 100))
def test_the_threshold_rises_with_actors_over_the_whole_space(actors, error, mean, shared, more):
    fewer = best(actors=actors, error=error, mean=mean, sd=1.0, shared=shared)
    allowed = 1e-7 * (1 + error**2)
    assert fewer >= -mean * error**2 - allowed
    assert best(actors=actors + more, error=error, mean=mean, sd=1.0, shared=shared) >= fewer - allowed


@settings(deadline=None)  # the first example compiles
@given(st.floats(1, 1e3), st.floats(0.1, 5), st.floats(-3, 3), st.floats(0, 1), st.floats(-2, 2))
def test_the_best_threshold_gains_at_least_as_much_as_another(actors, error, mean, shared, off):
    case = {"actors": actors, "error": error, "mean": mean, "sd": 1.0, "shared": shared}
    threshold = best(**case)
    assert gained(threshold + off, **case) <= gained(threshold, **case) + 1e-7


def test_the_curse_costs_value_and_the_remedies_win_it_back():
    ignored = gained(best(actors=1.0))
    assert ignored < gained(best())
    pooled = unilateral.expected_value(lambda v: unilateral.pooled_acts(v, 1.0, 1.3, 4.0, 0.3), -0.5, 0.8)
    alone = unilateral.expected_value(lambda v: unilateral.someone_acts(v, 1.0, 1.3, 4.0, 0.3), -0.5, 0.8)
    assert float(pooled.eval()) > float(alone.eval())


def test_an_act_that_is_always_done_gains_its_mean():
    always = unilateral.expected_value(lambda v: v * 0 + 1, -0.5, 0.8)
    assert float(always.eval()) == pytest.approx(-0.5)


@pytest.mark.parametrize("case", CASES)
def test_gradients_agree_with_differences(case):
    _, gradient = SLOPES(**case)
    for name in NAMES[: 5 if case["shared"] else 4]:
        up, down = (best(**case | {name: case[name] + step}) for step in (1e-5, -1e-5))
        assert gradient[name] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("shared", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("actors", [1.0, 3.0, 1e4])
@pytest.mark.parametrize(("error", "mean"), [(0.01, 0.0), (1.0, -3.0), (30.0, 10.0)])
def test_gradients_are_finite(actors, error, mean, shared):
    value, gradient = SLOPES(actors=actors, error=error, mean=mean, sd=1.0, shared=shared)
    assert np.isfinite(value)
    assert all(np.isfinite(slope).all() for slope in gradient.values())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"actors": 0.5}, r"actors is 0\.5: it must be at least 1"),
        ({"error": 0.0}, r"error is 0: it must be above 0"),
        ({"sd": -1.0}, r"sd is -1: it must be above 0"),
        ({"shared": 1.5}, r"shared is 1\.5: it must lie in \[0, 1\]"),
    ],
)
def test_numbers_outside_their_range_are_refused(change, message):
    with pytest.raises(ModelError, match=message):
        optimal_threshold(**AT | change)


@pytest.mark.parametrize(("name", "value"), [("actors", np.inf), ("mean", np.nan), ("error", np.inf)])
def test_numbers_that_are_not_finite_are_refused(name, value):
    arguments = {"actors": 3.0, "error": 1.0, "mean": 0.0, "sd": 1.0}
    with pytest.raises(ModelError, match=f"{name} is {value}: it must be .*finite"):
        optimal_threshold(**(arguments | {name: value}))
