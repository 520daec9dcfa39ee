"""Link a quantity's own scale to the real line, where all reckoning with judgements happens.

- probability, [0, 1]: logit
- positive, (0, inf): log
- bounded, [lower, upper]: logit of the share of the way from lower to upper
- real, (-inf, inf): identity
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["MEANING", "SUPPORTS", "bounds", "contains", "link", "unlink"]

SUPPORTS = ("probability", "positive", "bounded", "real")
"""Names of the supports that a question may have."""

MEANING = {
    "probability": "a number in [0, 1]",
    "positive": "a number above 0",
    "bounded": "a number between the question's lower and upper ends",
    "real": "a finite number",
}
"""What a value on each support must be, in words."""


def bounds(support: str, lower: float = math.nan, upper: float = math.nan) -> tuple[float, float]:
    """Ends of a support on its natural scale.

    Parameters
    ----------
    support : {"probability", "positive", "bounded", "real"}
    lower, upper : float, optional
        Ends of a bounded support, in the question's unit; ignored for the others.

    Returns
    -------
    tuple of float

    Raises
    ------
    ValueError
        If the support is unknown.
    """
    ends = {
        "probability": (0.0, 1.0),
        "positive": (0.0, math.inf),
        "bounded": (lower, upper),
        "real": (-math.inf, math.inf),
    }
    if support not in ends:
        raise ValueError(f"unknown support {support!r}; valid names: {', '.join(SUPPORTS)}")
    return ends[support]


def contains(
    values: ArrayLike, support: str, lower: ArrayLike = math.nan, upper: ArrayLike = math.nan
) -> NDArray[np.bool_]:
    """Say which values a judgement on this support may take.

    Parameters
    ----------
    values : array_like
        On the natural scale.
    support : {"probability", "positive", "bounded", "real"}
    lower, upper : array_like, optional
        Ends of a bounded support; they belong to it, as 0 and 1 belong to a probability.

    Returns
    -------
    ndarray of bool
        NaN and infinities are in no support.
    """
    x = np.asarray(values, dtype=float)
    finite = np.isfinite(x)
    match support:
        case "probability":
            return np.asarray(finite & (x >= 0) & (x <= 1))
        case "positive":
            return np.asarray(finite & (x > 0))
        case "bounded":
            return np.asarray(finite & (x >= lower) & (x <= upper))
        case _:
            return np.asarray(finite)


def link(values: ArrayLike, support: str, lower: ArrayLike = 0.0, upper: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Map the natural scale to the real line.

    Parameters
    ----------
    values : array_like
        On the natural scale, inside the support.
    support : {"probability", "positive", "bounded", "real"}
    lower, upper : array_like, optional
        Ends of a bounded support; ignored for the others.

    Returns
    -------
    ndarray of float
        Infinite at the ends of the support.
    """
    x = np.asarray(values, dtype=float)
    with np.errstate(divide="ignore"):
        match support:
            case "probability":
                return np.asarray(np.log(x) - np.log1p(-x))
            case "positive":
                return np.asarray(np.log(x))
            case "bounded":
                # Two distances, not one share, so that precision is equal near both ends.
                return np.asarray(
                    np.log(x - np.asarray(lower, dtype=float)) - np.log(np.asarray(upper, dtype=float) - x)
                )
            case _:
                return x


def unlink(values: ArrayLike, support: str, lower: ArrayLike = 0.0, upper: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Map the real line back to the natural scale: the inverse of `link`.

    Parameters
    ----------
    values : array_like
        On the link scale.
    support : {"probability", "positive", "bounded", "real"}
    lower, upper : array_like, optional
        Ends of a bounded support; ignored for the others.

    Returns
    -------
    ndarray of float
        On the natural scale.
    """
    y = np.asarray(values, dtype=float)
    match support:
        case "probability":
            return _expit(y)
        case "positive":
            return np.asarray(np.exp(y))
        case "bounded":
            share = _expit(y)
            low, high = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
            return np.asarray(low * (1 - share) + high * share)
        case _:
            return y


def _expit(y: NDArray[np.float64]) -> NDArray[np.float64]:
    small = np.exp(-np.abs(y))  # never overflows
    return np.asarray(np.where(y >= 0, 1.0, small) / (1 + small))
