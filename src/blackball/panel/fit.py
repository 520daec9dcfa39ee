"""Fit a split normal to an expert's quantiles, and report the misfit."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["Fitted", "fit_quantiles", "scores"]


@dataclass(frozen=True)
class Fitted:
    """Split normals on the link scale, one an answer.

    Attributes
    ----------
    location : ndarray of float, shape (answers,)
        Median.
    lower, upper : ndarray of float, shape (answers,)
        Standard deviations of the halves below and above the median, not negative; NaN where a single
        quantile leaves them open.
    residual : ndarray of float, shape (answers,)
        Largest absolute difference between a stated and a fitted quantile.
    """

    location: Floats
    lower: Floats
    upper: Floats
    residual: Floats


def scores(levels: ArrayLike) -> Floats:
    """Quantiles of the standard normal.

    Parameters
    ----------
    levels : array_like of float, shape (quantiles,)
        In (0, 1).

    Returns
    -------
    ndarray of float, shape (quantiles,)
    """
    normal = NormalDist()
    return np.array([normal.inv_cdf(level) for level in np.asarray(levels, dtype=float).tolist()])


def fit_quantiles(levels: ArrayLike, values: ArrayLike) -> Fitted:
    """Fit split normals to answers that state the same levels, by least squares on their quantiles.

    The quantile at level p of a split normal with half of its mass on either side is
    ``location + z_p * (lower if p < 1/2 else upper)``.  Three quantiles with the median among them are met
    exactly.  Two, or quantiles all on one side of the median, get one width for both sides; so does an
    answer for which least squares would make one side negative.

    Parameters
    ----------
    levels : array_like of float, shape (quantiles,)
        In (0, 1), increasing.
    values : array_like of float, shape (answers, quantiles)
        On the link scale, not decreasing along the last axis.

    Returns
    -------
    Fitted
        A single quantile, which must be the median, is the location.

    Raises
    ------
    ValueError
        If a single quantile is not the median.
    """
    z, stated = scores(levels), np.atleast_2d(np.asarray(values, dtype=float))
    one = np.ones_like(z)
    if len(z) == 1:
        if z[0] != 0:
            raise ValueError("a single quantile places nothing unless it is the median")
        open_width = np.full(len(stated), np.nan)
        return Fitted(stated[:, 0].copy(), open_width, open_width.copy(), np.zeros(len(stated)))
    even = np.column_stack([one, z])
    found = _solve(even, stated)[:, [0, 1, 1]]
    if len(z) > 2 and z[0] < 0 < z[-1]:
        split = _solve(np.column_stack([one, np.minimum(z, 0), np.maximum(z, 0)]), stated)
        found = np.where((split[:, 1:] >= 0).all(axis=1, keepdims=True), split, found)
    location, lower, upper = found.T
    fitted = location[:, None] + np.where(z < 0, lower[:, None], upper[:, None]) * z
    return Fitted(location, lower, upper, np.abs(fitted - stated).max(axis=1))


def _solve(design: Floats, stated: Floats) -> Floats:
    """Least-squares coefficients, shape (answers, columns): a location, then widths."""
    found = np.asarray((np.linalg.pinv(design) @ stated.T).T)
    # Equal quantiles have no width at all, not one of the size of a rounding error.
    nothing = 1e-12 * np.abs(stated).max(axis=1, keepdims=True)
    found[:, 1:] = np.where(np.abs(found[:, 1:]) <= nothing, 0.0, found[:, 1:])
    return found
