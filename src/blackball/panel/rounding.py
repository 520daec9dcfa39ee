"""How finely an expert tells probabilities apart, and what a rounded number then stands for.

Experts who answer in whole percents mean "somewhere near" by each of them; a 0 is such a number too.  An
answer is therefore read as any number that would have been rounded to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.panel.supports import link

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["ONLY_ENDS", "Rounded", "digits", "expert_grains", "rounded"]

FINEST = 6
"""Most decimal digits that are still taken for rounding."""

ONLY_ENDS = 0.01
"""Grain of an expert who never answers anything but 0 and 1."""

Z95 = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True)
class Rounded:
    """What rounded numbers stand for: a number uniform on the interval that rounds to each.

    Attributes
    ----------
    low, high : ndarray of float
        Ends of that interval on the logit scale, infinite where it reaches 0 or 1.
    median : ndarray of float
        Its median on the logit scale.
    lower, upper : ndarray of float
        Distances from there to its 5 % and 95 % quantiles on the logit scale, as standard deviations of a
        normal's halves: divided by 1.645.
    """

    low: Floats
    high: Floats
    median: Floats
    lower: Floats
    upper: Floats


def digits(values: ArrayLike) -> NDArray[np.int64]:
    """Count the decimal digits that it takes to write each number.

    Parameters
    ----------
    values : array_like of float
        Probabilities.

    Returns
    -------
    ndarray of int
        From 0 to 6, or 7 where six digits are not enough.
    """
    x = np.asarray(values, dtype=float)
    scaled = x[..., None] * 10.0 ** np.arange(FINEST + 1)
    exact = np.abs(scaled - np.round(scaled)) < 1e-8
    return np.where(exact.any(axis=-1), exact.argmax(axis=-1), FINEST + 1)


def expert_grains(expert: ArrayLike, values: ArrayLike) -> pd.Series[float]:
    """Find the grain of each expert: the coarsest power of ten that writes nine answers in ten exactly.

    Parameters
    ----------
    expert : array_like, shape (values,)
        Who said each number.
    values : array_like of float, shape (values,)
        Probabilities.  Exact 0 and 1, which every grain can write, say nothing about it.

    Returns
    -------
    pandas.Series of float
        Grain by expert, from 1e-6 to .1; .01 for an expert with no answers but 0 and 1.
    """
    said = pd.DataFrame({"expert": np.asarray(expert), "value": np.asarray(values, dtype=float)})
    inner = said[(said["value"] > 0) & (said["value"] < 1)]
    inner = inner.assign(digits=np.minimum(digits(inner["value"]), FINEST)).sort_values(["expert", "digits"])
    grouped = inner.groupby("expert")["digits"]
    enough = (grouped.cumcount() + 1) * 10 >= grouped.transform("size") * 9
    needed = inner[enough].groupby("expert")["digits"].first()
    return (10.0 ** -needed.astype(float)).reindex(sorted(said["expert"].unique()), fill_value=ONLY_ENDS)


def rounded(values: ArrayLike, grains: ArrayLike) -> Rounded:
    """Say what rounded probabilities stand for.

    Parameters
    ----------
    values : array_like of float
        In [0, 1].
    grains : array_like of float
        Of the same shape; 0 where the number was not rounded.

    Returns
    -------
    Rounded
        `[v - g/2, v + g/2]`, cut to [0, 1].  An unrounded number stands for itself, with scales of 0.
    """
    v, g = np.broadcast_arrays(np.asarray(values, dtype=float), np.asarray(grains, dtype=float))
    low, high = np.maximum(v - g / 2, 0.0), np.minimum(v + g / 2, 1.0)
    whole = (v - g / 2 >= 0) & (v + g / 2 <= 1)
    middle = np.where(whole, v, (low + high) / 2)
    median = link(middle, "probability")
    reach = 0.45 * (high - low)
    # An unrounded 0 or 1 is infinitely far from everything, itself included: only rounded numbers subtract.
    lower = np.subtract(median, link(middle - reach, "probability"), out=np.zeros(g.shape), where=g > 0)
    upper = np.subtract(link(middle + reach, "probability"), median, out=np.zeros(g.shape), where=g > 0)
    ends = [np.where(g > 0, link(end, "probability"), median) for end in (low, high)]
    return Rounded(ends[0], ends[1], median, lower / Z95, upper / Z95)
