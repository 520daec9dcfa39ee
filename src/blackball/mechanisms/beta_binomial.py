"""Log survival of the beta-binomial urn without cancellation, from r = 0 to r -> 1.

The textbook form is a difference of four log-gammas, which loses every digit as r -> 0 (their arguments grow
like 1/r) and as p -> 0. For whole n the same quantity is a sum over the draws,

    log survival = sum_{j < n} f(j),    f(x) = log(1 - p / (1 + x rho)),    rho = r / (1-r):

each draw that went well makes the next more likely to. Continued to real n, the first m terms are taken
exactly, as f(j) - f(j + n), and the rest as an integral with the end corrections of Gregory, finite
differences of f (Jordan, "Calculus of Finite Differences", 1939, section 99):

    sum_{j = m}^{m+n-1} f(j) = integral of f over [m, m + n] + sum_k G_{k+1} (D^k f(m) - D^k f(m + n)),

D^k the k-th forward difference. All of it, with the integral by Gauss-Legendre nodes that crowd towards m, is
a weighted sum of f at points linear in n: a small graph, of which r = 0 is an ordinary point, in value and
in gradient.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytensor.xtensor as px
from pytensor.xtensor.type import as_xtensor

from blackball.mechanisms.logs import lifted, log_complement

if TYPE_CHECKING:
    from blackball.mechanisms.labelled import Tensor

__all__ = ["log_survival_shared"]

HEAD = 12
DIFFERENCES = 10
NODES = 14
CROWDING = 7.0
"""The rule: found by scanning for the fewest points with a relative error below 1e-9 for n up to 1e4."""

LARGEST_SHARE = 1 - 2.0**-40
"""Stands for r = 1, where rho would be infinite."""


def log_survival_shared(bad: Tensor, draws: Tensor, shared_fate: Tensor) -> Tensor:
    """Log of the chance that none of n draws sharing fate is bad.

    Parameters
    ----------
    bad, draws, shared_fate : XTensorVariable
        p in [0, 1], n >= 0 and r in [0, 1), as in `blackball.mechanisms.urn.log_survival`.

    Returns
    -------
    XTensorVariable
        Natural logarithm, <= 0, with the dims of the arguments together.
    """
    start, per_draw, is_end, weight, weight_per_draw = (as_xtensor(a, dims=("_point",)) for a in _rule())
    share = px.math.minimum(shared_fate, LARGEST_SHARE)
    rho = share / (1 - share)
    # Both ends of a difference are formed side by side, so that at n = 0 they cancel to the last bit.
    near = _log_good_again(bad, start * rho)
    far = _log_good_again(bad, (start + per_draw * draws) * rho)
    return ((weight + weight_per_draw * draws) * (far - is_end * near)).sum("_point")


def _log_good_again(bad: Tensor, offset: Tensor) -> Tensor:
    """Log of the chance f(x) that a draw is good when x before it were, given x rho."""
    return log_complement(bad / (1 + offset), (lifted(1 - bad) + offset) / (1 + offset))


@cache
def _rule() -> tuple[np.ndarray, ...]:
    """Return points a + b n, whether f(a) is taken off f(a + b n) there, and weights c + d n, as arrays."""
    ends = np.append(np.ones(HEAD), np.zeros(DIFFERENCES))
    for k, coefficient in enumerate(_gregory(DIFFERENCES)):
        for i in range(k + 1):
            ends[HEAD + i] += coefficient * (-1) ** (k - i) * math.comb(k, i)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    grown = np.exp(CROWDING * (nodes + 1) / 2)
    lengths = weights / 2 * CROWDING * grown / np.expm1(CROWDING)
    no_end, no_node = np.zeros(NODES), np.zeros(ends.size)
    return (
        np.append(np.arange(float(ends.size)), no_end + HEAD),
        np.append(no_node + 1, (grown - 1) / np.expm1(CROWDING)),
        np.append(no_node + 1, no_end),
        np.append(-ends, no_end),
        np.append(no_node, lengths),
    )


def _gregory(count: int) -> list[float]:
    """Return the first Gregory coefficients G_1, G_2, ...: the expansion of x / log(1 + x) after its 1."""
    coefficients = [1.0]
    for n in range(1, count + 1):
        coefficients.append(-sum(g * (-1) ** (n - k) / (n - k + 1) for k, g in enumerate(coefficients)))
    return coefficients[1:]
