"""Proper scores of what was predicted against what came true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from blackball.pools.calibration import bin_shares, information, interval_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from blackball.pools.distribution import Distribution

    Floats = NDArray[np.float64]

__all__ = ["CENTRAL", "EventScores", "QuantityScores", "crps", "log_score", "score_event", "score_quantity"]

CENTRAL = (0.5, 0.9, 0.95)
"""Central intervals whose coverage is reported."""


@dataclass(frozen=True)
class QuantityScores:
    """Scores of one predicted distribution. Widths are shares of the intrinsic range.

    Attributes
    ----------
    log_score : float
        Higher is better, in nats; 0 is the uniform distribution on the intrinsic range. See `log_score`.
    log_density : float
        The same of the whole distribution instead of its quantiles; never below that of a density of 2.2e-16.
    crps : float
        Continuous ranked probability score; lower is better.
    pinball : float
        Twice the mean quantile score over the panel's levels; lower is better.
    pit : float
        Probability that the prediction put below what came true, in [0, 1].
    covered_outer, covered_50, covered_90, covered_95 : float
        1 if the realisation lies between the outermost of the panel's quantiles, or in that central interval.
    interval : float
        In which interval between the panel's quantiles the realisation fell, counted from 0.
    information : float
        Of the predicted quantiles, in nats.
    """

    log_score: float
    log_density: float
    crps: float
    pinball: float
    pit: float
    covered_outer: float
    covered_50: float
    covered_90: float
    covered_95: float
    interval: float
    information: float


@dataclass(frozen=True)
class EventScores:
    """Scores of one predicted probability.

    Attributes
    ----------
    brier : float
        Squared error of the probability, in [0, 1]; lower is better.
    event_log_score : float
        Logarithm of the probability of what happened, in nats; higher is better.
    probability : float
        The prediction.
    outcome : float
        1 or 0.
    """

    brier: float
    event_log_score: float
    probability: float
    outcome: float


def score_quantity(predicted: Distribution, realisation: float, levels: ArrayLike) -> QuantityScores:
    """Score a distribution that ends with the intrinsic range.

    Parameters
    ----------
    predicted : Distribution
    realisation : float
        Inside the intrinsic range.
    levels : array_like, shape (levels,)
        The panel's levels.
    """
    import scoringrules

    low, high = float(predicted.points[0]), float(predicted.points[-1])
    stated = predicted.quantile(levels)
    lost = scoringrules.quantile_score(realisation, stated, np.asarray(levels, dtype=float), backend="numpy")
    # Rounded so that the ends of 90 % are the levels .05 and .95 that a panel states, to the last bit.
    tails = np.round([((1 - central) / 2, (1 + central) / 2) for central in CENTRAL], 12)
    covered = [_inside(predicted.quantile(pair), realisation) for pair in tails]
    # A density may be too small for the difference of two cumulative probabilities, and is not 0 for that.
    density = float(np.log(max(predicted.density(realisation) * (high - low), np.finfo(float).eps)))
    return QuantityScores(
        log_score=log_score(stated, realisation, low, high, levels),
        log_density=density,
        crps=crps(predicted, realisation) / (high - low),
        pinball=2 * float(lost.mean()) / (high - low),
        pit=float(predicted.cdf(realisation)),
        covered_outer=_inside(stated[[0, -1]], realisation),
        covered_50=covered[0],
        covered_90=covered[1],
        covered_95=covered[2],
        interval=float(interval_of(stated, realisation)),
        information=float(information(stated, low, high, levels)),
    )


def score_event(probability: float, outcome: float) -> EventScores:
    """Score the probability of an event that happened (1) or did not (0)."""
    import scoringrules

    brier = float(scoringrules.brier_score(outcome, probability, backend="numpy"))
    with np.errstate(divide="ignore"):
        loss = float(scoringrules.log_score(outcome, probability, backend="numpy"))
    return EventScores(brier, -loss, float(probability), float(outcome))


def log_score(quantiles: ArrayLike, realisation: float, low: float, high: float, levels: ArrayLike) -> float:
    """Return the log score of quantiles: of the density that is uniform between them and to the ends of the range.

    ``log(p (high - low) / width)`` of the interval in which the realisation falls. Whatever is scored so is reduced to
    the same few numbers that an expert states, so that no prediction gains by the shape between them.

    Parameters
    ----------
    quantiles : array_like, shape (levels,)
    realisation, low, high : float
    levels : array_like, shape (levels,)
    """
    edges = np.concatenate([[low], np.asarray(quantiles, dtype=float), [high]])
    piece = int(interval_of(quantiles, realisation))
    # An interval of no width would make one lucky answer count infinitely.
    width = max(edges[piece + 1] - edges[piece], np.finfo(float).eps * (high - low))
    return float(np.log(bin_shares(levels)[piece] * (high - low) / width))


def crps(predicted: Distribution, realisation: float) -> float:
    """Return the continuous ranked probability score, exactly: the integral of ``(F(x) - 1[x >= y])^2``.

    Gneiting, T., & Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation. Journal of the
    American Statistical Association, 102(477), 359-378. https://doi.org/10.1198/016214506000001437

    Returns
    -------
    float
        In the unit of the points.
    """
    points = np.union1d(predicted.points, realisation)
    reached = predicted.cdf(points)
    # Between two points the error is linear: F below the realisation, F - 1 above it.
    step = (points[:-1] >= realisation).astype(float)
    left, right = reached[:-1] - step, reached[1:] - step
    return float((np.diff(points) * (left**2 + left * right + right**2) / 3).sum())


def _inside(pair: Floats, realisation: float) -> float:
    """Say as 1 or 0 whether a value lies above the first and not above the second."""
    return float(pair[0] < realisation <= pair[1])
