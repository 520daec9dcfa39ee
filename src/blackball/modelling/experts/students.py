"""Student's t with four degrees of freedom: what `consensus` takes experts' noise to be."""

from __future__ import annotations

from math import lgamma, log, pi

import pytensor.tensor as pt
from pytensor.tensor import TensorVariable

__all__ = ["DEGREES", "LOG_T4", "t4_cdf"]

DEGREES = 4.0
LOG_T4 = lgamma(2.5) - lgamma(2.0) - 0.5 * log(4 * pi)
"""Logarithm of the standard density at 0."""


def t4_cdf(z: TensorVariable) -> TensorVariable:
    """Return the distribution function of Student's t with four degrees of freedom, in closed form."""
    y = z / pt.sqrt(1 + z**2 / 4)
    return 0.5 + 0.375 * (y - y**3 / 12)
