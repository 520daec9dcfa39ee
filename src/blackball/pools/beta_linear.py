"""The beta-transformed linear pool: the mean probability, recalibrated on events whose outcome is known.

Ranjan, R., & Gneiting, T. (2010). Combining probability forecasts. Journal of the Royal Statistical Society,
Series B, 72(1), 71-91. https://doi.org/10.1111/j.1467-9868.2009.00726.x
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betainc

from blackball.pools import odds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["beta_transformed", "learn_shape"]

WIDEST = 4.0
"""Largest absolute logarithm of the shape that is looked at."""


def beta_transformed(log_odds: ArrayLike, shape: float) -> Floats:
    """Return the mean probability transformed by a symmetric beta distribution function.

    Parameters
    ----------
    log_odds : array_like, shape (events, experts)
        NaN where there is no answer.
    shape : float
        Both parameters of the beta distribution; 1 leaves the mean as it is, more makes it more extreme.

    Returns
    -------
    ndarray of float, shape (events,)
    """
    return np.asarray(betainc(shape, shape, odds.mean(log_odds)))


def learn_shape(log_odds: ArrayLike, outcomes: ArrayLike) -> float:
    """Return the shape that predicts known events best, held near 1 by a standard normal prior on its logarithm.

    Without the prior a few events that all went the likely way would make every probability 0 or 1.

    Parameters
    ----------
    log_odds : array_like, shape (events, experts)
    outcomes : array_like, shape (events,)
        0 or 1.

    Returns
    -------
    float
        Positive; 1 if there are no events.
    """
    happened = np.asarray(outcomes, dtype=float)
    # The transformation is symmetric: what did not happen counts as its opposite, and no digits are lost near 1.
    of_what_came = (2 * happened - 1)[:, None] * np.asarray(log_odds, dtype=float)

    def loss(log_shape: float) -> float:
        chance = beta_transformed(of_what_came, float(np.exp(log_shape)))
        return float(log_shape**2 / 2 - np.log(np.maximum(chance, np.finfo(float).tiny)).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-WIDEST, WIDEST), method="bounded").x)) if happened.size else 1.0
