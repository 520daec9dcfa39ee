from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit, logit

from blackball.pools import odds

STATED = arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 9)), elements=st.floats(-8, 8))
POOLS = [odds.mean, odds.median, odds.trimmed_mean, odds.geometric_mean]
FIVE = logit([[0.1, 0.2, 0.3, 0.4, 0.99]])


@pytest.mark.parametrize(
    ("pool", "chance"),
    [
        (odds.mean, 0.398),
        (odds.median, 0.3),
        (odds.trimmed_mean, 0.3),
        (odds.geometric_mean, expit(np.log([1 / 9, 1 / 4, 3 / 7, 2 / 3, 99]).mean())),
    ],
)
def test_by_hand(pool, chance):
    assert pool(FIVE) == pytest.approx([chance])


@pytest.mark.parametrize("pool", POOLS)
@given(STATED)
def test_a_pool_lies_between_the_least_and_the_most(pool, stated):
    chances = pool(stated)
    assert chances.shape == stated.shape[:1]
    assert np.all(chances >= expit(stated.min(axis=1)) - 1e-12)
    assert np.all(chances <= expit(stated.max(axis=1)) + 1e-12)


@pytest.mark.parametrize("pool", [*POOLS, odds.neyman_roughgarden])
@given(STATED)
def test_a_pool_of_the_opposite_is_the_opposite(pool, stated):
    assert pool(-stated) == pytest.approx(1 - pool(stated), abs=1e-12)


@pytest.mark.parametrize("pool", [*POOLS, odds.neyman_roughgarden])
@given(STATED)
def test_who_did_not_answer_does_not_count(pool, stated):
    more = np.concatenate([stated, np.full((len(stated), 3), np.nan)], axis=1)
    assert pool(more) == pytest.approx(pool(stated), abs=1e-12)


@pytest.mark.parametrize("pool", [odds.median, odds.trimmed_mean])
def test_one_wild_answer_does_not_matter(pool):
    wild = FIVE.copy()
    wild[0, 4] = 30
    assert pool(wild) == pytest.approx(pool(FIVE))
    assert odds.geometric_mean(wild)[0] > odds.geometric_mean(FIVE)[0] + 0.4


@given(STATED, st.floats(-5, 5))
def test_the_geometric_mean_is_externally_bayesian(stated, log_ratio):
    """Whether evidence comes before or after pooling does not matter: its likelihood ratio multiplies the odds."""
    assert logit(odds.geometric_mean(stated + log_ratio)) == pytest.approx(
        logit(odds.geometric_mean(stated)) + log_ratio, abs=1e-6
    )


def test_the_mean_is_not_externally_bayesian():
    assert abs(logit(odds.mean(FIVE + 3)) - logit(odds.mean(FIVE)) - 3) > 0.5


@given(STATED)
def test_without_a_factor_extremising_is_the_geometric_mean(stated):
    assert np.array_equal(odds.extremised(stated, 1), odds.geometric_mean(stated))


@given(STATED, st.floats(0.2, 4))
def test_a_factor_multiplies_the_log_odds(stated, factor):
    assert odds.extremised(stated, factor) == pytest.approx(expit(factor * stated.mean(axis=1)), abs=1e-12)


@pytest.mark.parametrize(("experts", "factor"), [(1, 1), (2, 1.2915026), (3, 1.4153394), (10, 1.6249525)])
def test_the_factor_of_neyman_and_roughgarden_follows_from_the_number_of_experts(experts, factor):
    assert logit(odds.neyman_roughgarden(np.ones((1, experts)))) == pytest.approx([factor], abs=1e-7)


def test_the_factor_counts_who_answered_that_event():
    stated = [[1.0, np.nan, np.nan], [1.0, 1.0, np.nan], [1.0, 1.0, 1.0]]
    assert logit(odds.neyman_roughgarden(stated)) == pytest.approx([1, 1.2915026, 1.4153394], abs=1e-7)


def test_the_factor_tends_to_the_root_of_three():
    assert logit(odds.neyman_roughgarden(np.ones((1, 10**5)))) == pytest.approx([3**0.5], abs=1e-4)
