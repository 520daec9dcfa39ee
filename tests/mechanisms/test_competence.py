import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from blackball.errors import ModelError
from blackball.mechanisms import evaluate
from blackball.mechanisms.competence import shifted_positive, shifted_probability, shifted_real

from .slopes import slopes

CASES = ("case",)
SLOPES = slopes(shifted_probability, probability=CASES, loading=CASES, competence=CASES)
POSITIVE_SLOPES = slopes(shifted_positive, value=CASES, loading=CASES, competence=CASES)
shares = st.floats(0, 1)
scores = st.floats(-6, 6)
loadings = st.floats(-3, 3)


def shifted(probability, loading, competence):
    arguments = {"probability": probability, "loading": loading, "competence": competence}
    return float(evaluate(shifted_probability, arguments))


def test_a_standard_deviation_moves_the_log_odds_by_the_loading():
    assert logit(shifted(0.3, 0.4, 1.0)) - logit(0.3) == pytest.approx(0.4)
    assert logit(shifted(0.3, 0.4, -2.0)) - logit(0.3) == pytest.approx(-0.8)
    assert float(evaluate(shifted_positive, {"value": 2.0, "loading": -0.5, "competence": 2.0})) == pytest.approx(
        2 * np.exp(-1)
    )
    assert float(evaluate(shifted_real, {"value": 2.0, "loading": -0.5, "competence": 2.0})) == pytest.approx(1)


@settings(deadline=None)
@given(shares, loadings, scores)
def test_no_loading_and_no_score_change_nothing(p, loading, competence):
    assert shifted(p, 0.0, competence) == p
    assert shifted(p, loading, 0.0) == p


@settings(deadline=None)
@given(shares, loadings, scores, scores)
def test_a_better_government_is_better_where_the_loading_says_so(p, loading, one, other):
    low, high = (shifted(p, loading, c) for c in sorted((one, other)))
    assert 0 <= low <= 1
    assert (high - low) * np.sign(loading) >= -1e-12


@pytest.mark.parametrize("edge", [0.0, 1.0])
@pytest.mark.parametrize("competence", [-1e6, -3.0, 0.0, 3.0, 1e6])
def test_no_competence_moves_certainty(edge, competence):
    assert shifted(edge, 0.7, competence) == edge


def test_gradients_are_finite_at_edges_and_those_of_differences_inside():
    p, c = (grid.ravel() for grid in np.meshgrid([0.0, 1e-300, 0.5, 1.0], [-1e4, -3.0, 0.0, 3.0, 1e4]))
    value, gradient = SLOPES(probability=p, loading=np.ones_like(p), competence=c)
    assert ((value >= 0) & (value <= 1)).all()
    assert all(np.isfinite(slope).all() for slope in gradient.values())
    at = {"loading": np.array([0.4, -1.0, 0.0]), "competence": np.array([1.0, 0.5, 2.0])}
    for compute, name in ((SLOPES, "probability"), (POSITIVE_SLOPES, "value")):
        inside = at | {name: np.array([0.2, 0.5, 0.9])}
        _, gradient = compute(**inside)
        for moved in inside:
            up, down = (compute(**(inside | {moved: inside[moved] + step}))[0] for step in (1e-6, -1e-6))
            assert gradient[moved] == pytest.approx((up - down) / 2e-6, abs=1e-8)


def test_regimes_correlate_through_their_government():
    """Against a simulation of regimes that each also differ for reasons of their own."""
    rng, draws, spread = np.random.default_rng(4), 40_000, 0.3
    government, own = rng.standard_normal(draws), rng.normal(scale=spread, size=(2, draws))
    loading = xr.DataArray([0.5, 0.8], dims="regime")
    base = xr.DataArray(expit(-1 + own), dims=("regime", "draw"))
    score = xr.DataArray(government, dims="draw")
    moved = evaluate(shifted_probability, {"probability": base, "loading": loading, "competence": score})
    expected = 0.5 * 0.8 / np.sqrt((0.5**2 + spread**2) * (0.8**2 + spread**2))
    found = np.corrcoef(logit(moved.transpose("regime", "draw").values))[0, 1]
    assert found == pytest.approx(expected, abs=4 / np.sqrt(draws))
    # Negative control: governments of their own, as good on average, leave the regimes independent.
    apart = xr.DataArray(rng.standard_normal((2, draws)), dims=("regime", "draw"))
    alone = evaluate(shifted_probability, {"probability": base, "loading": loading, "competence": apart})
    assert abs(np.corrcoef(logit(alone.transpose("regime", "draw").values))[0, 1]) < 4 / np.sqrt(draws)


@pytest.mark.parametrize(
    ("mechanism", "value", "says"),
    [
        (shifted_probability, 1.5, r"probability is 1\.5: it must lie in \[0, 1\]"),
        (shifted_positive, 0.0, r"value is 0: it must be above 0"),
    ],
)
def test_a_number_outside_its_range_is_refused(mechanism, value, says):
    with pytest.raises(ModelError, match=says):
        mechanism(value, 0.5, 1.0)


@pytest.mark.parametrize("mechanism", [shifted_probability, shifted_positive, shifted_real])
def test_arrays_that_disagree_are_refused(mechanism):
    with pytest.raises(ModelError, match="dim 'regime' has length 2 in one and 3 in the other"):
        mechanism(xr.DataArray([0.1, 0.2], dims="regime"), xr.DataArray([0.1] * 3, dims="regime"), 1.0)


@pytest.mark.parametrize("mechanism", [shifted_positive, shifted_probability, shifted_real])
def test_a_score_that_is_no_number_is_refused(mechanism):
    with pytest.raises(ModelError, match="loading is nan: it must be finite"):
        mechanism(0.5, np.nan, 1.0)
    with pytest.raises(ModelError, match="competence is -inf: it must be finite"):
        mechanism(0.5, 1.0, -np.inf)
