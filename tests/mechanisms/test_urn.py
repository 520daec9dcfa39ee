import math

import arviz as az
import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln, polygamma

from blackball.errors import ModelError
from blackball.inference.engine import compile_model
from blackball.inference.settings import Settings
from blackball.mechanisms import evaluate, urn

from .slopes import slopes

CASE = ("case",)
SLOPES = slopes(urn.any_bad, bad=CASE, draws=CASE, shared_fate=CASE)

BAD = (1e-12, 1e-6, 1e-3, 0.05, 0.3, 0.5, 0.7, 0.999, 1 - 1e-6)
DRAWS = (0, 1, 2, 3, 6, 10, 100, 10_000)
SHARED = (0, 1e-14, 1e-10, 1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.3, 0.6, 0.9, 0.99)
GRID = np.array([(p, n, r) for p in BAD for n in DRAWS for r in SHARED]).T

probabilities = st.floats(0, 1)
correlations = st.floats(0, 0.99)
counts = st.floats(0, 1e4)


def any_bad(bad, draws, shared_fate):
    arrays = np.broadcast_arrays(bad, draws, shared_fate)
    names = ("bad", "draws", "shared_fate")
    cases = {name: xr.DataArray(array.ravel(), dims=CASE) for name, array in zip(names, arrays, strict=True)}
    return evaluate(urn.any_bad, cases).to_numpy().reshape(arrays[0].shape)


def drawn_one_by_one(p, n, r):
    """Any bad of whole n, each draw given that all before it were good."""
    return -math.expm1(math.fsum(math.log1p(-p * (1 - r) / (1 - r + j * r)) for j in range(int(n))))


def test_independent_draws_give_the_known_values():
    draws = xr.DataArray([1, 2, 3, 6, 10], dims="n")
    known = [0.05, 0.0975, 0.142625, 0.264908, 0.401263]
    np.testing.assert_allclose(evaluate(urn.any_bad_independent, {"bad": 0.05, "draws": draws}), known, atol=5e-7)
    np.testing.assert_allclose(any_bad(0.05, draws, 0.0), known, atol=5e-7)


def test_agrees_with_drawing_one_by_one_at_every_scale():
    exact = np.array([drawn_one_by_one(*case) for case in GRID.T])
    np.testing.assert_allclose(any_bad(*GRID), exact, rtol=1e-8, atol=0)


def test_no_correlation_is_the_independent_urn_exactly():
    p, n, _ = GRID
    cases = {"bad": xr.DataArray(p, dims=CASE), "draws": xr.DataArray(n, dims=CASE)}
    np.testing.assert_allclose(any_bad(p, n, 0.0), evaluate(urn.any_bad_independent, cases), rtol=1e-12)


@pytest.mark.parametrize("n", [0.3, 1.5, 7.25, 120.5, 1e6])
@pytest.mark.parametrize("r", [0.05, 0.3, 0.8])
def test_real_numbers_of_draws_follow_the_beta_function(n, r):
    p = np.array([0.01, 0.2, 0.6, 0.95])
    a, b = p * (1 - r) / r, (1 - p) * (1 - r) / r
    exact = -np.expm1(betaln(a, b + n) - betaln(a, b))
    np.testing.assert_allclose(any_bad(p, n, r), exact, rtol=1e-9)


@pytest.mark.parametrize("r", [1 - 1e-9, 1.0])
def test_complete_shared_fate_makes_all_draws_one(r):
    p = np.array([0.0, 1e-6, 0.05, 0.5, 1.0])
    np.testing.assert_allclose(any_bad(p, 50.0, r), p, rtol=1e-7)
    np.testing.assert_allclose(any_bad(p, 0.0, r), 0.0, atol=0)


def test_edges_are_exact_with_finite_gradients():
    edges = [(p, n, r) for p in (0.0, 1.0) for n in (0.0, 0.5, 1.0, 3.0, 1e4) for r in (0.0, 1e-12, 0.3, 0.99, 1.0)]
    p, n, r = np.array(edges).T
    values, gradient = SLOPES(bad=p, draws=n, shared_fate=r)
    np.testing.assert_allclose(values, np.where(n > 0, p, 0.0), atol=1e-15)
    assert all(np.isfinite(slope).all() for slope in gradient.values())


def test_gradients_are_those_of_drawing_one_by_one():
    p, n, r = GRID[:, GRID[1] <= 100]
    values, gradient = SLOPES(bad=p, draws=n, shared_fate=r)
    rho = r / (1 - r)
    by_bad, by_shared = np.zeros_like(p), np.zeros_like(p)
    for j in range(100):
        counts_in = j < n
        by_bad += counts_in / (1 - p + j * rho)
        by_shared -= counts_in * j * p / ((1 - p + j * rho) * (1 + j * rho)) / (1 - r) ** 2
    # Near p = 1 slopes are sums of terms as large as 1 / (1 - p), which amplify rounding that much.
    rounding = 1e-9 + 1e-14 / (1 - p)
    for name, exact in (("bad", by_bad * (1 - values)), ("shared_fate", by_shared * (1 - values))):
        assert (abs(gradient[name] - exact) <= 1e-6 * abs(exact) + rounding).all()
    assert all(np.isfinite(slope).all() for slope in gradient.values())


@settings(deadline=None)  # the first example compiles
@given(probabilities, counts, counts, correlations)
def test_more_draws_never_lower_the_chance(p, n, more, r):
    fewer, all_of_them = any_bad(p, np.array([n, n + more]), r)
    assert 0 <= fewer <= all_of_them * (1 + 1e-9) + 1e-15
    assert all_of_them <= 1


@settings(deadline=None)  # the first example compiles
@given(probabilities, st.floats(1, 1e4), correlations, correlations)
def test_sharing_fate_never_raises_the_chance(p, n, r, other):
    apart, together = any_bad(p, n, np.array([min(r, other), max(r, other)]))
    # Below 1e-300 doubles run out of digits.
    assert together <= apart * (1 + 1e-9) + 1e-300
    assert together >= p * (1 - 1e-9) - 1e-300


@settings(deadline=None)  # the first example compiles
@given(probabilities, probabilities, counts, correlations)
def test_worse_draws_never_lower_the_chance(p, other, n, r):
    better, worse = any_bad(np.array([min(p, other), max(p, other)]), n, r)
    assert better <= worse * (1 + 1e-9) + 1e-15


def test_poisson_number_of_draws():
    result = evaluate(urn.any_bad_poisson, {"bad": 0.05, "mean_draws": xr.DataArray([0.0, 3.0], dims="n")})
    np.testing.assert_allclose(result, [0.0, 1 - math.exp(-0.15)], rtol=1e-14)


def test_log_survival_adds_over_urns():
    cases = {"bad": xr.DataArray([0.05, 1e-9, 0.4], dims=CASE), "draws": 3.0, "shared_fate": 0.2}
    kept = evaluate(urn.log_survival, cases)
    np.testing.assert_allclose(-np.expm1(kept), any_bad(np.array([0.05, 1e-9, 0.4]), 3.0, 0.2), rtol=1e-13)
    assert (kept < 0).all()


def test_an_urn_of_unknown_make_up_is_exchangeable_not_independent():
    a, b, size = 2.0, 18.0, 40_000
    make_up = np.random.default_rng(7).beta(a, b, size=size)
    for n in (2, 3, 6, 10):
        chances = any_bad(make_up, float(n), 0.0)
        error = chances.std() / math.sqrt(size)
        exact = 1 - math.prod((b + j) / (a + b + j) for j in range(n))
        naive = 1 - (1 - a / (a + b)) ** n
        assert abs(chances.mean() - exact) < 4 * error
        assert naive - chances.mean() > 4 * error
        # A known urn whose draws share fate is the same thing, its correlation being 1 / (a + b + 1).
        np.testing.assert_allclose(any_bad(a / (a + b), float(n), 1 / (a + b + 1)), exact, rtol=1e-9)


def test_the_sampler_draws_from_an_exchangeable_urn():
    a, b = 2.0, 18.0
    with pm.Model() as model:
        pmd.Beta("bad", a, b)
    tree = compile_model(model).sample(Settings(draws=2000, tune=500, chains=4, seed=3, target_accept=0.9))
    draws = xr.DataArray([2.0, 3.0, 6.0, 10.0], dims="n")
    bad = tree["posterior"].dataset["bad"]
    chances = evaluate(urn.any_bad_independent, {"bad": bad, "draws": draws}).transpose("chain", "draw", "n")
    error = az.mcse(chances.to_dataset(name="any"), method="mean")["any"].to_numpy()
    exact = np.array([1 - math.prod((b + j) / (a + b + j) for j in range(int(n))) for n in draws.to_numpy()])
    mean = chances.mean(("chain", "draw")).to_numpy()
    assert (abs(mean - exact) < 4 * error).all()
    # Draws that were independent, at the mean chance, would be found out where they are many.
    naive = 1 - (1 - a / (a + b)) ** draws.to_numpy()
    assert (naive - mean > 4 * error)[2:].all()


RUNS = 200_000


def simulated(p, n, r, rng):
    """Draw n systems one by one from Polya's urn, where each is like a random earlier one the more surely the more."""
    bad = np.zeros((n, RUNS), dtype=bool)
    for i in range(n):
        like_earlier = rng.random(RUNS) * (i + (1 - r) / r) < i
        earlier = rng.integers(0, max(i, 1), size=RUNS)
        bad[i] = np.where(like_earlier, bad[earlier, np.arange(RUNS)], rng.random(RUNS) < p)
    return bad


@pytest.mark.parametrize(("p", "n", "r"), [(0.05, 10, 0.3), (0.3, 4, 0.1), (0.02, 12, 0.7)])
def test_agrees_with_a_simulated_urn_and_misstatements_do_not(p, n, r):
    bad = simulated(p, n, r, np.random.default_rng(11))
    share = bad.any(axis=0).mean()
    error = math.sqrt(share * (1 - share) / RUNS)
    assert abs(any_bad(p, float(n), r) - share) < 4 * error
    assert abs(bad.mean() - p) < 0.01
    # Independent draws, and a correlation taken for the rho of the formula.
    for misstated in (any_bad(p, float(n), 0.0), any_bad(p, float(n), r / (1 + r))):
        assert abs(misstated - share) > 4 * error


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"bad": 1.1}, r"bad is 1.1: it must lie in \[0, 1\]"),
        ({"draws": -1}, "draws is -1: it must be at least 0"),
        ({"shared_fate": -0.1}, r"shared_fate is -0.1: it must lie in \[0, 1\]"),
        ({"shared_fate": math.nan}, "shared_fate is nan"),
    ],
)
def test_numbers_outside_their_range_are_refused(values, message):
    arguments = {"bad": 0.1, "draws": 2.0, "shared_fate": 0.2} | values
    with pytest.raises(ModelError, match=message):
        evaluate(urn.any_bad, arguments)
    with pytest.raises(ModelError, match=message):
        urn.any_bad(**arguments)


def test_a_negative_mean_number_of_draws_is_refused():
    with pytest.raises(ModelError, match="mean_draws is -2: it must be at least 0"):
        urn.any_bad_poisson(0.1, -2.0)


@pytest.mark.parametrize("draws", [1e-9, 1e-7, 1e-5])
@pytest.mark.parametrize("r", [0.01, 0.3, 0.9])
def test_a_small_part_of_a_draw_keeps_the_promised_accuracy(draws, r):
    p = np.array([0.01, 0.3, 0.9])
    rest, both = (1 - p) * (1 - r) / r, (1 - r) / r
    # The series of the log-gammas in n.
    log_safe = sum(
        draws**k / math.factorial(k) * (polygamma(k - 1, rest) - polygamma(k - 1, both)) for k in (1, 2, 3, 4, 5)
    )
    np.testing.assert_allclose(any_bad(p, draws, r), -np.expm1(log_safe), rtol=1e-9)


@pytest.mark.parametrize("shared_fate", [0, 0.3])
def test_endless_draws_are_refused(shared_fate):
    with pytest.raises(ModelError, match="draws is inf: it must be at least 0 and finite"):
        urn.any_bad(0.1, math.inf, shared_fate)
