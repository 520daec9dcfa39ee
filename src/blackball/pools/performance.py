"""Performance weights of Cooke's classical model: calibration times information, with a cut-off that is optimised.

Cooke, R. M. (1991). Experts in Uncertainty. Oxford University Press. Colson, A. R., & Cooke, R. M. (2017). Cross
validation for the classical model of structured expert judgment. Reliability Engineering & System Safety, 163,
109-120. https://doi.org/10.1016/j.ress.2017.02.003
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.errors import InputError, Problem
from blackball.pools.calibration import calibration, information

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from blackball.pools.answers import Answers

    Floats = NDArray[np.float64]

__all__ = ["calibrations", "global_weights", "informations", "item_weights"]


def calibrations(answers: Answers, seeds: ArrayLike) -> Floats:
    """Return each expert's calibration on the seeds, all at the same sample size.

    The size is the smallest number of the panel's seeds that any expert answered, or the number of `seeds` if that
    is smaller.

    Parameters
    ----------
    answers : Answers
    seeds : array_like of int
        Positions of the seed questions that count.

    Returns
    -------
    ndarray of float, shape (experts,)
        NaN for an expert who answered none of them.

    Raises
    ------
    InputError
        If there are no seeds, an expert answered none of the panel's, or answers state different levels.
    """
    chosen, size = _checked(answers, seeds)
    values, truth = answers.values[chosen], answers.realisations[chosen]
    return np.array([calibration(values[:, e], truth, answers.levels, size) for e in range(len(answers.experts))])


def informations(answers: Answers) -> Floats:
    """Return how informative each answer is, shape (questions, experts), in nats; NaN where there is none."""
    shape = answers.values.shape[:2]
    low, high = (np.broadcast_to(end[:, None], shape) for end in (answers.low, answers.high))
    return information(answers.values, low, high, answers.levels)


def global_weights(answers: Answers, seeds: ArrayLike) -> Floats:
    """Return performance weights that are the same on every question: calibration times mean information.

    Parameters
    ----------
    answers : Answers
    seeds : array_like of int
        Positions of the seed questions that count.

    Returns
    -------
    ndarray of float, shape (questions, experts)
        0 for experts whose calibration lies below the cut-off, which is the one whose pool has the best product of
        calibration and information on the seeds.

    Raises
    ------
    InputError
        As `calibrations`.
    """
    inform = informations(answers)
    chosen, _ = _checked(answers, seeds)
    # An expert who answered none of them has no calibration either, and so no weight.
    mean = np.nansum(inform[chosen], axis=0) / np.maximum(answers.answered[chosen].sum(axis=0), 1)
    return _optimised(answers, seeds, np.broadcast_to(mean, inform.shape))


def item_weights(answers: Answers, seeds: ArrayLike) -> Floats:
    """Return performance weights that differ by question: calibration times the information of that answer.

    Parameters, result and errors as for `global_weights`.
    """
    return _optimised(answers, seeds, informations(answers))


def _optimised(answers: Answers, seeds: ArrayLike, inform: Floats) -> Floats:
    calibrated = np.nan_to_num(calibrations(answers, seeds))
    weights = calibrated * np.nan_to_num(inform)
    best, found = 0.0, np.zeros_like(weights)
    level = _without_rounding_errors(calibrated)
    for cut in np.unique(level[level > 0]):
        kept = np.where(level >= cut, weights, 0.0)
        reached = _combined(answers, seeds, kept)
        if reached > best:
            best, found = reached, kept
    if not best > 0:
        rule = "no expert is calibrated at all on these seeds: performance weights are undefined"
        raise InputError([Problem(answers.panel, rule)])
    return found


def _without_rounding_errors(calibrated: Floats) -> Floats:
    """Return calibrations to twelve digits, so that experts with mirrored counts of hits tie and are cut together.

    Where the last bit decides instead, the pool depends on the order in which a sum was taken.
    """
    return np.array([float(f"{score:.12g}") for score in calibrated])


def _combined(answers: Answers, seeds: ArrayLike, weights: Floats) -> float:
    """Return calibration times information of the pool with these weights; 0 where a seed has no weighted answer."""
    chosen, size = _checked(answers, seeds)
    if not (weights[chosen] * answers.answered[chosen]).sum(axis=1).all():
        return 0.0
    pooled = np.array([answers.curves[seed].pool(weights[seed]).quantile(answers.levels) for seed in chosen])
    calibrated = calibration(pooled, answers.realisations[chosen], answers.levels, size)
    return calibrated * float(information(pooled, answers.low[chosen], answers.high[chosen], answers.levels).mean())


def _checked(answers: Answers, seeds: ArrayLike) -> tuple[NDArray[np.int64], int]:
    chosen = np.asarray(seeds, dtype=int)
    if not chosen.size:
        raise InputError([Problem(answers.panel, "no seed question is left to learn performance weights from")])
    if not answers.common:
        rule = "answers state different levels: calibration needs the same levels of everybody"
        raise InputError([Problem(answers.panel, rule)])
    each = answers.answered[answers.seeds].sum(axis=0)
    if not each.all():
        nobody = answers.experts[int(np.argmin(each))]
        raise InputError([Problem(answers.panel, "answered no seed question", column="expert", value=nobody)])
    return chosen, min(int(each.min()), chosen.size)
