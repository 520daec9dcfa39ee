from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import logit
from scipy.stats import beta

from blackball.pools import odds
from blackball.pools.beta_linear import beta_transformed, learn_shape

STATED = arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(-40, 40))
SHAPES = st.floats(0.02, 50)


@given(STATED)
def test_with_shape_one_the_mean_stays_as_it_is(stated):
    assert beta_transformed(stated, 1) == pytest.approx(odds.mean(stated), abs=1e-12)


@pytest.mark.parametrize("shape", [0.5, 2.0, 7.0])
def test_the_mean_goes_through_the_distribution_function_of_a_beta(shape):
    stated = logit([[0.1, 0.3], [0.6, 0.9]])
    assert beta_transformed(stated, shape) == pytest.approx(beta.cdf([0.2, 0.75], shape, shape))


@pytest.mark.parametrize(("shape", "further"), [(3.0, True), (0.3, False)])
def test_a_larger_shape_is_more_extreme_and_a_half_stays(shape, further):
    low, half, high = beta_transformed(logit([[0.2], [0.5], [0.8]]), shape)
    assert half == pytest.approx(0.5)
    assert low == pytest.approx(1 - high)
    assert (high > 0.8) == further


def test_cautious_forecasts_of_what_came_are_made_more_extreme():
    stated = logit(np.tile([[0.6, 0.7], [0.4, 0.3]], (20, 1)))
    assert learn_shape(stated, np.tile([1, 0], 20)) > 1.5


def test_rash_forecasts_are_made_less_extreme():
    stated = logit(np.tile([[0.99], [0.01]], (20, 1)))
    assert learn_shape(stated, np.tile([1, 0, 0, 1], 10)) < 0.7


def test_forecasts_that_were_right_are_left_about_as_they_are():
    chances = np.repeat([0.1, 0.3, 0.7, 0.9], 100)
    happened = np.concatenate([np.arange(100) < 100 * chance for chance in (0.1, 0.3, 0.7, 0.9)])
    assert learn_shape(logit(chances)[:, None], happened) == pytest.approx(1, abs=0.1)


def test_without_events_nothing_is_learned():
    assert learn_shape(np.zeros((0, 3)), np.zeros(0)) == 1


def test_events_that_all_went_the_likely_way_do_not_make_chances_certain():
    stated = np.full((50, 2), logit(0.9))
    shape = learn_shape(stated, np.ones(50))
    assert 1 < shape < 10
    assert 0.9 < beta_transformed(stated, shape)[0] < 1


@given(STATED, st.integers(0, 2**32 - 1))
def test_a_shape_is_always_found_even_where_the_impossible_happened(stated, seed):
    outcomes = np.random.default_rng(seed).integers(0, 2, len(stated))
    assert math.exp(-4) <= learn_shape(stated, outcomes) <= math.exp(4)


def test_a_chance_too_small_for_a_number_counts_finitely():
    assert math.exp(-4) <= learn_shape([[-700.0], [0.1]], [1, 1]) < 1


@given(STATED, st.integers(0, 2**32 - 1))
def test_naming_the_opposite_event_changes_nothing(stated, seed):
    outcomes = np.random.default_rng(seed).integers(0, 2, len(stated))
    assert learn_shape(-stated, 1 - outcomes) == pytest.approx(learn_shape(stated, outcomes), rel=1e-6)


def test_the_shape_is_that_of_the_best_loss():
    stated, outcomes = logit([[0.6], [0.7], [0.35], [0.2]]), np.array([1, 1, 0, 1])
    found = math.log(learn_shape(stated, outcomes))

    def loss(log_shape):
        chance = beta_transformed(stated, math.exp(log_shape))
        return log_shape**2 / 2 - np.log(np.where(outcomes == 1, chance, 1 - chance)).sum()

    grid = np.linspace(-4, 4, 8001)
    assert found == pytest.approx(grid[np.argmin([loss(x) for x in grid])], abs=2e-3)


@given(STATED, SHAPES)
def test_a_transformed_chance_is_a_chance_on_the_same_side_of_a_half(stated, shape):
    chances, means = beta_transformed(stated, shape), odds.mean(stated)
    assert np.all((chances >= 0) & (chances <= 1))
    assert np.all((chances - 0.5) * (means - 0.5) >= -1e-12)
