"""Curves of ranks: what results are regressed on, whatever the shape and scale of a quantity.

Hermite polynomials of a quantity's normal scores reach into its tails, where steep results are decided; cosines of its
ranks follow what rises and falls. Either alone may find a third too little (`tests/decisions/test_main_effects.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import hermite_e

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["cosines", "hermite", "normal_scores", "standardised"]

DEGREE = 4
WAVES = 10


def normal_scores(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal quantile of each draw's rank in its column; ties share one."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    return np.asarray(ndtri((rankdata(draws, axis=0) - 0.5) / len(draws)), dtype=float)


def hermite(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Hermite polynomials of each column of normal scores: (sample, column, degree), standardised."""
    powers = [hermite_e.hermeval(scores, [0.0] * degree + [1.0]) for degree in range(1, DEGREE + 1)]
    return np.stack([standardised(power) for power in powers], axis=2)


def cosines(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return cosines of the ranks behind each column of normal scores: (sample, column, wave), standardised.

    They are the harmonics of Plischke (2010), 10.1016/j.ress.2009.11.005.
    """
    from scipy.special import ndtr

    waves = [np.cos(np.pi * wave * ndtr(scores)) for wave in range(1, WAVES + 1)]
    return np.stack([standardised(wave) for wave in waves], axis=2)


def standardised(columns: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return columns with mean 0 and variance 1; 0 throughout where they do not vary."""
    centred = columns - columns.mean(axis=0)
    spread = centred.std(axis=0)
    return np.asarray(centred / np.where(spread > 0, spread, 1.0), dtype=float)
