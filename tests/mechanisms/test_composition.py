import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.mechanisms import composition, evaluate, urn

from .slopes import slopes


def three(first, second, third):
    return composition.any_of(first, second, third)


SLOPES = slopes(three, first=(), second=(), third=())
SURVIVAL_SLOPES = slopes(composition.survival, hazard=("year",))
probabilities = st.floats(0, 1)


def any_of(*routes):
    return float(evaluate(three, dict(zip(("first", "second", "third"), routes, strict=True))))


@settings(deadline=None)  # the first example compiles
@given(probabilities, probabilities, probabilities)
def test_any_route_suffices(first, second, third):
    routes = (first, second, third)
    together = any_of(*routes)
    assert together == pytest.approx(1 - np.prod(1 - np.array(routes)), abs=1e-15)
    assert max(routes) * (1 - 1e-15) <= together <= 1


def test_tiny_probabilities_keep_their_digits():
    assert any_of(1e-20, 2e-20, 3e-20) == pytest.approx(6e-20, rel=1e-14)


def test_gradient_of_a_route_is_that_no_other_is_taken():
    for routes in ([0.0, 0.0, 0.0], [1.0, 0.5, 0.2], [1.0, 1.0, 0.3]):
        _, gradient = SLOPES(**dict(zip(("first", "second", "third"), routes, strict=True)))
        for name, others in (("first", (1, 2)), ("second", (0, 2)), ("third", (0, 1))):
            assert gradient[name] == pytest.approx(np.prod([1 - routes[other] for other in others]))


def test_routes_broadcast_by_name():
    routes = {
        "first": xr.DataArray([0.1, 0.2], dims="regime", coords={"regime": ["race", "one"]}),
        "second": xr.DataArray([0.0, 0.5, 1.0], dims="year"),
        "third": 0.0,
    }
    result = evaluate(three, routes)
    assert result.sel(regime="one", year=1).item() == pytest.approx(0.6)
    assert (result.isel(year=2) == 1.0).all()


def test_inside_is_the_urn_of_draws_that_go_all_the_way():
    arguments = {"bad": 0.4, "release": 0.5, "win": 0.25, "draws": 3.0, "shared_fate": 0.2}
    direct = evaluate(urn.any_bad, {"bad": 0.05, "draws": 3.0, "shared_fate": 0.2})
    assert float(evaluate(composition.inside, arguments)) == pytest.approx(float(direct), rel=1e-14)


def test_a_thief_inspects_nothing():
    arguments = {"stolen": 0.7, "bad": 0.2, "win": 0.5, "draws": 2.0, "shared_fate": 0.0}
    assert float(evaluate(composition.theft_route, arguments)) == pytest.approx(0.7 * 0.19)


def test_rash_release():
    arguments = {"someone_acts": 0.3, "bad": 0.2, "win": 0.5}
    assert float(evaluate(composition.rash_route, arguments)) == pytest.approx(0.03)


def test_survival_multiplies_over_years_with_exact_gradients():
    value, gradient = SURVIVAL_SLOPES(hazard=[0.1, 0.2, 1.0])
    assert value == 0.0
    np.testing.assert_allclose(gradient["hazard"], [0.0, 0.0, -0.72])
    assert float(evaluate(composition.survival, {"hazard": xr.DataArray([0.1, 0.2], dims="year")})) == pytest.approx(
        0.72
    )
