"""Offence and defence: whether one misaligned system, loose among defenders, wins.

Claim: between sides of similar resources, one trying to destroy and one to protect, the protector loses if
offence is favoured; a lead of a few months does not buy the defender much. The ratio-form contest success
function (Tullock 1980; axioms in Skaperdas, "Contest success functions", Economic Theory 1996,
10.1007/BF01213906), with a head start for offence:

    win = 1 / (1 + exp(-omega) (D / A)^theta).
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.labelled import Labelled, Tensor, labelled
from blackball.mechanisms.logs import floored_log

__all__ = ["lead", "win"]


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
    """
    odds = labelled(offence_advantage) + labelled(decisiveness) * (floored_log(attack) - floored_log(defence))
    return px.math.sigmoid(odds)


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
    """
    return labelled(defence) * (1 + labelled(months) / labelled(scale))
