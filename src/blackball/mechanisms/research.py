"""Alignment research: how bad a draw is depends on how good the research is that went before it.

Claim: the share of misaligned draws is no constant of nature. It rises with scale and with training on
long-horizon tasks (Ngo, Chan & Mindermann, "The alignment problem from a deep learning perspective", ICLR 2024,
10.48550/arXiv.2209.00626) and falls with alignment research, which effort on capabilities displaces. Draws that
turned out aligned can themselves do that research (Leike et al., "Scalable agent alignment via reward modeling",
2018, 10.48550/arXiv.1811.07871). Everything adds up in log odds, so that each term is a question of its own:

    logit p   = logit p_0 - research + scale log10(compute ratio) + long_horizon
    research  = effort (1 - displaced)
    logit p_i = logit p_1 - gain share (i - 1)        draw i, the i - 1 before it aligned

What the draws of a controlled process then add up to is in `blackball.mechanisms.controlled`.
"""

from __future__ import annotations

from math import log

import numpy as np
import pytensor.xtensor as px

from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import TINY, shifted
from blackball.mechanisms.ranges import Range, at_least, finite, probability, within

__all__ = ["improved", "improved_with_complement", "research_left", "scaled_misalignment"]

LEAST_COMPUTE = 1e-30
"""Compute below which a gradient is no double: fewer operations than there are."""

LARGEST_GAIN = np.float64(1 / TINY)
"""Stands for an infinite gain, which times no draws would be no number."""


def improved(bad: Labelled, gain: Labelled, share: Labelled, drawn: Labelled) -> Tensor:
    """Chance that the next draw is bad when all before it were aligned and did research.

    Parameters
    ----------
    bad : Labelled
        p_1, the chance that the first draw is bad, in [0, 1].
    gain : Labelled
        g, log odds of misalignment that one aligned draw's full work takes away, >= 0 and perhaps infinite.
    share : Labelled
        u, share of that work put to alignment research, in [0, 1].
    drawn : Labelled
        i - 1, aligned draws so far, >= 0. An array 0, 1, 2, ... over a dim gives the chances of a whole
        sequence; on posterior draws give that dim another name than `draw`.

    Returns
    -------
    XTensorVariable
        p_i in [0, 1] with the dims of the arguments together; 0 and 1 stay what they are.
    """
    return improved_with_complement(bad, gain, share, drawn)[0]


def improved_with_complement(bad: Labelled, gain: Labelled, share: Labelled, drawn: Labelled) -> tuple[Tensor, Tensor]:
    """Chances that the next draw is bad and that it is good, each with full relative accuracy.

    Parameters
    ----------
    bad, gain, share, drawn : Labelled
        As for `improved`.

    Returns
    -------
    tuple of XTensorVariable
        p_i and 1 - p_i, which the subtraction would round.
    """
    per_draw = px.math.minimum(within(Range("gain", 0.0), gain), LARGEST_GAIN)
    work = per_draw * probability("share", share) * at_least(0.0, "drawn", drawn)
    return shifted(probability("bad", bad), -work)


def scaled_misalignment(
    bad: Labelled,
    research: Labelled,
    scale: Labelled,
    compute_ratio: Labelled,
    long_horizon: Labelled = 0.0,
) -> Tensor:
    """Chance that a draw is bad, given how large it is and how much alignment research went into it.

    Parameters
    ----------
    bad : Labelled
        p_0, the chance at the reference compute and with no further research, in [0, 1].
    research : Labelled
        Log odds taken away by alignment research, >= 0: see `research_left`.
    scale : Labelled
        Log odds added by each factor of ten in training compute; below 0 if larger systems are more aligned.
    compute_ratio : Labelled
        Training compute in units of the reference, at least 1e-30.
    long_horizon : Labelled, optional
        Log odds added by training on long-horizon tasks.

    Returns
    -------
    XTensorVariable
        p in [0, 1] with the dims of the arguments together; 0 and 1 stay what they are.
    """
    decades = px.math.log(at_least(LEAST_COMPUTE, "compute_ratio", compute_ratio)) / log(10)
    added = finite("scale", scale) * decades + finite("long_horizon", long_horizon)
    shift = added - at_least(0.0, "research", research)
    return shifted(probability("bad", bad), shift)[0]


def research_left(effort: Labelled, displaced: Labelled) -> Tensor:
    """Alignment research that is done, ``effort (1 - displaced)``.

    Parameters
    ----------
    effort : Labelled
        Log odds of misalignment that the effort would take away if nothing displaced it, >= 0.
    displaced : Labelled
        Share of it that effort on capabilities displaces, in [0, 1].

    Returns
    -------
    XTensorVariable
        Log odds, >= 0.
    """
    return at_least(0.0, "effort", effort) * (1 - probability("displaced", displaced))
