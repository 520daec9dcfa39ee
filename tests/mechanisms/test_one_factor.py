import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_ndtr, ndtri
from scipy.stats import norm

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, urn

from .slopes import slopes

SLOPES = slopes(urn.any_bad_unequal, bad=("project",), draws=("project",), shared_fate=())


def any_bad(p, n, r):
    arguments = {"bad": xr.DataArray(p, dims="project"), "draws": xr.DataArray(n, dims="project")}
    return float(evaluate(urn.any_bad_unequal, arguments | {"shared_fate": r}))


probabilities = st.lists(st.floats(0, 1), min_size=2, max_size=2)
counts = st.lists(st.floats(0, 1e4), min_size=2, max_size=2)
correlations = st.floats(0, 0.9)


def densely(p, n, r):
    z = np.linspace(-9, 9, 40_001)
    score = (ndtri(p)[:, None] - np.sqrt(r) * z) / np.sqrt(1 - r)
    chance = -np.expm1((n[:, None] * log_ndtr(-score)).sum(0))
    return np.trapezoid(chance * norm.pdf(z), z)


@pytest.mark.parametrize("r", [0.0, 1e-6, 0.1, 0.3, 0.6, 0.8, 0.9])
@pytest.mark.parametrize("scale", [1, 30, 3000])
@pytest.mark.parametrize("p", [(1e-6, 1e-4), (0.01, 0.05), (0.1, 0.9), (0.5, 0.5)])
def test_within_a_millionth_of_a_dense_integral(p, scale, r):
    p, n = np.array(p), scale * np.array([1.0, 2.5])
    assert abs(any_bad(p, n, r) - densely(p, n, r)) < 1e-6


def test_without_shared_fate_projects_are_independent():
    p, n = np.array([0.05, 0.2, 0.0]), np.array([3.0, 0.5, 7.0])
    assert any_bad(p, n, 0.0) == pytest.approx(1 - np.prod((1 - p) ** n), abs=1e-9)


def test_one_draw_of_one_project_is_that_draw():
    assert any_bad([0.07], [1.0], 0.5) == pytest.approx(0.07, abs=1e-8)


def test_falls_with_shared_fate_and_grows_with_draws():
    by_share = [any_bad([0.1, 0.05], [4.0, 2.0], r) for r in (0.0, 0.2, 0.4, 0.6, 0.8, 0.9)]
    by_draws = [any_bad([0.1, 0.05], [n, 2.0], 0.4) for n in (0.0, 1.0, 4.0, 40.0)]
    assert (np.diff(by_share) < 0).all()
    assert (np.diff(by_draws) > 0).all()


@pytest.mark.parametrize("r", [0.0, 0.5, 0.9, 1.0])
def test_edges_are_right_with_finite_gradients(r):
    for p, n, expected in [
        ([0.0, 0.0], [5.0, 1.0], 0),
        ([1.0, 0.2], [1.0, 1.0], 1),
        ([0.5, 1.0], [0.0, 0.0], 0),
    ]:
        value, gradient = SLOPES(bad=p, draws=n, shared_fate=r)
        assert value == pytest.approx(expected, abs=1e-9)
        assert all(np.isfinite(slope).all() for slope in gradient.values())


@pytest.mark.parametrize("r", [0.0, 0.3, 0.8])
def test_gradient_agrees_with_differences(r):
    p, n, step = np.array([0.1, 0.3]), np.array([2.0, 3.0]), 1e-5
    _, gradient = SLOPES(bad=p, draws=n, shared_fate=r)
    # One-sided at r = 0, where the second differences make up for the missing side.
    ahead = [any_bad(p, n, r + k * step) for k in range(3)]
    assert gradient["shared_fate"] == pytest.approx((4 * ahead[1] - ahead[2] - 3 * ahead[0]) / (2 * step), abs=1e-5)
    nudge = np.array([step, 0.0])
    up, down = any_bad(p + nudge, n, r), any_bad(p - nudge, n, r)
    assert gradient["bad"][0] == pytest.approx((up - down) / (2 * step), abs=1e-6)


@settings(deadline=None)  # the first example compiles
@given(probabilities, counts, st.floats(0, 1e4), correlations)
def test_more_draws_never_lower_the_chance(p, n, more, r):
    fewer, all_of_them = any_bad(p, n, r), any_bad(p, [n[0] + more, n[1]], r)
    assert 0 <= fewer <= all_of_them + 1e-12
    assert all_of_them <= 1 + 1e-12


@settings(deadline=None)  # the first example compiles
@given(probabilities, st.lists(st.floats(1, 1e4), min_size=2, max_size=2), correlations, correlations)
def test_sharing_fate_never_raises_the_chance(p, n, r, other):
    # From one draw a project on; 2e-6 is twice the promised accuracy.
    assert any_bad(p, n, max(r, other)) <= any_bad(p, n, min(r, other)) + 2e-6
    assert any_bad(p, n, r) >= max(p) - 1e-6


RUNS = 100_000


def simulated(p, n, r, rng):
    """Share of runs with a draw whose score, of the common fate and its own luck, falls below its threshold."""
    fate = rng.normal(size=RUNS)
    found = np.zeros(RUNS, dtype=bool)
    for chance, draws in zip(p, n, strict=True):
        for _ in range(draws):
            score = np.sqrt(r) * fate + np.sqrt(1 - r) * rng.normal(size=RUNS)
            found |= score < ndtri(chance)
    return found.mean()


@pytest.mark.parametrize(("p", "n", "r"), [([0.05, 0.2], [6, 2], 0.4), ([0.1, 0.02, 0.3], [3, 5, 1], 0.8)])
def test_agrees_with_simulated_projects_and_misstatements_do_not(p, n, r):
    share = simulated(p, n, r, np.random.default_rng(3))
    error = np.sqrt(share * (1 - share) / RUNS)
    assert abs(any_bad(p, n, r) - share) < 4 * error
    # Independent projects, and a loading on the common fate taken for its square, the correlation.
    for misstated in (any_bad(p, n, 0.0), any_bad(p, n, r**2)):
        assert abs(misstated - share) > 4 * error


@pytest.mark.parametrize(
    ("p", "n", "r", "message"),
    [
        ([0.1, -0.2], [1.0, 1.0], 0.5, r"bad is -0.2: it must lie in \[0, 1\]"),
        ([0.1, 0.2], [1.0, -1.0], 0.5, "draws is -1: it must be at least 0"),
        ([0.1, 0.2], [1.0, 1.0], 1.5, r"shared_fate is 1.5: it must lie in \[0, 1\]"),
    ],
)
def test_numbers_outside_their_range_are_refused(p, n, r, message):
    with pytest.raises(ModelError, match=message):
        any_bad(p, n, r)


def test_projects_without_their_dim_are_refused():
    with pytest.raises(ModelError, match=r"bad \(times draws\) has no dim 'project'; it has: none"):
        urn.any_bad_unequal(0.1, 2.0, 0.3)
