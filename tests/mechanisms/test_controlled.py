import math
from functools import partial

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from pytensor.xtensor.type import as_xtensor

from blackball.errors import ModelError
from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.mechanisms import controlled, evaluate, urn
from blackball.modelling import outcome, probability, quantities

from .slopes import slopes

NAMES = ("bad", "draws", "gain", "share", "transfer", "consequence")
SLOPES = slopes(controlled.any_bad_controlled, **dict.fromkeys(NAMES, ("case",)))
RUNS = 100_000

probabilities = st.floats(0, 1)
counts = st.floats(0, 64)
gains = st.floats(0, 1e6)


def any_bad(*values, mechanism=controlled.any_bad_controlled):
    arrays = np.broadcast_arrays(*values)
    known = {name: xr.DataArray(array.ravel(), dims="case") for name, array in zip(NAMES, arrays, strict=True)}
    return evaluate(mechanism, known).to_numpy().reshape(arrays[0].shape)


def plain(bad, draws):
    return float(evaluate(urn.any_bad_independent, {"bad": bad, "draws": draws}))


@settings(deadline=None)  # the first example compiles
@given(probabilities, counts, gains, probabilities, probabilities, probabilities)
def test_without_gain_or_share_or_transfer_it_is_the_plain_urn(bad, draws, gain, share, transfer, consequence):
    exact = plain(bad * consequence, draws)
    none = [(0.0, share, transfer), (gain, 0.0, transfer), (gain, share, 0.0)]
    found = any_bad(bad, draws, *np.array(none).T, consequence)
    np.testing.assert_allclose(found, exact, rtol=1e-9, atol=1e-300)


def test_the_urn_has_its_known_values_in_the_limit():
    found = any_bad(0.05, np.array([1, 2, 3, 6, 10]), 0.0, 1.0, 1.0, 1.0)
    np.testing.assert_allclose(found, [0.05, 0.0975, 0.142625, 0.264908, 0.401263], atol=5e-7)


@settings(deadline=None)  # the first example compiles
@given(probabilities, st.floats(1, 64), probabilities)
def test_as_gains_grow_only_the_first_draw_is_risky(bad, draws, consequence):
    gain = np.array([1.0, 10.0, 100.0, math.inf])
    found = any_bad(bad, draws, gain, 1.0, 1.0, consequence)
    assert (np.diff(found) <= 1e-12 * found[:-1]).all()
    limit = bad * consequence if bad < 1 else plain(consequence, draws)
    assert found[-1] == pytest.approx(limit, rel=1e-9, abs=1e-300)


@settings(deadline=None)  # the first example compiles
@given(probabilities, counts, counts, st.tuples(gains, probabilities, probabilities, probabilities))
def test_more_draws_never_lower_the_chance(bad, draws, other, rest):
    fewer, more = any_bad(bad, np.array([min(draws, other), max(draws, other)]), *rest)
    assert 0 <= fewer <= more * (1 + 1e-9) + 1e-300
    assert more <= 1


@settings(deadline=None)  # the first example compiles
@given(st.tuples(probabilities, counts, gains, probabilities, probabilities, probabilities), st.data())
def test_gains_lower_the_chance_and_worse_draws_raise_it(values, data):
    rising = {"bad": True, "gain": False, "share": False, "transfer": False, "consequence": True}
    for name, rises in rising.items():
        place = NAMES.index(name)
        pair = sorted([values[place], data.draw(gains if name == "gain" else probabilities)], reverse=not rises)
        lower, higher = any_bad(*values[:place], np.array(pair), *values[place + 1 :])
        assert lower <= higher * (1 + 1e-9) + 1e-15


@pytest.mark.parametrize("whole", [1, 2, 7])
def test_it_is_continuous_at_whole_numbers_of_draws(whole):
    below, at, above = any_bad(0.2, whole + np.array([-1e-9, 0, 1e-9]), 0.5, 0.8, 0.7, 0.9)
    assert below < at < above
    assert above - below < 1e-8


def test_the_last_draw_counts_by_its_fraction():
    two, part, three = 1 - any_bad(0.2, np.array([2.0, 2.25, 3.0]), 0.5, 1.0, 1.0, 1.0)
    assert part == pytest.approx(two**0.75 * three**0.25)


def test_edges_are_exact_with_finite_gradients():
    grid = np.meshgrid([0.0, 1.0], [0.0, 0.5, 1.0, 1.5, 64.0], [0.0, 1.0, 1e5], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0])
    edges = dict(zip(NAMES, (axis.ravel() for axis in grid), strict=True))
    values, gradient = SLOPES(**edges)
    sure = edges["bad"] * edges["consequence"] * (edges["draws"] > 0)
    np.testing.assert_allclose(values, sure, atol=1e-15)
    assert all(np.isfinite(slope).all() for slope in gradient.values())


def test_gradients_are_those_of_differences():
    rng = np.random.default_rng(3)
    low = np.array([0.05, 0.3, 0.1, 0.1, 0.1, 0.1])
    cases = low + rng.uniform(size=(20, 6)) * np.array([0.8, 8.0, 2.0, 0.8, 0.8, 0.8])
    cases[:, 1] = np.floor(cases[:, 1]) + 0.4  # away from whole numbers, where the slope in n jumps
    _, gradient = SLOPES(**dict(zip(NAMES, cases.T, strict=True)))
    for place, name in enumerate(NAMES):
        step = 1e-5 * (np.arange(6) == place)
        difference = (any_bad(*(cases + step).T) - any_bad(*(cases - step).T)) / 2e-5
        np.testing.assert_allclose(gradient[name], difference, rtol=1e-6, atol=1e-9)


def histories(bad, draws, gain, share, transfer, consequence, rng):
    """Play out a controlled process draw by draw, many at once, and stop each at its first catastrophe.

    Whether what is learned holds beyond the threshold is one fact of each history. A system is misaligned if a
    logistic shock is below its log odds, and teaches the process something if no catastrophe ends it.
    """
    holds = rng.random(RUNS) < transfer
    learned, over = np.zeros(RUNS), np.zeros(RUNS, dtype=bool)
    for _ in range(int(draws)):
        log_odds = math.log(bad / (1 - bad)) - np.where(holds, learned, 0.0)
        misaligned = rng.logistic(size=RUNS) < log_odds
        over |= ~over & misaligned & (rng.random(RUNS) < consequence)
        learned = np.where(over, learned, learned + gain * share)
    return over.mean()


def transferred_draw_by_draw(bad, draws, gain, share, transfer, consequence):
    """Mis-stated: each draw anew is one to which gains transfer or one to which they do not."""
    total = 0.0
    for drawn in range(8):
        p = bad / (bad + (1 - bad) * np.exp(gain * share * drawn))
        mean = consequence * (transfer * p + (1 - transfer) * bad)
        total = total + np.where(drawn < draws, np.log1p(-mean), 0.0)
    return -np.expm1(total)


def improved_consequence(bad, draws, gain, share, transfer, consequence):
    """Mis-stated: research lowers the chance of a bad draw with its consequence, as if that were p."""
    return any_bad(bad * consequence, draws, gain, share, transfer, 1.0)


def worlds():
    rng = np.random.default_rng(11)
    low = np.array([0.1, 2, 0.5, 0.3, 0.2, 0.5])
    high = np.array([0.4, 9, 2.0, 1.0, 0.8, 1.0])
    cases = rng.uniform(low, high, size=(12, 6))
    cases[:, 1] = np.floor(cases[:, 1])
    return cases


def standard_errors_off(stated):
    cases = worlds()
    shares = np.array([histories(*case, np.random.default_rng(100 + k)) for k, case in enumerate(cases)])
    return abs(stated(*cases.T) - shares) / np.sqrt(shares * (1 - shares) / RUNS)


def test_the_closed_form_is_the_simulated_process():
    assert (standard_errors_off(any_bad) < 4).all()


@pytest.mark.parametrize("misstated", [transferred_draw_by_draw, improved_consequence])
def test_a_misstated_process_is_found_out(misstated):
    assert (standard_errors_off(misstated) > 4).any()


def test_draws_beyond_the_most_are_refused_if_known_and_bounded_if_computed():
    few = partial(controlled.any_bad_controlled, most=4)
    with pytest.raises(ModelError, match=r"draws is 5: it must lie in \[0, 4\]"):
        few(0.1, 5.0, 1.0, 0.5)
    with pytest.raises(ModelError, match=r"draws is 5: it must lie in \[0, 4\]"):
        any_bad(0.1, 5.0, 1.0, 0.5, 0.9, 1.0, mechanism=few)

    def computed(bad, draws, gain, share, transfer, consequence):
        return few(bad, 2 * draws, gain, share, transfer, consequence)

    gain = np.array([0.0, 1.0])
    bound, exact = (
        any_bad(0.1, n, gain, 0.5, 0.9, 1.0, mechanism=of)
        for n, of in ((4.0, computed), (8.0, controlled.any_bad_controlled))
    )
    assert bound[0] == pytest.approx(exact[0])
    assert exact[1] < bound[1] < bound[0]


@pytest.mark.parametrize(
    ("name", "wrong"), [("bad", 1.5), ("gain", -1.0), ("share", 1.1), ("transfer", -0.2), ("consequence", 2.0)]
)
def test_impossible_parameters_are_refused(name, wrong):
    known = {"bad": 0.1, "draws": 2.0, "gain": 1.0, "share": 0.5} | {name: wrong}
    with pytest.raises(ModelError, match=f"{name} is {wrong:g}: it must"):
        controlled.any_bad_controlled(**known)


@pytest.mark.parametrize("most", [0, -1, 2.5])
def test_the_most_draws_are_a_whole_number(most):
    with pytest.raises(ModelError, match=rf"most is {most}: it must be a whole number of at least 1"):
        controlled.any_bad_controlled(0.1, 1.0, 1.0, 0.5, most=most)


def test_a_budget_allows_as_many_draws_as_stay_within_it():
    by_draws = evaluate(urn.any_bad_independent, {"bad": 0.05, "draws": xr.DataArray(np.arange(1.0, 11), dims="draws")})
    budget = xr.DataArray([0.0, 0.04, 0.06, 0.3, 0.5, 1.0], dims="case")
    allowed = evaluate(controlled.draws_within_budget, {"any_by_draws": by_draws, "budget": budget})
    assert allowed.to_numpy().tolist() == [0, 0, 1, 6, 10, 10]


@settings(deadline=None)  # the first example compiles
@given(st.floats(0.001, 0.9), st.floats(0, 3), probabilities, probabilities)
def test_the_budget_is_kept_and_used_up(bad, gain, transfer, budget):
    chances = any_bad(bad, np.arange(1.0, 21), gain, 1.0, transfer, 1.0)
    by_draws = xr.DataArray(chances, dims="draws")
    allowed = int(evaluate(controlled.draws_within_budget, {"any_by_draws": by_draws, "budget": budget}))
    assert allowed == 0 or chances[allowed - 1] <= budget
    assert allowed == 20 or chances[allowed] > budget


def test_a_budget_is_refused_outside_its_range_or_without_its_dim():
    chances = xr.DataArray([0.1, 0.2], dims="draws")
    with pytest.raises(ModelError, match=r"budget is 1\.5: it must lie in \[0, 1\]"):
        controlled.draws_within_budget(chances, 1.5)
    with pytest.raises(ModelError, match=r"any_by_draws is 2: it must lie in \[0, 1\]"):
        controlled.draws_within_budget(10 * chances, 0.5)
    with pytest.raises(ModelError, match="any_by_draws has no dim 'n'; it has: draws"):
        controlled.draws_within_budget(chances, 0.5, dim="n")


def test_a_model_reports_the_draws_that_a_budget_allows():
    with pm.Model() as model:
        q = quantities({name: probability((0.05, 0.5), source="s") for name in ("bad", "transfer")})
        candidates = as_xtensor(np.arange(1.0, 9), dims=("draws",))
        by_draws = controlled.any_bad_controlled(q["bad"], candidates, 1.0, 0.5, q["transfer"], most=8)
        outcome("allowed", controlled.draws_within_budget(by_draws, 0.4))
    found = derived(model, prior_draws(model, 200, 4))
    bad, transfer = (found[name].to_numpy()[..., None] for name in ("bad", "transfer"))
    exact = (any_bad(bad, np.arange(1.0, 9), 1.0, 0.5, transfer, 1.0) <= 0.4).sum(-1)
    assert found["allowed"].to_numpy().tolist() == exact.tolist()
    assert 0 <= exact.min() < exact.max() <= 8
