"""A distribution that is uniform between its points: what every pool gives, and what is scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Distribution"]


@dataclass(frozen=True, eq=False)
class Distribution:
    """A distribution of one quantity, uniform between its points.

    Attributes
    ----------
    points : ndarray of float, shape (points,)
        Increasing, on the scale on which the question is pooled and scored.
    cumulative : ndarray of float, shape (points,)
        Probability up to each point: from 0 to 1, not decreasing.
    """

    points: NDArray[np.float64]
    cumulative: NDArray[np.float64]

    def cdf(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return the probability up to each value, the shape of `values`."""
        return np.asarray(np.interp(np.asarray(values, dtype=float), self.points, self.cumulative))

    def quantile(self, levels: ArrayLike) -> NDArray[np.float64]:
        """Return the value at each level in (0, 1), the shape of `levels`; the lowest where several are."""
        wanted = np.asarray(levels, dtype=float)
        above = np.clip(np.searchsorted(self.cumulative, wanted, "left"), 1, len(self.points) - 1)
        below = self.cumulative[above - 1]
        share = (wanted - below) / (self.cumulative[above] - below)
        # So that a level of a point gives just that point, to the last bit.
        return np.asarray(self.points[above - 1] * (1 - share) + self.points[above] * share)

    def mean(self) -> float:
        """Return the expected value."""
        return float(np.diff(self.cumulative) @ (self.points[1:] + self.points[:-1]) / 2)

    def density(self, value: float) -> float:
        """Return the density at a value; at a point, that of the piece below it, and at the lowest that above it."""
        if not self.points[0] <= value <= self.points[-1]:
            return 0.0
        piece = max(int(np.searchsorted(self.points, value, "left")) - 1, 0)
        rise = self.cumulative[piece + 1] - self.cumulative[piece]
        return float(rise / (self.points[piece + 1] - self.points[piece]))
