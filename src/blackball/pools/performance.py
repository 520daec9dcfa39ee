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

    The size is the smallest number of the panel's seeds that any expert answered who answered one, or the number of
    `seeds` if that is smaller. Answers that do not state all levels do not count.

    Parameters
    ----------
    answers : Answers
    seeds : array_like of int
        Positions of the seed questions that count.

    Returns
    -------
    ndarray of float, shape (experts,)
        NaN for an expert who answered none of them.
    """
    chosen = np.asarray(seeds, dtype=int)
    values = np.where(answers.whole[chosen][..., None], answers.values[chosen], np.nan)
    truth, size = answers.realisations[chosen], _size(answers, chosen)
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
        If there are no seeds, an expert answered none of the panel's, answers state different levels, or nobody is
        calibrated at all.
    """
    inform, chosen = informations(answers), np.asarray(seeds, dtype=int)
    # An expert who answered none of them has no calibration either, and so no weight.
    mean = np.nansum(inform[chosen], axis=0) / np.maximum(answers.answered[chosen].sum(axis=0), 1)
    return _optimised(answers, seeds, np.broadcast_to(mean, inform.shape))


def item_weights(answers: Answers, seeds: ArrayLike) -> Floats:
    """Return performance weights that differ by question: calibration times the information of that answer.

    Parameters, result and errors as for `global_weights`.
    """
    return _optimised(answers, seeds, informations(answers))


def _optimised(answers: Answers, seeds: ArrayLike, inform: Floats) -> Floats:
    chosen = _checked(answers, seeds)
    calibrated = np.nan_to_num(calibrations(answers, chosen))
    weights = calibrated * np.nan_to_num(inform)
    best, found = 0.0, np.zeros_like(weights)
    level = _without_rounding_errors(calibrated)
    for cut in np.unique(level[level > 0]):
        kept = np.where(level >= cut, weights, 0.0)
        reached = _combined(answers, chosen, kept)
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


def _combined(answers: Answers, chosen: NDArray[np.int64], weights: Floats) -> float:
    """Return calibration times information of the pool with these weights; 0 where a seed has no weighted answer."""
    if not (weights[chosen] * answers.answered[chosen]).sum(axis=1).all():
        return 0.0
    pooled = np.array([answers.curves[seed].pool(weights[seed]).quantile(answers.levels) for seed in chosen])
    calibrated = calibration(pooled, answers.realisations[chosen], answers.levels, _size(answers, chosen))
    return calibrated * float(information(pooled, answers.low[chosen], answers.high[chosen], answers.levels).mean())


def _size(answers: Answers, chosen: NDArray[np.int64]) -> int | None:
    """Return the sample size at which experts are compared; None if nobody answered a seed."""
    each = (answers.answered & answers.whole)[answers.seeds].sum(axis=0)
    return min(int(each[each > 0].min()), chosen.size) if each.any() else None


def _checked(answers: Answers, seeds: ArrayLike) -> NDArray[np.int64]:
    """Return the positions of seeds from which performance weights can be learned.

    Raises
    ------
    InputError
        If there are none, an expert answered none of the panel's, or answers state different levels.
    """
    chosen = np.asarray(seeds, dtype=int)
    if not chosen.size:
        raise InputError([Problem(answers.panel, "no seed question is left to learn performance weights from")])
    places = zip(*np.nonzero((answers.answered & ~answers.whole)[chosen]), strict=True)
    partial = [(answers.questions[chosen[row]], answers.experts[expert]) for row, expert in places]
    if partial:
        levels = ", ".join(f"{level:g}" for level in answers.levels)
        rule = f"does not state all of the levels {levels}: calibration needs the same levels of everybody"
        raise InputError(Problem(answers.panel, f"{expert} {rule}", column=question) for question, expert in partial)
    each = answers.answered[answers.seeds].sum(axis=0)
    if not each.all():
        nobody = answers.experts[int(np.argmin(each))]
        raise InputError([Problem(answers.panel, "answered no seed question", column="expert", value=nobody)])
    return chosen
