from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackball.pools.linear import curves_of
from tests.pools.made import LEVELS, drawn

SEEDS = st.integers(0, 2**32 - 1)
WEIGHTS = st.lists(st.floats(0.01, 10), min_size=5, max_size=5)
LEVEL = np.array(LEVELS)
TWO = curves_of(np.array([[1.0, 2.0, 3.0], [5.0, 6.0, 7.0], [np.nan] * 3]), 0.0, 8.0, LEVEL)


def test_a_curve_goes_through_the_stated_quantiles():
    assert TWO.points.tolist() == [0, 1, 2, 3, 5, 6, 7, 8]
    first = [0, 0.05, 0.5, 0.95, 0.97, 0.98, 0.99, 1]
    assert TWO.heights[0] == pytest.approx(first)
    assert TWO.heights[1] == pytest.approx([0, 0.01, 0.02, 0.03, 0.05, 0.5, 0.95, 1])
    assert not TWO.heights[2].any()
    assert TWO.answered.tolist() == [True, True, False]


def test_a_pool_is_the_weighted_mean_of_the_curves():
    pooled = TWO.pool([3, 1, 100])
    assert pooled.cumulative[[1, 2, 3]] == pytest.approx([0.75 * 0.05 + 0.0025, 0.38, 0.75 * 0.95 + 0.0075])
    assert (pooled.cumulative[0], pooled.cumulative[-1]) == (0, 1)


@given(SEEDS, WEIGHTS, st.floats(1e-6, 1e6))
def test_the_scale_of_weights_does_not_matter(seed, weights, factor):
    [curves] = drawn(seed, questions=1).curves
    scaled = curves.pool(np.array(weights) * factor)
    assert scaled.cumulative == pytest.approx(curves.pool(weights).cumulative, abs=1e-12)


@given(SEEDS, WEIGHTS)
def test_a_pool_lies_between_the_curves_and_never_falls(seed, weights):
    [curves] = drawn(seed, questions=1).curves
    pooled = curves.pool(weights).cumulative
    assert np.all(pooled >= curves.heights.min(axis=0) - 1e-12)
    assert np.all(pooled <= curves.heights.max(axis=0) + 1e-12)
    assert np.all(np.diff(pooled) >= 0)


@given(SEEDS, WEIGHTS)
def test_experts_who_say_the_same_pool_to_what_they_say(seed, weights):
    own = drawn(seed, questions=1, experts=1)
    curves = curves_of(np.repeat(own.values[0], 5, axis=0), own.low[0], own.high[0], LEVEL)
    assert curves.pool(weights).quantile(LEVEL) == pytest.approx(own.values[0, 0], abs=1e-9)


@given(SEEDS)
def test_full_weight_on_one_expert_is_that_expert(seed):
    answers = drawn(seed, questions=1)
    assert answers.curves[0].pool([0, 0, 2, 0, 0]).quantile(LEVEL) == pytest.approx(answers.values[0, 2], abs=1e-9)


def test_two_camps_stay_two_camps():
    """Half of the probability lies with either, and little between them."""
    pooled = TWO.pool([1, 1, 1])
    assert pooled.density(2) > 20 * pooled.density(4)
    assert pooled.density(6) > 20 * pooled.density(4)


@pytest.mark.parametrize("weights", [[0, 0, 0], [0, 0, 1]])
def test_weights_of_nobody_who_answered_are_refused(weights):
    with pytest.raises(ValueError, match=r"^no expert with a weight has answered$"):
        TWO.pool(weights)
