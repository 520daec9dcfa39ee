"""Licensing: strictness moves between the open race and the one project.

Claim: extremely involved regulation is effectively centralisation. A licence that asks for nothing leaves the open
race; one that asks for so much that a single project can meet it leaves the one project; and every strictness
between lies between, on the scale on which effects add. With strictness s in [0, 1],

    log odds p(s) = (1-s) log odds p(open race) + s log odds p(one project)    for a probability,
    log x(s)      = (1-s) log x(open race)      + s log x(one project)         for a positive quantity.

Both are exact at the ends and monotone between them. `blackball.regimes.path` says the same of a regimes file, where
strictness is known; here it may be uncertain, or a quantity that experts judge.
"""

from __future__ import annotations

from blackball.mechanisms import ranges
from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import lifted
from blackball.mechanisms.shared_dims import agree

__all__ = ["positive_between", "probability_between"]


def probability_between(strictness: Labelled, open_race: Labelled, one_project: Labelled) -> Tensor:
    """Probability under a licence of some strictness, between the open race and the one project.

    Parameters
    ----------
    strictness : Labelled
        s in [0, 1]: 0 is the open race, 1 the one project.
    open_race, one_project : Labelled
        The probability under each, in [0, 1].

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together: rises with both ends.  An end that is certain (0 or 1)
        decides at every strictness but the other end's, as its log odds are infinite.

    Raises
    ------
    ModelError
        If a known number is outside its range, or two arrays disagree about a dim.
    """
    agree({"strictness": strictness, "open_race": open_race, "one_project": one_project})
    s = ranges.probability("strictness", strictness)
    race, one = ranges.probability("open_race", open_race), ranges.probability("one_project", one_project)
    # As odds p : 1-p with both sides raised to powers: exact at the ends, where a sigmoid of logs would be off a bit.
    for_ = lifted(race) ** (1 - s) * lifted(one) ** s
    against = lifted(1 - race) ** (1 - s) * lifted(1 - one) ** s
    return for_ / (for_ + against)


def positive_between(strictness: Labelled, open_race: Labelled, one_project: Labelled) -> Tensor:
    """Positive quantity under a licence of some strictness, between the open race and the one project.

    Parameters
    ----------
    strictness : Labelled
        s in [0, 1]: 0 is the open race, 1 the one project.
    open_race, one_project : Labelled
        The quantity under each, > 0, in the same unit.

    Returns
    -------
    XTensorVariable
        ``open_race^(1-s) one_project^s``, with the dims of the arguments together.

    Raises
    ------
    ModelError
        If a known number is outside its range, or two arrays disagree about a dim.
    """
    agree({"strictness": strictness, "open_race": open_race, "one_project": one_project})
    s = ranges.probability("strictness", strictness)
    return ranges.positive("open_race", open_race) ** (1 - s) * ranges.positive("one_project", one_project) ** s
