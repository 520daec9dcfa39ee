"""Importance weights against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from blackball.inference.weights import Weights, resampled, smoothed
from tests.inference.mcse import mcse

CHAINS, DRAWS = 4, 1000


def normal(mean: float, sd: float, x: xr.DataArray) -> xr.DataArray:
    """Return the log density of a normal distribution, up to a constant."""
    density: xr.DataArray = -0.5 * ((x - mean) / sd) ** 2 - np.log(sd)
    return density


@pytest.fixture(scope="module")
def draws() -> xr.DataArray:
    values = np.random.default_rng(1).normal(size=(CHAINS, DRAWS))
    return xr.DataArray(values, dims=("chain", "draw"), coords={"chain": range(CHAINS), "draw": range(DRAWS)}, name="x")


def test_weighted_draws_are_those_of_the_other_distribution(draws: xr.DataArray) -> None:
    weights = smoothed(normal(0.5, 0.8, draws) - normal(0, 1, draws))
    assert weights.reliable
    other = resampled(draws.to_dataset(), weights)["x"]
    for moment, truth in ((other, 0.5), (other**2, 0.5**2 + 0.8**2)):
        assert abs(float(moment.mean()) - truth) < 4 * mcse(moment)
    assert abs(float(draws.mean()) - 0.5) > 10 * mcse(draws)  # unweighted they are not


def test_repeated_draws_count_once_in_the_error(draws: xr.DataArray) -> None:
    weights = smoothed(normal(1.0, 0.7, draws) - normal(0, 1, draws))
    other = resampled(draws.to_dataset(), weights)["x"]
    # The variance of a self-normalised importance-sampling mean, by the delta method.
    expected = float(np.sqrt((weights.each**2 * (draws - (draws * weights.each).sum()) ** 2).sum()))
    assert mcse(other) == pytest.approx(expected, rel=0.25)
    assert mcse(other) > 1.3 * float(other.std()) / np.sqrt(other.size)


def test_a_distribution_out_of_reach_is_told(draws: xr.DataArray) -> None:
    assert not smoothed(normal(0, 3, draws) - normal(0, 1, draws)).reliable
    assert not smoothed(normal(6, 1, draws) - normal(0, 1, draws)).reliable


def test_equal_weights_give_the_draws_themselves(draws: xr.DataArray) -> None:
    weights = smoothed(xr.full_like(draws, 3.0))
    assert weights.pareto_k == 0
    assert weights.effective == pytest.approx(draws.size)
    xr.testing.assert_identical(resampled(draws.to_dataset(), weights), draws.to_dataset())


def test_a_draw_is_taken_as_often_as_its_weight_says_and_in_order() -> None:
    x = xr.DataArray(np.arange(4.0).reshape(2, 2), dims=("chain", "draw"), name="x")
    weights = Weights(xr.DataArray([[0.5, 0.0], [0.25, 0.25]], dims=("chain", "draw")), 0.1)
    assert resampled(x.to_dataset(), weights)["x"].values.tolist() == [[0, 0], [2, 3]]


def test_no_number_is_not_reliable(draws: xr.DataArray) -> None:
    ratio = normal(0.5, 0.8, draws) - normal(0, 1, draws)
    assert not smoothed(ratio.where(draws < 2)).reliable
