"""How many times as risky: the ratio of two outcomes over joint draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ratio"]

LEVELS = (0.5, 0.05, 0.95)


def ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Summarise `above / below`, draw by draw.

    Parameters
    ----------
    above, below : ndarray, (sample, ...)
        Joint draws, broadcast against each other.

    Returns
    -------
    dict of str to ndarray
        `ratio` (median), `ratio_q05` and `ratio_q95` (central 90 %), each of the shape without samples.  NaN
        where `below` is 0 in any draw: no number of times as risky as nothing.
    """
    defined = (below > 0).all(axis=0)
    quotient = above / np.where(defined, below, 1.0)
    levels = np.where(defined, np.quantile(quotient, LEVELS, axis=0), np.nan)
    return dict(zip(("ratio", "ratio_q05", "ratio_q95"), levels, strict=True))
