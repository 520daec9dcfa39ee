"""Shapley effects: a result's variance shared out among quantities that posteriors tie together.

With v(u) the variance of E[Y | X_u], a quantity's effect is what it adds to v, averaged over all orders in which
quantities may be learned (Owen 2014, 10.1137/130936233; Song, Nelson & Staum 2016, 10.1137/15M1048070). Effects are
never below 0 and sum to v of all, also where quantities are correlated (Owen & Prieur 2017, 10.1137/16M1097717).

v is estimated from the given draws by least squares on polynomials of each quantity's ranks, and on products of the
`PAIRED` strongest: one Cholesky factor of the features in an order gives what each adds (Lindeman,
Merenda & Gold 1980, on linear models). Estimators by nearest neighbours (Broto, Bachoc & Depecker 2020,
10.1137/18M1234631) need no such form, but among thirty quantities no draw has a near neighbour. What the polynomials
do not reach is reported as unexplained, and is nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.curves import hermite, normal_scores, standardised
from blackball.decisions.main_effects import main_effects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["ShapleyEffects", "shapley_effects"]

PAIRED = 10
"""Quantities of which each two may act together."""
ORDERS = 32
"""Random orders, each also backwards."""
LEAST = 5
"""Draws for each feature without which nothing is estimated."""
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class ShapleyEffects:
    """Shares of variance.

    Attributes
    ----------
    shares : ndarray, (quantity, result)
        In [0, 1]; with `unexplained` they sum to 1. NaN for a result that does not vary, or with too few draws.
    mcse : ndarray, (quantity, result)
        Standard error, of sampling and of the random orders.
    unexplained : ndarray, (result,)
    """

    shares: NDArray[np.float64]
    mcse: NDArray[np.float64]
    unexplained: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Moments:
    """Number, sums and products of draws of features and results."""

    count: int
    sums: NDArray[np.float64]
    products: NDArray[np.float64]

    def without(self, part: _Moments) -> _Moments:
        return _Moments(self.count - part.count, self.sums - part.sums, self.products - part.products)

    def covariance(self) -> NDArray[np.float64]:
        means = self.sums / self.count
        return np.asarray(self.products / self.count - np.outer(means, means))


def shapley_effects(
    inputs: Sequence[NDArray[np.float64]],
    outputs: Sequence[NDArray[np.float64]],
    *,
    seed: int = 1,
    orders: int = ORDERS,
) -> ShapleyEffects:
    """Share each result's variance out among all quantities.

    Parameters
    ----------
    inputs, outputs : sequence of ndarray, (sample, quantity) and (sample, result)
        Draws in batches that are nearly independent, such as halves of chains.
    seed : int
        Of the orders in which quantities are learned.
    orders : int
        Random orders, each also backwards; at least 2.
    """
    from threadpoolctl import threadpool_limits

    # Matrices are small: threads that wait for each other would cost far more than they save.
    with threadpool_limits(1):
        return _effects(inputs, outputs, np.random.default_rng(seed), orders)


def _effects(
    inputs: Sequence[NDArray[np.float64]], outputs: Sequence[NDArray[np.float64]], rng: np.random.Generator, orders: int
) -> ShapleyEffects:
    x, y = np.concatenate(inputs), np.concatenate(outputs)
    varies = np.ptp(y, axis=0) > 0
    results = standardised(y)
    members, features = _features(normal_scores(x), results)
    if len(x) < LEAST * len(members):
        unknown = np.full((x.shape[1], y.shape[1]), np.nan)
        return ShapleyEffects(unknown, unknown, unknown[0])
    ends = np.cumsum([len(batch) for batch in inputs])[:-1]
    parts = [_moments(batch) for batch in np.split(np.concatenate([features, results], axis=1), ends)]
    whole = _moments(np.concatenate([features, results], axis=1))
    drawn = [rng.permutation(x.shape[1]) for _ in range(orders)]
    by_order = np.array([_both_ways(whole, members, one) for one in drawn])
    few = drawn[: max(2, orders // 8)]
    without = [whole.without(part) for part in parts]
    left_out = np.array([np.mean([_both_ways(most, members, one) for one in few], axis=0) for most in without])
    # The jackknife over batches, and the spread of orders.
    variance = (len(parts) - 1) * left_out.var(axis=0) + by_order.var(axis=0, ddof=1) / orders
    shares = np.where(varies, np.clip(by_order.mean(axis=0), 0.0, 1.0), np.nan)
    return ShapleyEffects(shares, np.where(varies, np.sqrt(variance), np.nan), 1 - shares.sum(axis=0))


def _features(
    scores: NDArray[np.float64], results: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the two quantities that each feature belongs to, one of them twice for a feature of its own, and it."""
    alone = hermite(scores)
    size = main_effects(scores, results)
    strongest = np.argsort(np.nan_to_num(size).sum(axis=1))[::-1][:PAIRED]
    pairs = list(combinations(sorted(strongest.tolist()), 2))
    own = np.repeat(np.arange(scores.shape[1]), alone.shape[2])
    together = [standardised(scores[:, [a]] * scores[:, [b]]) for a, b in pairs]
    members = np.concatenate([np.stack([own, own], axis=1), np.array(pairs, dtype=int).reshape(-1, 2)])
    return members, np.concatenate([alone.reshape(len(scores), -1), *together], axis=1)


def _moments(columns: NDArray[np.float64]) -> _Moments:
    return _Moments(len(columns), columns.sum(axis=0), columns.T @ columns)


def _both_ways(moments: _Moments, members: NDArray[np.intp], order: NDArray[np.intp]) -> NDArray[np.float64]:
    """Average an order with its reverse, whose errors are opposite for the greater part."""
    return (_added(moments, members, order) + _added(moments, members, order[::-1])) / 2


def _added(moments: _Moments, members: NDArray[np.intp], order: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return what each quantity adds to the explained share of each result when they are learned in an order.

    A product joins once both its quantities are known. What as many features of noise would add is taken away.
    """
    from scipy.linalg import solve_triangular

    count = len(members)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    last = place[members].max(axis=1)
    joins = np.argsort(last, kind="stable")
    covariance = moments.covariance()
    known = covariance[np.ix_(joins, joins)] + ROUNDING * np.eye(count)
    variance = np.diag(covariance)[count:]
    steps = solve_triangular(np.linalg.cholesky(known), covariance[joins, count:], lower=True)
    gains = np.square(steps) / np.where(variance > 0, variance, 1.0)
    noise = (1 - gains.sum(axis=0)) / (moments.count - count - 1)
    added = np.zeros((len(order), gains.shape[1]))
    np.add.at(added, order[last[joins]], gains - noise)
    return added
