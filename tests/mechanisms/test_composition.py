import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.errors import ModelError
from blackball.inference.engine import compile_model
from blackball.inference.on_draws import on_draws
from blackball.mechanisms import authority, composition, evaluate, urn

from .slopes import slopes


def three(first, second, third):
    return composition.any_of(first, second, third)


SLOPES = slopes(three, first=(), second=(), third=())
SURVIVAL_SLOPES = slopes(composition.survival, hazard=("year",))
CURVE_SLOPES = slopes(composition.survival_curve, hazard=("year",))


def any_year(chance):
    return composition.any_along(chance, "year")


ALONG_SLOPES = slopes(any_year, chance=("year",))
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
    hazard = xr.DataArray([0.1, 0.2], dims="year")
    assert float(evaluate(composition.survival, {"hazard": hazard})) == pytest.approx(0.72)


@settings(deadline=None)  # the first example compiles
@given(st.lists(probabilities, min_size=1, max_size=6))
def test_survival_falls_year_by_year(hazard):
    curve = evaluate(composition.survival_curve, {"hazard": xr.DataArray(hazard, dims="year")})
    np.testing.assert_allclose(curve, np.cumprod(1 - np.array(hazard)), rtol=1e-15)
    assert (curve.diff("year") <= 0).all()
    survived = evaluate(composition.survival, {"hazard": xr.DataArray(hazard, dims="year")})
    happened = evaluate(any_year, {"chance": xr.DataArray(hazard, dims="year")})
    assert float(curve[-1]) == pytest.approx(float(survived), rel=1e-15)
    assert float(happened) == pytest.approx(1 - float(survived), abs=1e-14)


def test_a_curve_keeps_the_dims_of_its_hazard():
    years = {"year": [2027, 2028, 2029]}
    hazard = xr.DataArray([[0.0, 1.0], [0.5, 0.1], [0.5, 0.2]], dims=("year", "regime"), coords=years)
    for array in (hazard, hazard.transpose()):
        curve = evaluate(composition.survival_curve, {"hazard": array})
        assert curve.dims == array.dims
        assert curve["year"].to_numpy().tolist() == [2027, 2028, 2029]
        np.testing.assert_array_equal(curve.transpose("regime", "year"), [[1.0, 0.5, 0.25], [0.0, 0.0, 0.0]])


@pytest.mark.parametrize("hazard", [[0.0] * 4, [1.0] * 4, [0.0, 1.0, 0.3, 1.0], [0.1, 0.9, 0.3, 0.5]])
def test_slopes_over_years_are_finite_and_exact(hazard):
    survived = 1 - np.array(hazard)
    others = [np.prod(np.delete(survived, year)) for year in range(4)]
    np.testing.assert_allclose(ALONG_SLOPES(chance=hazard)[1]["chance"], others, atol=1e-14)
    # The sum over the curve changes by every year that is yet to come.
    lost = [sum(np.prod(np.delete(survived[: end + 1], year)) for end in range(year, 4)) for year in range(4)]
    np.testing.assert_allclose(CURVE_SLOPES(hazard=hazard)[1]["hazard"], -np.array(lost), atol=1e-15)


def test_any_along_keeps_the_digits_of_tiny_probabilities():
    chance = xr.DataArray([1e-20, 2e-20, 3e-20], dims="year")
    assert float(evaluate(any_year, {"chance": chance})) == pytest.approx(6e-20, rel=1e-14)
    assert float(evaluate(any_year, {"chance": xr.DataArray([1.0, 0.3], dims="year")})) == 1.0


# A board of five whose trust gains seats, over six years; bad draws that are seen need its vote to be halted.
SCHEDULE = xr.DataArray([[0, 3, 2], [1, 2, 2], [1, 2, 2], *[[3, 1, 1]] * 3], dims=("year", "bloc"))
STAND, AGREEMENT, YEARLY, BAD, MISS = np.array([0.7, 0.3, 0.2]), np.array([0.8, 0.6, 0.7]), 0.2, 0.5, 0.1
RUNS = 200_000


def curve_given(stand, agreement, rules_changed):
    halt = authority.halt(authority.majority(stand, SCHEDULE, agreement=agreement), rules_changed)
    return composition.survival_curve(composition.inside(BAD, authority.release(MISS, halt), 1.0, 1.0))


def closed_form(agreement, *, lasting):
    """Chance to have come through each year; the year in which the rules change is known, or forgotten every year."""
    arguments = {"stand": xr.DataArray(STAND, dims="bloc"), "agreement": xr.DataArray(agreement, dims="bloc")}
    changed_by = evaluate(
        authority.rules_changed_by, {"yearly": YEARLY, "years": xr.DataArray(np.arange(7), dims="year")}
    )
    if not lasting:
        return evaluate(curve_given, arguments | {"rules_changed": changed_by[1:]})
    change, year = xr.DataArray(np.arange(7), dims="change"), xr.DataArray(np.arange(6), dims="year")
    weight = np.append(np.diff(changed_by), 1 - changed_by[-1])
    curves = evaluate(curve_given, arguments | {"rules_changed": (change <= year).astype(float)})
    return (curves * xr.DataArray(weight, dims="change")).sum("change")


def played(rng):
    """Share of histories that came through each year, played vote by vote: a Polya urn for each bloc."""
    alive, changed, shares = np.ones(RUNS, dtype=bool), np.zeros(RUNS, dtype=bool), []
    for seats in SCHEDULE.to_numpy():
        changed |= rng.random(RUNS) < YEARLY
        votes = np.zeros(RUNS)
        for size, v, r in zip(seats, STAND, AGREEMENT, strict=True):
            cast = np.zeros((size, RUNS), dtype=bool)
            for i in range(size):
                follows = rng.random(RUNS) * (i + (1 - r) / r) < i
                earlier = cast[rng.integers(0, max(i, 1), size=RUNS), np.arange(RUNS)]
                cast[i] = np.where(follows, earlier, rng.random(RUNS) < v)
            votes += cast.sum(axis=0)
        seen = rng.random(RUNS) >= MISS
        alive &= ~((rng.random(RUNS) < BAD) & ~(seen & (votes >= 3) & ~changed))
        shares.append(alive.mean())
    return np.array(shares)


def test_years_of_votes_agree_with_played_histories_and_misstated_ones_do_not():
    shares = played(np.random.default_rng(17))
    errors = np.sqrt(shares * (1 - shares) / RUNS)
    off = abs(closed_form(AGREEMENT, lasting=True) - shares) / errors
    assert (off < 4).all()
    independent = abs(closed_form(0 * AGREEMENT, lasting=True) - shares) / errors
    forgotten = abs(closed_form(AGREEMENT, lasting=False) - shares) / errors
    assert (independent > 4).any()
    assert (forgotten > 4).any()


def test_years_of_votes_can_be_sampled_and_computed_on_draws(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pm.Model(coords={"bloc": ["trust", "founders", "investors"], "year": range(6)}) as model:
        stand = pmd.Beta("stand", 2, 2, dims="bloc")
        agreement = pmd.Beta("agreement", 2, 2, dims="bloc")
        survived = curve_given(stand, agreement, 0.1)
        seen = survived.transpose("year").values
        pm.CustomDist("seen", seen, logp=lambda x, p: -((x - p) ** 2), signature="()->()", observed=np.zeros(6))
    assert compile_model(model).name == "flat"
    rng = np.random.default_rng(2)
    draws = xr.Dataset({name: (("chain", "draw", "bloc"), rng.random((2, 3, 3))) for name in ("stand", "agreement")})
    computed = on_draws(model, {"survived": survived})(draws)["survived"]
    directly = evaluate(curve_given, {**draws, "rules_changed": 0.1})
    np.testing.assert_allclose(computed, directly.transpose("chain", "draw", "year"), rtol=1e-13)


def test_probabilities_that_cannot_be_combined_are_refused():
    for bad in (-0.1, 1.5, np.nan):
        with pytest.raises(ModelError, match=rf"probabilities cannot be combined: route 2 is {bad:g}: it must lie"):
            composition.any_of(0.5, bad)
        with pytest.raises(ModelError, match=rf"probabilities cannot be combined: route 3 is {bad:g}: it must lie"):
            any_of(0.5, 0.1, bad)
    two = xr.DataArray([0.1, 0.2], dims="regime", coords={"regime": ["race", "one"]})
    three = xr.DataArray([0.1, 0.2, 0.3], dims="regime")
    with pytest.raises(ModelError, match="route 1 and route 3 cannot be combined: dim 'regime' has length 2"):
        composition.any_of(two, 0.5, three)
    with pytest.raises(ModelError, match="route 1 and route 2 cannot be combined: dim 'regime' is labelled"):
        composition.any_of(two, two.assign_coords(regime=["race", "many"]))


@pytest.mark.parametrize(
    ("mechanism", "good", "name", "bad"),
    [
        *((composition.inside, {"bad": 0.1, "release": 0.2, "win": 0.3, "draws": 2.0}, name, 1.2)
          for name in ("bad", "release", "win")),
        *((composition.theft_route, {"stolen": 0.2, "bad": 0.1, "win": 0.3, "draws": 2.0}, name, -0.1)
          for name in ("stolen", "bad", "win")),
        *((composition.rash_route, {"someone_acts": 0.2, "bad": 0.1, "win": 0.3}, name, np.nan)
          for name in ("someone_acts", "bad", "win")),
        (composition.survival, {}, "hazard", xr.DataArray([0.1, 1.5], dims="year")),
        (composition.survival_curve, {}, "hazard", xr.DataArray([0.1, -0.5], dims="year")),
        (any_year, {}, "chance", xr.DataArray([0.1, 1.5], dims="year")),
    ],
)  # fmt: skip
def test_numbers_outside_their_range_are_refused(mechanism, good, name, bad):
    with pytest.raises(ModelError, match=rf"^{name} is .*: it must lie in \[0, 1\]"):
        mechanism(**good | {name: bad})
    with pytest.raises(ModelError, match=rf"^{name} is .*: it must lie in \[0, 1\]"):
        evaluate(mechanism, good | {name: bad})


def test_arrays_that_disagree_are_refused():
    two, three = xr.DataArray([0.1, 0.2], dims="year"), xr.DataArray([0.1, 0.2, 0.3], dims="year")
    refused = "cannot be combined: dim 'year' has length 2 in one and 3"
    with pytest.raises(ModelError, match=refused):
        composition.inside(two, 0.5, 0.5, three)
    with pytest.raises(ModelError, match=refused):
        composition.theft_route(two, 0.5, three, 1.0)
    with pytest.raises(ModelError, match=refused):
        composition.rash_route(0.5, two, three)


def test_a_dim_to_compose_along_must_be_there():
    for mechanism, name in ((composition.survival, "hazard"), (composition.survival_curve, "hazard")):
        with pytest.raises(ModelError, match=f"{name} has no dim 'year'; it has: regime"):
            mechanism(xr.DataArray([0.1], dims="regime"))
    with pytest.raises(ModelError, match="chance has no dim 'route'; it has: none"):
        composition.any_along(0.3, "route")
