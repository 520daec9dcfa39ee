"""Log survival of the beta-binomial urn without cancellation, from r = 0 to r -> 1.

The textbook form is a difference of four log-gammas, which loses every digit as r -> 0 (their arguments grow
like 1/r) and as p -> 0. For whole n the same quantity is a sum over the draws,

    log survival = sum_{j < n} f(j),    f(x) = log(w(x) / y(x)),    y(x) = 1 + x rho,    w(x) = y(x) - p,

with rho = r / (1-r): each draw that went well makes the next more likely to. Continued to real n, it is

    sum_{j < m} [f(j) - f(j+n)]  +  sum_{j = m}^{m+n-1} f(j),

where the second sum is its integral with the end corrections of Euler and Maclaurin (NIST Digital Library of
Mathematical Functions, 2.10.1, https://dlmf.nist.gov/2.10),

    integral of f over [m, m+n]  -  [f(m+n) - f(m)] / 2  +  sum_k B_2k / (2k)! [f^(2k-1)(m+n) - f^(2k-1)(m)].

The integral has a closed form in which no two terms cancel, whatever p, n and r. With g = n rho, y = y(m),
w = w(m), phi(z) = log(1+z) / z and z = p g / ((y+g) w), so that f(m+n) - f(m) = log(1+z),

    integral = n { f(m+n) + p phi(z) / (y+g) - p phi(g/y) / y }.

Logarithms are taken as f(x) = -log(1 + p/w(x)), accurate both where p is small and where it is near 1. So r = 0
is an ordinary point, in value and in gradient, and n may be of any size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytensor.xtensor as px
from pytensor.xtensor.type import as_xtensor

from blackball.mechanisms.logs import lifted

if TYPE_CHECKING:
    from blackball.mechanisms.labelled import Tensor

__all__ = ["log_survival_shared"]

HEAD = 8
"""m: with three corrections, the relative error is below 1e-10."""

LARGEST_SHARE = 1 - 2.0**-40
"""Stands for r = 1, where rho would be infinite."""


def log_survival_shared(bad: Tensor, draws: Tensor, shared_fate: Tensor) -> Tensor:
    """Log of the chance that none of n draws sharing fate is bad.

    Parameters
    ----------
    bad, draws, shared_fate : XTensorVariable
        p in [0, 1], n >= 0 and r in [0, 1], as in `blackball.mechanisms.urn.log_survival`.

    Returns
    -------
    XTensorVariable
        Natural logarithm, <= 0, with the dims of the arguments together.
    """
    share = px.math.minimum(shared_fate, LARGEST_SHARE)
    rho = share / (1 - share)
    good = lifted(1 - bad)
    grown = draws * rho
    before = as_xtensor(np.arange(float(HEAD)), dims=("_before",)) * rho
    head = px.math.log1p(bad * grown / ((good + before) * (1 + before + grown))).sum("_before")
    y, w = 1 + HEAD * rho, good + HEAD * rho
    later = y + grown
    z = bad * grown / (later * w)
    phi = _log1p_over(z)
    per_draw = bad * (phi / later - _log1p_over(grown / y) / y) - px.math.log1p(bad / (w + grown))
    total = draws * per_draw - head - z * phi / 2 + _corrections(bad, rho, w, grown)
    # Of next to no draws it is smaller than it is rounded, and could come out above 0.
    return px.math.minimum(total, 0.0)


def _corrections(bad: Tensor, rho: Tensor, w: Tensor, grown: Tensor) -> Tensor:
    """Sum of B_2k / (2k (2k-1)) (a^(2k-1) - b^(2k-1)) with a = rho/w and b = rho/y, at m+n less that at m."""
    last = as_xtensor(np.array([0.0, 1.0]), dims=("_end",))
    w = w + last * grown
    y = w + bad
    a, b = rho / w, rho / y
    # a - b is p a / y, which subtraction would round; it is a factor of every odd power.
    squares, product = a * a + b * b, a * b
    cubes = squares + product
    series = 1 / 12 - cubes / 360 + (squares * cubes - product * product) / 1260
    return ((2 * last - 1) * bad * a / y * series).sum("_end")


def _log1p_over(z: Tensor) -> Tensor:
    """Return phi(z) = log(1+z) / z for z >= 0, which is 1 at 0."""
    # Each branch is held inside its own domain, because `where` also differentiates the branch not taken.
    small, large = px.math.minimum(z, 0.01), px.math.maximum(z, 0.01)
    half = 2 + small
    square = (small / half) ** 2  # log(1+z) = 2 artanh(z / (2+z))
    return px.math.where(z < 0.01, 2 / half * (1 + square * (1 / 3 + square / 5)), px.math.log1p(large) / large)
