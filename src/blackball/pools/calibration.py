"""Calibration and information: the two scores of Cooke's classical model.

Cooke, R. M. (1991). Experts in Uncertainty. Oxford University Press.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc, rel_entr

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["bin_shares", "calibration", "hit_calibration", "information", "interval_of"]


def bin_shares(levels: ArrayLike) -> Floats:
    """Return the probability of each interval between neighbouring quantiles, shape (levels + 1,)."""
    return np.diff(np.concatenate([[0.0], np.asarray(levels, dtype=float), [1.0]]))


def interval_of(quantiles: ArrayLike, realisation: ArrayLike) -> NDArray[np.int64]:
    """Return in which interval between quantiles each realisation falls.

    Parameters
    ----------
    quantiles : array_like, shape (..., levels)
    realisation : array_like, shape (...)

    Returns
    -------
    ndarray of int, shape (...)
        0 below the lowest quantile. A realisation equal to a quantile falls in the interval below it.
    """
    above = np.asarray(realisation, dtype=float)[..., None] > np.asarray(quantiles, dtype=float)
    return np.asarray(above.sum(axis=-1))


def calibration(quantiles: ArrayLike, realisations: ArrayLike, levels: ArrayLike, size: int | None = None) -> float:
    """Return the calibration score of quantiles of seeds; see `hit_calibration`.

    Parameters
    ----------
    quantiles : array_like, shape (seeds, levels)
        A row with NaN is a seed that was not answered.
    realisations : array_like, shape (seeds,)
    levels : array_like, shape (levels,)
    size : int, optional
        As for `hit_calibration`.

    Returns
    -------
    float
        In [0, 1]; NaN if no seed was answered.
    """
    stated, truth = np.asarray(quantiles, dtype=float), np.asarray(realisations, dtype=float)
    answered = ~np.isnan(stated).any(axis=-1) & ~np.isnan(truth)
    return hit_calibration(interval_of(stated[answered], truth[answered]), levels, size)


def hit_calibration(intervals: ArrayLike, levels: ArrayLike, size: int | None = None) -> float:
    """Return the calibration score: the p-value that a well-calibrated expert would do so badly.

    ``1 - F(2 N I(s, p))`` with F the chi-square distribution of as many degrees of freedom as there are levels, and
    I the relative information of the shares s of realisations in each interval to their probabilities p.

    Parameters
    ----------
    intervals : array_like of int, shape (seeds,)
        In which interval between quantiles each realisation fell, from `interval_of`.
    levels : array_like, shape (levels,)
    size : int, optional
        N; by default the number of seeds. Experts are only compared at the same size.

    Returns
    -------
    float
        In [0, 1]; NaN without seeds.
    """
    hits = np.asarray(intervals, dtype=int)
    if not hits.size:
        return float("nan")
    probabilities = bin_shares(levels)
    counts = np.bincount(hits, minlength=len(probabilities))
    relative = rel_entr(counts / hits.size, probabilities).sum()
    return float(chdtrc(len(probabilities) - 1, 2 * (size or hits.size) * relative))


def information(quantiles: ArrayLike, low: ArrayLike, high: ArrayLike, levels: ArrayLike) -> Floats:
    """Return how informative each answer is, relative to the uniform distribution on the intrinsic range.

    Parameters
    ----------
    quantiles : array_like, shape (..., levels)
    low, high : array_like, shape (...)
        Ends of the intrinsic range.
    levels : array_like, shape (levels,)

    Returns
    -------
    ndarray of float, shape (...)
        In nats, not negative; NaN where there is no answer.
    """
    ends = np.asarray(low, dtype=float)[..., None], np.asarray(high, dtype=float)[..., None]
    widths = np.diff(np.concatenate([ends[0], np.asarray(quantiles, dtype=float), ends[1]], axis=-1), axis=-1)
    background = widths / (ends[1] - ends[0])
    return np.asarray(rel_entr(bin_shares(levels), background).sum(axis=-1))
