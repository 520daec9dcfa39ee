"""Link functions on labelled tensors: the scale on which priors, shifts and judgements add."""

from __future__ import annotations

from math import exp, log, log1p

import pytensor.xtensor as px
from pytensor.xtensor.type import XTensorVariable

__all__ = ["link", "link_number", "unlink", "unlink_number"]


def link(value: XTensorVariable, support: str, bounds: tuple[float, float] = (0.0, 1.0)) -> XTensorVariable:
    """Map a quantity from its natural scale to the link scale (logit, log, scaled logit, identity)."""
    if support == "real":
        return value
    if support == "positive":
        return px.math.log(value)
    lower, upper = bounds if support == "bounded" else (0.0, 1.0)
    return px.math.log(value - lower) - px.math.log(upper - value)


def unlink(value: XTensorVariable, support: str, bounds: tuple[float, float] = (0.0, 1.0)) -> XTensorVariable:
    """Map a quantity from the link scale to its natural scale."""
    if support == "real":
        return value
    if support == "positive":
        return px.math.exp(value)
    lower, upper = bounds if support == "bounded" else (0.0, 1.0)
    return lower + (upper - lower) * px.math.sigmoid(value)


def link_number(value: float, support: str, bounds: tuple[float, float] = (0.0, 1.0)) -> float:
    """Map one plain number to the link scale.

    Raises
    ------
    ValueError
        If the number is not strictly inside the support.
    """
    lower, upper = bounds if support == "bounded" else (0.0, 1.0)
    if support == "real":
        return value
    if support == "positive":
        return log(value)
    return log(value - lower) - log1p(upper - value - 1)


def unlink_number(value: float, support: str, bounds: tuple[float, float] = (0.0, 1.0)) -> float:
    """Map one plain number from the link scale to its natural scale."""
    if support == "real":
        return value
    if support == "positive":
        return exp(value)
    lower, upper = bounds if support == "bounded" else (0.0, 1.0)
    return lower + (upper - lower) / (1 + exp(-value))
