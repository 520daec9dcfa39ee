"""Offence and defence: whether one misaligned system, loose among defenders, wins.

Claim: between sides of similar resources, one trying to destroy and one to protect, the protector loses if
offence is favoured; a lead of a few months does not buy the defender much. The ratio-form contest success
function (Tullock 1980; axioms in Skaperdas, "Contest success functions", Economic Theory 1996,
10.1007/BF01213906), with a head start for offence:

    win = 1 / (1 + exp(-omega) (D / A)^theta).

Extinction is hard, but extortion suffices to take power: each route (direct, extortion, disempowerment) has a contest
of its own, and any one suffices, win = 1 - prod(1 - win_route).
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.composition import any_along
from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import floored_log
from blackball.mechanisms.ranges import at_least, finite, positive, probability
from blackball.mechanisms.shared_dims import has

__all__ = ["any_route", "lead", "win"]


def win(attack: Labelled, defence: Labelled, offence_advantage: Labelled, decisiveness: Labelled) -> Tensor:
    """Chance that the attacker wins.

    Parameters
    ----------
    attack, defence : Labelled
        Resources A and D, >= 0, in the same unit.
    offence_advantage : Labelled
        omega, the attacker's log odds between equals: above 0 exactly when offence is favoured.
    decisiveness : Labelled
        theta >= 0, how much resources decide; at 0 they buy nothing.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    more = floored_log(at_least(0.0, "attack", attack)) - floored_log(at_least(0.0, "defence", defence))
    return px.math.sigmoid(
        finite("offence_advantage", offence_advantage) + at_least(0.0, "decisiveness", decisiveness) * more
    )


def lead(defence: Labelled, months: Labelled, scale: Labelled) -> Tensor:
    """Multiply the defender's resources for having come first, ``D (1 + L / L0)``.

    Parameters
    ----------
    defence : Labelled
        D >= 0.
    months : Labelled
        L >= 0, the defender's lead in months.
    scale : Labelled
        L0 > 0, months of lead that double the defence.

    Returns
    -------
    XTensorVariable
        D after the lead, in the unit of D.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    ahead = at_least(0.0, "months", months) / positive("scale", scale)
    return at_least(0.0, "defence", defence) * (1 + ahead)


def any_route(win: Labelled, dim: str = "route") -> Tensor:
    """Chance that the attacker wins by at least one route, ``1 - prod(1 - c_route)``.

    Parameters
    ----------
    win : Labelled
        c_route in [0, 1], over `dim`: direct attack, extortion, disempowerment, each won or lost by itself.
    dim : str, optional
        Dim that counts routes.

    Returns
    -------
    XTensorVariable
        Probability without `dim`, accurate however small it is.

    Raises
    ------
    ModelError
        If a known number is outside its range, or there is no such dim.
    """
    return any_along(has(dim, "win", probability("win", win)), dim)
