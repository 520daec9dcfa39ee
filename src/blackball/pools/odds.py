"""Pools of probabilities of events: plain means, the geometric mean of odds, and the same made more extreme.

Every function takes the experts' log odds and returns the probability of each event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit
from scipy.stats import trim_mean

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["TRIMMED", "extremised", "geometric_mean", "mean", "median", "neyman_roughgarden", "trimmed_mean"]

TRIMMED = 0.2
"""Share of the answers that a trimmed mean leaves out at either end."""


def mean(log_odds: ArrayLike) -> Floats:
    """Return the mean probability: the linear pool.

    Parameters
    ----------
    log_odds : array_like, shape (events, experts)
        NaN where there is no answer.

    Returns
    -------
    ndarray of float, shape (events,)
    """
    return np.asarray(np.nanmean(expit(np.asarray(log_odds, dtype=float)), axis=-1))


def median(log_odds: ArrayLike) -> Floats:
    """Return the median probability; parameters and result as for `mean`."""
    return np.asarray(expit(np.nanmedian(np.asarray(log_odds, dtype=float), axis=-1)))


def trimmed_mean(log_odds: ArrayLike) -> Floats:
    """Return the mean probability without a fifth of the answers at either end; otherwise as `mean`."""
    rows = np.atleast_2d(np.asarray(log_odds, dtype=float))
    return np.array([trim_mean(expit(row[~np.isnan(row)]), TRIMMED) for row in rows])


def geometric_mean(log_odds: ArrayLike) -> Floats:
    """Return the geometric mean of odds: the mean of log odds; parameters and result as for `mean`.

    Genest, C. (1984). A characterization theorem for externally Bayesian groups. Annals of Statistics, 12(3),
    1100-1105. https://doi.org/10.1214/aos/1176346726
    """
    return extremised(log_odds, 1.0)


def extremised(log_odds: ArrayLike, factor: float) -> Floats:
    """Return the geometric mean of odds with its log odds multiplied by a factor; otherwise as `mean`.

    Satopaa, V. A., Baron, J., Foster, D. P., Mellers, B. A., Tetlock, P. E., & Ungar, L. H. (2014). Combining
    multiple probability predictions using a simple logit model. International Journal of Forecasting, 30(2),
    344-356. https://doi.org/10.1016/j.ijforecast.2013.09.009
    """
    return np.asarray(expit(factor * np.nanmean(np.asarray(log_odds, dtype=float), axis=-1)))


def neyman_roughgarden(log_odds: ArrayLike) -> Floats:
    """Return the geometric mean of odds extremised by a factor that follows from the number of experts.

    ``d = n (sqrt(3 n^2 - 3 n + 1) - 2) / (n^2 - n - 1)`` for n experts; one expert stands as stated. Otherwise as
    `mean`.

    Neyman, E., & Roughgarden, T. (2022). Are you smarter than a random expert? The robust aggregation of
    substitutable signals. Proceedings of the 23rd ACM Conference on Economics and Computation.
    https://doi.org/10.1145/3490486.3538243
    """
    stated = np.atleast_2d(np.asarray(log_odds, dtype=float))
    n = (~np.isnan(stated)).sum(axis=-1).astype(float)
    factor = n * (np.sqrt(3 * n**2 - 3 * n + 1) - 2) / (n**2 - n - 1)
    return np.asarray(expit(factor * np.nanmean(stated, axis=-1)))
