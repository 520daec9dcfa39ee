from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from blackball.errors import InputError
from blackball.pools.calibration import calibration, information
from blackball.pools.performance import calibrations, global_weights, informations, item_weights
from tests.pools.made import LEVELS, answers_from, drawn, hitting

SEEDS = st.integers(0, 2**32 - 1)
BOTH = pytest.mark.parametrize("weights", [global_weights, item_weights])
MIRRORED = np.array([[0, 1, 1, 1, 2, 2], [3, 2, 2, 2, 1, 1], [0, 0, 0, 0, 3, 3]]).T
"""Bins of two experts who are off to either side alike, and of one who is poor."""


def all_of(answers) -> np.ndarray:
    return np.arange(len(answers.questions))


def test_each_expert_is_scored_at_the_smallest_number_of_seeds_that_anyone_answered():
    answers = drawn(3, questions=8)
    answers.values[:3, 1] = np.nan
    found = calibrations(answers, all_of(answers))
    assert found == pytest.approx(
        [calibration(answers.values[:, e], answers.realisations, LEVELS, size=5) for e in range(5)]
    )
    assert found[0] != pytest.approx(calibration(answers.values[:, 0], answers.realisations, LEVELS))


def test_fewer_seeds_to_learn_from_are_a_smaller_sample():
    answers = drawn(3, questions=8)
    expected = calibration(answers.values[:4, 2], answers.realisations[:4], LEVELS, size=4)
    assert calibrations(answers, range(4))[2] == pytest.approx(expected)


def test_the_size_is_that_of_all_seeds_whatever_is_learned_from():
    """An expert who answered few seeds makes all experts count as few, also where only others are left out."""
    answers = drawn(3, questions=8)
    answers.values[2:, 1] = np.nan
    expected = calibration(answers.values[:7, 0], answers.realisations[:7], LEVELS, size=2)
    assert calibrations(answers, range(7))[0] == pytest.approx(expected)


def test_information_is_that_of_each_answer_on_the_intrinsic_range():
    answers = drawn(4, missing=0.4)
    found = informations(answers)
    assert np.array_equal(np.isnan(found), ~answers.answered)
    first = information(answers.values[0, 2], answers.low[0], answers.high[0], LEVELS)
    assert found[0, 2] == pytest.approx(first)


def test_global_weights_are_calibration_times_mean_information():
    answers = drawn(5)
    weights, seeds = global_weights(answers, range(5)), np.arange(5)
    kept = weights[0] > 0
    expected = calibrations(answers, seeds) * informations(answers)[seeds].mean(axis=0)
    assert kept.any()
    assert weights == pytest.approx(np.tile(np.where(kept, expected, 0), (7, 1)))


def test_item_weights_are_calibration_times_the_information_of_that_answer():
    answers = drawn(5)
    weights = item_weights(answers, range(5))
    kept = weights[0] > 0
    assert kept.any()
    assert weights == pytest.approx(np.where(kept, calibrations(answers, range(5)) * informations(answers), 0))


@BOTH
@given(SEEDS)
def test_who_is_kept_is_calibrated_as_well_as_anybody_left_out_or_better(weights, seed):
    answers = drawn(seed)
    kept = weights(answers, all_of(answers))[0] > 0
    calibrated = calibrations(answers, all_of(answers))
    assert calibrated[kept].min() > calibrated[~kept].max(initial=0)


def by_brute_force(answers, inform: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the best product of calibration and information over all cut-offs, and who is kept there."""
    n, levels, shares = len(answers.questions), answers.levels, np.diff([0, *answers.levels, 1])
    calibrated = calibrations(answers, range(n))
    reached = {}
    for cut in calibrated:
        kept = calibrated >= cut * (1 - 1e-9)
        counts, nats = np.zeros(len(shares)), 0.0
        for q in range(n):
            low, high = answers.low[q], answers.high[q]
            grid = np.unique(np.concatenate([answers.values[q].ravel(), [low, high]]))
            curves = [np.interp(grid, [low, *own, high], [0, *levels, 1]) for own in answers.values[q]]
            pooled = np.interp(levels, np.average(curves, axis=0, weights=kept * calibrated * inform[q]), grid)
            counts[(answers.realisations[q] > pooled).sum()] += 1
            nats += (shares * np.log(shares * (high - low) / np.diff([low, *pooled, high]))).sum() / n
        divergence = sum(c / n * np.log(c / n / p) for c, p in zip(counts, shares, strict=True) if c)
        reached[tuple(kept)] = chi2.sf(2 * n * divergence, len(levels)) * nats
    best = max(reached, key=reached.__getitem__)
    return reached[best], np.array(best)


@pytest.mark.parametrize("seed", range(12))
def test_the_cut_off_is_the_best_of_all(seed):
    answers = drawn(seed)
    inform = informations(answers)
    for weights, shown in (
        (global_weights, np.tile(inform.mean(axis=0), (len(inform), 1))),
        (item_weights, inform),
    ):
        found = weights(answers, all_of(answers))
        best, kept = by_brute_force(answers, shown)
        assert best > 0
        assert np.array_equal(found[0] > 0, kept)


def test_cut_offs_of_the_test_above_do_cut():
    kept = [(global_weights(drawn(seed), range(7))[0] > 0).sum() for seed in range(12)]
    assert 1 in kept
    assert max(kept) > 2


@BOTH
@given(SEEDS, st.permutations(range(5)))
def test_the_order_of_experts_does_not_matter(weights, seed, order):
    answers = drawn(seed)
    swapped = answers_from(answers.values[:, order], answers.realisations)
    assert weights(swapped, range(7)) == pytest.approx(weights(answers, range(7))[:, order], rel=1e-9)


@BOTH
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)])
def test_experts_with_mirrored_hits_tie_and_are_kept_or_cut_together(weights, order):
    answers = hitting(MIRRORED[:, order], np.tile([1.0, 3.0, 1.0], (6, 1))[:, order])
    kept = dict(zip(order, weights(answers, range(6))[0] > 0, strict=True))
    assert kept == {0: True, 1: True, 2: False}


@BOTH
def test_a_tie_to_the_last_bit_is_no_matter_of_luck(weights, monkeypatch):
    """One cut-off is tried for two experts whose calibrations differ by a rounding error alone."""
    answers = drawn(6)
    tied = np.array([0.3, 0.3 * (1 - 1e-15), 0.1, 0.05, 0.02])
    monkeypatch.setattr("blackball.pools.performance.calibrations", lambda *_: tied)
    kept = weights(answers, range(7))[0] > 0
    assert kept[0]
    assert kept[1]


@BOTH
def test_who_did_not_answer_what_is_learned_from_has_no_weight(weights):
    answers = drawn(7)
    answers.values[:6, 3] = np.nan
    found = weights(answers, range(6))
    assert np.isnan(calibrations(answers, range(6))[3])
    assert not found[:, 3].any()
    assert found.any()


@BOTH
@given(SEEDS)
def test_missing_answers_make_no_weight_that_is_not_a_number(weights, seed):
    answers = drawn(seed, missing=0.4)
    found = weights(answers, range(7))
    assert np.all(found >= 0)
    assert np.isfinite(found).all()


def refusal(weights, answers, seeds) -> str:
    with pytest.raises(InputError) as caught:
        weights(answers, seeds)
    return str(caught.value)


@BOTH
def test_without_seeds_there_is_nothing_to_learn_from(weights):
    message = "made: no seed question is left to learn performance weights from"
    assert refusal(weights, drawn(1), []) == message


@BOTH
def test_an_expert_who_answered_no_seed_is_named(weights):
    answers = drawn(1)
    answers.values[:, 2] = np.nan
    assert refusal(weights, answers, range(7)) == "made, expert has 'e2': answered no seed question"


@BOTH
def test_an_answer_that_lacks_a_level_is_refused_by_name(weights):
    answers = drawn(1)
    answers.whole[3, 2] = False
    rule = "does not state all of the levels 0.05, 0.5, 0.95: calibration needs the same levels of everybody"
    assert refusal(weights, answers, range(7)) == f"made, q3: e2 {rule}"
    others = [0, 1, 2, 4, 5, 6]
    assert (weights(answers, others) == weights(drawn(1), others)).all()


def test_answers_that_lack_a_level_or_are_none_do_not_count_for_calibration():
    answers, fewer = drawn(1), drawn(1)
    answers.whole[3, 2] = False
    fewer.values[3, 2] = np.nan
    assert (calibrations(answers, range(7)) == calibrations(fewer, range(7))).all()
    fewer.values[:, 2] = np.nan
    silent = calibrations(fewer, range(7))
    assert np.isnan(silent).tolist() == [False, False, True, False, False]
    assert silent[0] == calibrations(drawn(1), range(7))[0]


@BOTH
def test_weights_of_nobody_are_refused(weights):
    """So many surprises that the p-value is 0."""
    answers = hitting(np.full((400, 2), 3), np.ones((400, 2)))
    message = "made: no expert is calibrated at all on these seeds: performance weights are undefined"
    assert calibrations(answers, range(400)).tolist() == [0, 0]
    assert refusal(weights, answers, range(400)) == message
