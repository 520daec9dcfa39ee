from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from blackball.pools.calibration import bin_shares, calibration, hit_calibration, information, interval_of
from tests.pools.made import LEVELS, drawn, hitting

SEEDS = st.integers(0, 2**32 - 1)
FIVE = (0.05, 0.25, 0.5, 0.75, 0.95)


def scored(bins, size=None) -> float:
    answers = hitting(np.array(bins)[:, None], np.ones((len(bins), 1)))
    return calibration(answers.values[:, 0], answers.realisations, LEVELS, size)


def test_the_shares_of_the_intervals_are_what_lies_between_levels():
    assert bin_shares(LEVELS) == pytest.approx([0.05, 0.45, 0.45, 0.05])
    assert bin_shares(FIVE) == pytest.approx([0.05, 0.2, 0.25, 0.25, 0.2, 0.05])


def test_a_realisation_equal_to_a_quantile_falls_in_the_interval_below_it():
    assert interval_of([1.0, 2.0, 3.0], 2.0) == 1
    assert interval_of(np.tile([1.0, 2.0, 3.0], (6, 1)), [0, 1, 1.5, 3, math.nextafter(3, 4), 9]).tolist() == [
        *(0, 0, 1, 2, 3, 3)
    ]


def test_hits_in_just_the_stated_shares_are_perfect():
    assert scored([0] + [1] * 9 + [2] * 9 + [3]) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("counts", [(0, 5, 5, 0), (3, 2, 4, 1), (0, 0, 0, 10), (1, 9, 0, 0)])
def test_the_score_is_the_p_value_of_chi_square(counts):
    bins = np.repeat(range(4), counts)
    statistic = 2 * sum(n * math.log(n / 10 / p) for n, p in zip(counts, bin_shares(LEVELS), strict=True) if n)
    assert scored(bins) == pytest.approx(chi2.sf(statistic, df=3), rel=1e-10)


def test_as_many_degrees_of_freedom_as_levels():
    quantiles = np.tile([1.0, 2.0, 3.0, 4.0, 5.0], (4, 1))
    statistic = 2 * 4 * math.log(1 / 0.25)
    assert calibration(quantiles, [2.5] * 4, FIVE) == pytest.approx(chi2.sf(statistic, df=5), rel=1e-10)


def test_sample_size_matters():
    bins = [0, 0, 1, 2, 3, 3]
    assert scored(bins, 3) > scored(bins) > scored(bins * 2) > 0
    assert scored(bins * 2, 6) == pytest.approx(scored(bins), rel=1e-12)


def test_a_perfect_score_does_not_depend_on_sample_size():
    assert scored([0] + [1] * 9 + [2] * 9 + [3], 1000) == pytest.approx(1, abs=1e-12)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), st.integers(1, 30))
def test_of_quantiles_only_the_hits_count(bins, size):
    assert hit_calibration(bins, LEVELS) == scored(bins)
    assert hit_calibration(bins, LEVELS, size) == scored(bins, size)


def test_without_hits_there_is_no_calibration():
    assert math.isnan(hit_calibration([], LEVELS))


@given(SEEDS)
def test_calibration_is_a_probability_and_seeds_not_answered_do_not_count(seed):
    answers = drawn(seed, missing=0.5)
    values, truths = answers.values[:, 0], answers.realisations
    found = calibration(values, truths, LEVELS)
    given_ = answers.answered[:, 0]
    assert 0 <= found <= 1
    assert found == calibration(values[given_], truths[given_], LEVELS)


def test_who_answered_no_seed_has_no_calibration():
    assert math.isnan(calibration(np.full((3, 3), np.nan), np.zeros(3), LEVELS))


def test_a_question_that_is_no_seed_does_not_count():
    assert calibration([[1, 2, 3], [1, 2, 3]], [1.5, np.nan], LEVELS) == calibration([[1, 2, 3]], [1.5], LEVELS)


def test_the_uniform_answer_carries_no_information():
    assert information([1.5, 6.0, 10.5], 1.0, 11.0, LEVELS) == pytest.approx(0, abs=1e-12)


def test_information_by_hand():
    """Half of the range for the 90 % in the middle."""
    expected = 0.9 * math.log(0.9 / 0.5) + 0.1 * math.log(0.1 / 0.5)
    assert information([2.5, 5.0, 7.5], 0.0, 10.0, LEVELS) == pytest.approx(expected)


@given(SEEDS, st.floats(-50, 50), st.floats(0.01, 100))
def test_information_is_never_negative_and_has_no_unit(seed, shift, factor):
    answers = drawn(seed)
    low, high = (np.repeat(end[:, None], 5, axis=1) for end in (answers.low, answers.high))
    found = information(answers.values, low, high, LEVELS)
    assert found.shape == (7, 5)
    assert np.all(found >= -1e-12)
    moved = information(answers.values * factor + shift, low * factor + shift, high * factor + shift, LEVELS)
    assert moved == pytest.approx(found, rel=1e-3, abs=1e-6)


@given(SEEDS)
def test_surer_answers_carry_more_information(seed):
    answers = drawn(seed, questions=1, experts=1)
    low, high = answers.low[0], answers.high[0]
    middle = answers.values[0, 0, 1]
    surer = [middle + factor * (answers.values[0, 0] - middle) for factor in (0.3, 0.1, 0.01)]
    assert np.all(np.diff([information(one, low, high, LEVELS) for one in surer]) > 0)


def test_what_was_not_answered_has_no_information():
    assert math.isnan(information([np.nan] * 3, 0.0, 1.0, LEVELS))
