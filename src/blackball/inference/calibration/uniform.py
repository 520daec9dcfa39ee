"""Are ranks uniform?  The simultaneous test of their empirical distribution, and its bands.

Saeilynoja, T., Buerkner, P.-C., & Vehtari, A. (2022). Graphical test for discrete uniformity and its applications in
goodness-of-fit evaluation and multiple sample comparison. Statistics and Computing, 32, 32.
https://doi.org/10.1007/s11222-022-10090-6
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr
from scipy.stats import binom

__all__ = ["band", "p_uniform", "positions"]

SAMPLES = 20_000


def positions(ranks: NDArray[np.int_], of: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Place ranks 0 to `of` in (0, 1), each at random in its own share, so that uniform ranks are uniform numbers."""
    return np.asarray((ranks + rng.random(np.shape(ranks))) / (of + 1))


def p_uniform(values: NDArray[np.float64]) -> float:
    """Return the probability that uniform numbers stray as far from uniform anywhere.

    Parameters
    ----------
    values : (simulation,)
        In (0, 1).
    """
    null = _null(len(values))
    return float((1 + (null <= _extreme(values[None])[0]).sum()) / (1 + len(null)))


def band(count: int, level: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return where the empirical distribution of uniform numbers stays throughout.

    Parameters
    ----------
    count : int
        Numbers.
    level : float
        Probability that it leaves the band anywhere, in (0, 1).

    Returns
    -------
    (points, low, high)
        Points in (0, 1), and the band there less the points themselves.
    """
    points = _points(count)
    gamma = np.quantile(_null(count), level)
    low, high = (binom.ppf(side, count, points) / count for side in (gamma / 2, 1 - gamma / 2))
    return points, low - points, high - points


def _points(count: int) -> NDArray[np.float64]:
    return np.arange(1, count) / count


@cache
def _at_most(count: int) -> NDArray[np.float64]:
    """Return the probability of at most k numbers below each point, k from -1 to `count`: (point, k + 1)."""
    chance = bdtr(np.arange(count + 1), count, _points(count)[:, None])
    return np.concatenate([np.zeros((count - 1, 1)), chance], axis=1)


@cache
def _null(count: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(2022)
    blocks = (_extreme(rng.random((1000, count))) for _ in range(SAMPLES // 1000))
    return np.concatenate(list(blocks))


def _extreme(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return twice the smallest tail probability of the counts below each point: (sample,)."""
    samples, count = values.shape
    bins = np.minimum((values * count).astype(int), count - 1) + count * np.arange(samples)[:, None]
    below = np.bincount(bins.ravel(), minlength=samples * count).reshape(samples, count).cumsum(axis=1)[:, :-1]
    chance, place = _at_most(count), np.arange(count - 1)
    low, high = chance[place, below + 1], 1 - chance[place, below]
    return np.asarray(2 * np.minimum(low, high).min(axis=1))
