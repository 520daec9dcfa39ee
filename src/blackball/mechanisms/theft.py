"""Theft: k projects are k chances to steal, and the weakest are stolen from.

Claim: hacking one centralised project may succeed half the time; among three, effort is split, so each falls
less often, yet some one of them falls more often. With breach hazards h_k under the thief's whole effort,
shares w_k of it and dilution exponent d,

    stolen = 1 - exp(-sum_k h_k w_k^d),    w_k proportional to h_k^A,

where A says how well the thief finds weak links. For d < 1 the thief does best at A = 1 / (1-d), for d >= 1
at the weakest link alone. The attack surface may grow with the number and size of projects:
h = m (k0 + k1 n + k2 size) / n.
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.labelled import Labelled, Tensor, labelled
from blackball.mechanisms.logs import floored_log

__all__ = ["any_breach", "any_breach_unequal", "effort", "surface_hazard"]


def effort(hazard: Labelled, adaptivity: Labelled, dim: str = "project") -> Tensor:
    """Split the thief's effort over projects, ``w_k`` proportional to ``h_k^A``.

    Parameters
    ----------
    hazard : Labelled
        h_k >= 0, over `dim`.
    adaptivity : Labelled
        A >= 0: 0 splits evenly, large A goes for the weakest link alone.
    dim : str, optional
        Dim that counts projects.

    Returns
    -------
    XTensorVariable
        Shares in [0, 1] that sum to 1 over `dim`.
    """
    scores = labelled(adaptivity) * floored_log(hazard)
    # The largest score is taken out first: exp would underflow for every project at large A.
    weights = px.math.exp(scores - scores.max(dim))
    return weights / weights.sum(dim)


def any_breach(hazard: Labelled, projects: Labelled, dilution: Labelled) -> Tensor:
    """Chance that somebody steals from one of k equal projects, ``1 - exp(-h k^(1-d))``.

    Parameters
    ----------
    hazard : Labelled
        h >= 0, of one project under the whole effort: ``-log(1 - p)`` for a chance p.
    projects : Labelled
        k, real; below 1 the hazard shrinks in proportion, to none without projects.
    dilution : Labelled
        d >= 0: 0 if attacks cost no effort, 1 if the total hazard is the same however effort is split.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.
    """
    k = labelled(projects)
    diluted = px.math.exp(-labelled(dilution) * px.math.log(px.math.maximum(k, 1.0)))
    return -px.math.expm1(-labelled(hazard) * k * diluted)


def any_breach_unequal(hazard: Labelled, effort: Labelled, dilution: Labelled, dim: str = "project") -> Tensor:
    """Chance that somebody steals from any of projects that differ, ``1 - exp(-sum_k h_k w_k^d)``.

    Parameters
    ----------
    hazard : Labelled
        h_k >= 0, over `dim`.
    effort : Labelled
        w_k, shares of the effort in [0, 1], over `dim`: see `effort`.
    dilution : Labelled
        d >= 0.
    dim : str, optional
        Dim that counts projects.

    Returns
    -------
    XTensorVariable
        Probability without `dim`.
    """
    diluted = px.math.exp(labelled(dilution) * floored_log(effort))
    return -px.math.expm1(-(labelled(hazard) * diluted).sum(dim))


def surface_hazard(
    motive: Labelled,
    projects: Labelled,
    size: Labelled,
    *,
    base: Labelled,
    per_project: Labelled,
    per_size: Labelled,
) -> Tensor:
    """Breach hazard of one project when big prizes draw strong attacks, ``m (k0 + k1 n + k2 size) / n``.

    Parameters
    ----------
    motive : Labelled
        m, overall strength of attack, >= 0.
    projects : Labelled
        n >= 1.
    size : Labelled
        Size of one project, >= 0, in any unit.
    base, per_project, per_size : Labelled
        k0, k1, k2 >= 0: surface there is in any case, per project, and per unit of size.

    Returns
    -------
    XTensorVariable
        h >= 0.
    """
    n = labelled(projects)
    surface = labelled(base) + labelled(per_project) * n + labelled(per_size) * labelled(size)
    return labelled(motive) * surface / n
