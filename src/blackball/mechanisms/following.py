"""Following: how hard one rival presses the leader, and what takes it out of the race.

Claims: a follower one step behind still speeds up the leader. Conspicuously safe behaviour can start a race to the
top. A clause to "stop competing with and start assisting" a value-aligned project that comes close first (OpenAI
Charter, 2018) takes rivals out of the race, if it is believed. For one rival that trails by `gap` months,

    follower = exp(-gap / tau),    spillover = conspicuous imitated,    merge = believed value_aligned comes_close.

`blackball.mechanisms.racing` adds rivals up and says what their pressure does.
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.labelled import Labelled, Tensor, labelled
from blackball.mechanisms.logs import TINY
from blackball.mechanisms.ranges import Range, positive, probability, within

__all__ = ["follower_effect", "merge_and_assist", "race_to_the_top"]

NEVER = 1 / TINY
"""Stands for infinitely many months, which have no gradient: nobody feels a follower so far behind."""


def follower_effect(gap: Labelled, tau: Labelled) -> Tensor:
    """Say how hard one follower presses the leader, ``exp(-gap / tau)``.

    Parameters
    ----------
    gap : Labelled
        Months by which the follower trails, >= 0; a rival that does not exist is infinitely behind.
    tau : Labelled
        Months over which a lead stops the leader feeling pressed, > 0.

    Returns
    -------
    XTensorVariable
        1 for a follower that is level, towards 0 for one far behind, with the dims of both arguments.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    return px.math.exp(-px.math.minimum(within(Range("gap", 0.0), gap), labelled(NEVER)) / positive("tau", tau))


def race_to_the_top(conspicuous: Labelled, imitated: Labelled) -> Tensor:
    """Share of rivalry that conspicuously safe behaviour removes, ``conspicuous * imitated``.

    Parameters
    ----------
    conspicuous : Labelled
        Share of a project's safe behaviour that its rivals, buyers and staff can see, in [0, 1].
    imitated : Labelled
        Share of what is seen that rivals match instead of racing past it, in [0, 1].

    Returns
    -------
    XTensorVariable
        The `spillover` of `racing.rivalry`, in [0, 1].

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    return probability("conspicuous", conspicuous) * probability("imitated", imitated)


def merge_and_assist(believed: Labelled, value_aligned: Labelled, comes_close: Labelled) -> Tensor:
    """Chance that a clause takes a rival out of the race, ``believed * value_aligned * comes_close``.

    Parameters
    ----------
    believed : Labelled
        Chance that the clause would be kept and its rival counts on it, in [0, 1].
    value_aligned : Labelled
        Chance that the clause's owner holds the rival to be value-aligned, in [0, 1].
    comes_close : Labelled
        Chance that one of the two comes close first, so that the clause is triggered in time, in [0, 1].

    Each is the chance given those before it.

    Returns
    -------
    XTensorVariable
        The `merge` of `racing.rivalry`, in [0, 1].

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    willing = probability("believed", believed) * probability("value_aligned", value_aligned)
    return willing * probability("comes_close", comes_close)
