"""Linear pools: the weighted mean of the experts' distributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from blackball.pools.distribution import Distribution

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["Curves", "curves_of"]


@dataclass(frozen=True, eq=False)
class Curves:
    """The experts' cumulative distributions on one question, uniform between their quantiles.

    Attributes
    ----------
    points : ndarray of float, shape (points,)
        Every quantile of every expert, between the ends of the intrinsic range.
    heights : ndarray of float, shape (experts, points)
        0 throughout where an expert has not answered.
    answered : ndarray of bool, shape (experts,)
    """

    points: Floats
    heights: Floats
    answered: NDArray[np.bool_]

    def pool(self, weights: ArrayLike) -> Distribution:
        """Return the linear pool.

        Parameters
        ----------
        weights : array_like, shape (experts,)
            Not negative, on any scale. Experts who did not answer are left out.

        Raises
        ------
        ValueError
            If no expert with a weight has answered.
        """
        given = np.where(self.answered, np.asarray(weights, dtype=float), 0.0)
        if not given.sum() > 0:
            raise ValueError("no expert with a weight has answered")
        cumulative = given / given.sum() @ self.heights
        cumulative[-1] = 1.0  # not a rounding error below it
        return Distribution(self.points, cumulative)


def curves_of(values: Floats, low: float, high: float, levels: Floats) -> Curves:
    """Return the experts' cumulative distributions on one question.

    Parameters
    ----------
    values : ndarray of float, shape (experts, levels)
        Quantiles; NaN where an expert has not answered.
    low, high : float
        Ends of the intrinsic range.
    levels : ndarray of float, shape (levels,)
    """
    answered = ~np.isnan(values).any(axis=-1)
    points = np.unique(np.concatenate([values[answered].ravel(), [low, high]]))
    heights = np.zeros((len(values), len(points)))
    for expert in np.flatnonzero(answered):
        own = np.concatenate([[low], values[expert], [high]])
        heights[expert] = np.interp(points, own, np.concatenate([[0.0], levels, [1.0]]))
    return Curves(points, heights, answered)
