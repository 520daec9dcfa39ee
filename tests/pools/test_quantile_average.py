from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackball.pools.quantile_average import quantile_mean, quantile_median, quantile_trimmed_mean, through
from tests.pools.made import answers_from, drawn

SEEDS = st.integers(0, 2**32 - 1)
AVERAGES = [quantile_mean, quantile_median, quantile_trimmed_mean]
MIDDLES = np.array([1.0, 2.0, 4.0, 5.0, 1000.0])
ONE_WILD = answers_from(MIDDLES[None, :, None] + np.array([-0.5, 0.0, 0.5]), [3.0])


@pytest.mark.parametrize(("average", "middle"), list(zip(AVERAGES, [202.4, 4, 11 / 3], strict=True)))
def test_the_middle_by_hand(average, middle):
    assert average(ONE_WILD, 0).quantile([0.05, 0.5, 0.95]) == pytest.approx([middle - 0.5, middle, middle + 0.5])


@pytest.mark.parametrize("average", [quantile_median, quantile_trimmed_mean])
def test_one_wild_answer_does_not_matter(average):
    wilder = answers_from(np.where(ONE_WILD.values > 900, ONE_WILD.values * 50, ONE_WILD.values), [3.0])
    levels = ONE_WILD.levels
    assert average(wilder, 0).quantile(levels) == pytest.approx(average(ONE_WILD, 0).quantile(levels))
    assert quantile_mean(wilder, 0).quantile(0.5) > 40 * quantile_mean(ONE_WILD, 0).quantile(0.5)


@pytest.mark.parametrize("average", AVERAGES)
@given(SEEDS)
def test_an_average_lies_between_the_least_and_the_most_that_was_stated(average, seed):
    answers = drawn(seed, missing=0.3)
    for question in range(len(answers.questions)):
        if answers.answered[question].any():
            stated = answers.values[question][answers.answered[question]]
            found = average(answers, question).quantile(answers.levels)
            assert np.all(found >= stated.min(axis=0) - 1e-9)
            assert np.all(found <= stated.max(axis=0) + 1e-9)


@pytest.mark.parametrize("average", AVERAGES)
@given(SEEDS)
def test_who_did_not_answer_does_not_count(average, seed):
    answers = drawn(seed, questions=1)
    absent = np.concatenate([answers.values, np.full((1, 3, 3), np.nan)], axis=1)
    more = answers_from(absent, answers.realisations)
    assert np.array_equal(average(more, 0).points, average(answers, 0).points)


@pytest.mark.parametrize("average", AVERAGES)
@given(SEEDS)
def test_the_average_of_one_is_what_that_one_said(average, seed):
    answers = drawn(seed, experts=1)
    assert average(answers, 0).quantile(answers.levels) == pytest.approx(answers.values[0, 0], abs=1e-12)


def test_a_distribution_through_quantiles_ends_with_the_intrinsic_range():
    predicted = through(ONE_WILD, 0, np.array([1.0, 2.0, 3.0]))
    assert predicted.points.tolist() == [ONE_WILD.low[0], 1, 2, 3, ONE_WILD.high[0]]
    assert predicted.cumulative.tolist() == [0, 0.05, 0.5, 0.95, 1]
