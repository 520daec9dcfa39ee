"""The unilateralist's curse: where many are able to act, the most optimistic decides.

Claim: each of N actors acts if its own estimate of an act's value is above a threshold; the more actors and the more
their beliefs vary, the surer it is that somebody acts, also where acting is bad (Bostrom, Douglas & Sandberg, "The
Unilateralist's Curse and the Case for a Principle of Conformity", Social Epistemology 2016,
10.1080/02691728.2015.1108373). It resembles the urn but is not it: there the draws differ, here the beliefs do. With
value V, threshold T, errors Normal(0, sigma) and correlation r between the errors of any two actors,

    someone acts = 1 - E_z Phi((T - V - sigma sqrt(r) z) / (sigma sqrt(1-r)))^N,    z ~ Normal(0, 1).

Remedies: decide by majority, share estimates and act on their mean, or raise the common threshold
(`blackball.mechanisms.common_threshold`).

Write the error that decides (the highest, or the median) as sqrt(r) z + sqrt(1-r) M, with M that of N independent
errors. The average over z is a smooth one while r is small, and becomes that of a step as r -> 1; the average over M
does so as r -> 0. Each is used on its side, so that r = 1, where all actors are one, is an ordinary point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytensor.xtensor as px
from pytensor.xtensor.type import as_xtensor
from scipy.special import betaincinv, log_ndtr, ndtr, ndtri

from blackball.errors import ModelError
from blackball.mechanisms.common_threshold import optimal_threshold
from blackball.mechanisms.labelled import Labelled, Tensor, labelled
from blackball.mechanisms.logs import TINY
from blackball.mechanisms.normal import average, log_upper_tail, nodes, upper_tail
from blackball.mechanisms.ranges import at_least, finite, positive, probability, whole

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["expected_value", "majority_acts", "optimal_threshold", "pooled_acts", "someone_acts"]

FEWEST = 0.1
"""Below this many actors and with nearly the same beliefs, chances are scaled down in proportion to their number."""

SIDE = 0.7
"""Correlation below which the average over what actors share is the smoother one, for the most optimistic."""

FAR = 1e6
"""A threshold further than this from the value, in errors, is read as this far: nothing is left to round."""


def someone_acts(
    value: Labelled, threshold: Labelled, error: Labelled, actors: Labelled, shared: Labelled = 0.0
) -> Tensor:
    """Chance that at least one actor acts.

    Parameters
    ----------
    value : Labelled
        V, what the act is really worth, in any unit.
    threshold : Labelled
        T, the estimate above which an actor acts, finite, in the unit of V.
    error : Labelled
        sigma > 0, the standard deviation of an actor's estimate about V.
    actors : Labelled
        N, real and >= 0.
    shared : Labelled, optional
        r, the correlation between the errors of any two actors, in [0, 1]; at 1 all are one actor. The plain
        number 0 (the default) builds the smaller graph of the closed form, ``1 - Phi((T - V) / sigma)^N``.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together: rises with V and N, falls with T and, for N > 1, with
        r where acting is unlikely. Within 1e-8 (absolute) for N up to 1e4 and all r, save that for r above 0.7 the
        chance of less than a tenth of an actor is in proportion to N: at r = 1 the formula itself jumps at N = 0.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    short = _shortfall(value, threshold, error)
    n = at_least(0.0, "actors", actors)
    if isinstance(shared, int | float) and shared == 0:
        return -px.math.expm1(n * log_upper_tail(-short))
    several = px.math.maximum(n, FEWEST)
    over_shared, over_own = _two_sides(
        short,
        probability("shared", shared),
        lambda own_short: -px.math.expm1(n * log_upper_tail(-own_short)),
        _highest(several),
        SIDE,
    )
    return px.math.where(labelled(shared) < SIDE, over_shared, n / several * over_own)


def majority_acts(value: Labelled, threshold: Labelled, error: Labelled, actors: int, shared: Labelled = 0.0) -> Tensor:
    """Chance that a majority of actors is for acting: the same as deferring to the median of their estimates.

    The median of an odd number of estimates is above the threshold exactly when more than half of them are. The
    chance is ``E_z I_q((N+1)/2, (N+1)/2)``, q the chance given z that one actor is for it, I the regularised
    incomplete beta function.

    Parameters
    ----------
    value, threshold, error : Labelled
        V, T and sigma, as for `someone_acts`.
    actors : int
        N, odd.
    shared : Labelled, optional
        r in [0, 1], as for `someone_acts`.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together, within 1e-8 (absolute): rises with V, falls with T;
        with more actors it nears 0 or 1 for V below or above T, unless they err together.

    Raises
    ------
    ModelError
        If `actors` is no odd whole number, or a known number is outside its range.
    """
    number = whole("actors", actors)
    if number % 2 == 0:
        raise ModelError(f"actors is {actors}: for a majority it must be an odd whole number")
    short = _shortfall(value, threshold, error)
    half = (number + 1) / 2

    def majority(own_short: Tensor) -> Tensor:
        return px.math.betainc(half, half, upper_tail(own_short))

    if isinstance(shared, int | float) and shared == 0:
        return majority(short)
    # The two averages are equally smooth where what is shared varies as much as the median of what is not.
    median_variance = (np.pi / 2) / (number - 1 + np.pi / 2)
    side = median_variance / (1 + median_variance)
    median = as_xtensor(ndtri(betaincinv(half, half, ndtr(nodes()))), dims=("_own",))
    over_shared, over_own = _two_sides(short, probability("shared", shared), majority, median, side)
    return px.math.where(labelled(shared) < side, over_shared, over_own)


def pooled_acts(
    value: Labelled, threshold: Labelled, error: Labelled, actors: Labelled, shared: Labelled = 0.0
) -> Tensor:
    """Chance that actors act who share their estimates and go by the mean.

    It is ``Phi((V - T) / (sigma sqrt(r + (1-r) / N)))``.

    Parameters
    ----------
    value, threshold, error : Labelled
        V, T and sigma, as for `someone_acts`.
    actors : Labelled
        N, real and >= 1.
    shared : Labelled, optional
        r in [0, 1]: errors that actors have in common do not average out.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    r = probability("shared", shared)
    left = px.math.sqrt(r + (1 - r) / at_least(1.0, "actors", actors))
    return upper_tail(_shortfall(value, threshold, error) / left)


def expected_value(acts: Callable[[Tensor], Tensor], mean: Labelled, sd: Labelled) -> Tensor:
    """Value that an arrangement is expected to bring, ``E_V[V P(act | V)]`` for V ~ Normal(mean, sd).

    The difference between two arrangements is what choosing the worse one loses.

    Parameters
    ----------
    acts : callable
        Takes values V, over a dim of its own, and returns the chance of the act for each: `someone_acts`,
        `majority_acts` or `pooled_acts` with its other arguments filled in.
    mean, sd : Labelled
        Of what the act may be worth; sd > 0.

    Returns
    -------
    XTensorVariable
        In the unit of V. Within 1e-6 sd if a twentieth of sd or more separates sure inaction from sure action.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    value = finite("mean", mean) + positive("sd", sd) * as_xtensor(nodes(), dims=("_value",))
    return average(value * acts(value), "_value")


def _shortfall(value: Labelled, threshold: Labelled, error: Labelled) -> Tensor:
    """Return (T - V) / sigma, by how many errors the value falls short of the threshold."""
    gap = finite("threshold", threshold) - finite("value", value)
    return gap / px.math.maximum(positive("error", error), px.math.abs(gap) / FAR)


def _two_sides(
    short: Tensor, shared: Tensor, exceeds: Callable[[Tensor], Tensor], own: Tensor, side: float
) -> tuple[Tensor, Tensor]:
    """Chance that sqrt(r) z + sqrt(1-r) M exceeds a level, averaged over z for r below `side`, and over M above.

    `exceeds` gives the chance that M alone exceeds a level, `own` has the quantiles of M at the nodes of a standard
    normal variable, over `_own`. Each average is held on its side of r.
    """
    # sqrt(r) has no slope at 0 though the average has one: 1e-12 more correlation than asked for is invisible.
    low = px.math.minimum(shared, side) + 1e-12
    z = as_xtensor(nodes(), dims=("_shared",))
    over_shared = average(exceeds((short - px.math.sqrt(low) * z) / px.math.sqrt(1 - low)), "_shared")
    high = px.math.maximum(shared, side)
    # At r = 1 the slope by r is infinite, and left out.
    rest = px.math.sqrt(px.math.maximum(1 - high, 1e-30))
    over_own = average(upper_tail((short - rest * own) / px.math.sqrt(high)), "_own")
    return over_shared, over_own


def _highest(actors: Tensor) -> Tensor:
    """Quantiles of the highest of N independent standard normal errors, at the nodes of one, over `_own`."""
    log_below = as_xtensor(log_ndtr(nodes()), dims=("_own",)) / actors
    below = px.math.clip(px.math.exp(log_below), TINY, 0.75)
    above = px.math.clip(-px.math.expm1(log_below), TINY, 0.75)
    halves = px.math.where(log_below < np.log(0.5), -px.math.erfcinv(2 * below), px.math.erfcinv(2 * above))
    return np.sqrt(2) * halves
