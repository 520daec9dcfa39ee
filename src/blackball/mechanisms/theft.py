"""Theft: k projects are k chances to steal, and the weakest are stolen from.

Claim: hacking one centralised project may succeed half the time; among three, effort is split, so each falls
less often, yet some one of them falls more often. With breach hazards h_k under the thief's whole effort,
shares w_k of it (`blackball.mechanisms.thief`) and dilution exponent d,

    stolen = 1 - exp(-sum_k h_k w_k^d).

Nobody may know which projects are weak, only how much security differs. Under even effort and with
log h_k ~ Normal(log h, spread), independently,

    stolen = 1 - (E_z exp(-h exp(spread z) k^-d))^k,    z ~ Normal(0, 1).

The attack surface may grow with the number and size of projects: h = m (k0 + k1 n + k2 size) / n.
"""

from __future__ import annotations

import pytensor.xtensor as px
from pytensor.xtensor.type import as_xtensor

from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import floored_log
from blackball.mechanisms.normal import average, nodes
from blackball.mechanisms.ranges import Range, at_least, probability, within
from blackball.mechanisms.shared_dims import has
from blackball.mechanisms.thief import (
    NOTHING,
    best_adaptivity,
    breach_hazard,
    effort,
    thief_draws,
    thief_misalignment,
)

__all__ = [
    "any_breach",
    "any_breach_unequal",
    "any_breach_uneven",
    "best_adaptivity",
    "effort",
    "surface_hazard",
    "thief_draws",
    "thief_misalignment",
]

WIDEST_SPREAD = 5.0
"""Each standard deviation a factor of 148; beyond it the quadrature would lose the sixth digit."""


def any_breach(hazard: Labelled, projects: Labelled, dilution: Labelled) -> Tensor:
    """Chance that somebody steals from one of k equal projects, ``1 - exp(-h k^(1-d))``.

    Parameters
    ----------
    hazard : Labelled
        h >= 0, of one project under the whole effort: ``-log(1 - p)`` for a chance p.
    projects : Labelled
        k >= 0, real; below 1 the hazard shrinks in proportion, to none without projects.
    dilution : Labelled
        d >= 0: 0 if attacks cost no effort, 1 if the total hazard is the same however effort is split.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together: rises with h and, for d < 1, with k; falls with d.

    Raises
    ------
    ModelError
        If a known number is below 0.
    """
    k = at_least(0.0, "projects", projects)
    return -px.math.expm1(-breach_hazard(hazard) * k * _diluted(k, dilution))


def any_breach_uneven(hazard: Labelled, spread: Labelled, projects: Labelled, dilution: Labelled) -> Tensor:
    """Chance that somebody steals from any of k projects of unknown security, under even effort.

    Parameters
    ----------
    hazard : Labelled
        h >= 0, the median of one project's hazard under the whole effort; at the even share of effort the median
        is ``h k^-d``.
    spread : Labelled
        Standard deviation of the log hazard between projects, in [0, 5]; at 0 projects are equal (`any_breach`).
    projects : Labelled
        k >= 0, real, as for `any_breach`.
    dilution : Labelled
        d >= 0.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together, within 1e-6 (absolute) for k = 0 and k from 1 to 1000;
        between 0 and 1, where what one project is off by is raised to the power k, within (1e-8)^k. It rises with
        h, and may rise or fall with the spread: one weak link suffices, but one strong project alone is safer.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    k = at_least(0.0, "projects", projects)
    differs = within(Range("spread", 0.0, WIDEST_SPREAD), spread)
    z = as_xtensor(nodes(), dims=("_security",))
    median = breach_hazard(hazard) * _diluted(k, dilution)
    least, each = (median * px.math.exp(differs * score) for score in (float(nodes()[0]), z))
    # With the least hazard taken out, the logarithm is never that of 0, however large the median.
    log_safe = px.math.log1p(average(px.math.expm1(least - each), "_security")) - least
    return -px.math.expm1(k * log_safe)


def any_breach_unequal(
    hazard: Labelled, effort: Labelled, dilution: Labelled, dim: str = "project", present: Labelled = 1.0
) -> Tensor:
    """Chance that somebody steals from any of projects that differ, ``1 - exp(-sum_k h_k w_k^d)``.

    Parameters
    ----------
    hazard : Labelled
        h_k >= 0, over `dim`.
    effort : Labelled
        w_k, shares of the effort in [0, 1], over `dim`: see `thief.effort`.
    dilution : Labelled
        d >= 0.
    dim : str, optional
        Dim that counts projects.
    present : Labelled, optional
        How much of each project there is, in [0, 1], as given to `thief.effort`. Effort that costs nothing (d = 0)
        breaches whatever exists, so what does not exist must be said here too. Part of a project counts as if
        there were that many of it: equal projects agree with `any_breach` of their sum.

    Returns
    -------
    XTensorVariable
        Probability without `dim`.

    Raises
    ------
    ModelError
        If a known number is outside its range, or there is no such dim.
    """
    here = probability("present", present)
    share = px.math.minimum(probability("effort", effort) / (here + NOTHING), 1.0)
    diluted = px.math.exp(at_least(0.0, "dilution", dilution) * floored_log(share))
    breaches = has(dim, "hazard (with effort and present)", here * breach_hazard(hazard) * diluted)
    return -px.math.expm1(-breaches.sum(dim))


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
        h >= 0, the `hazard` of the other functions.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    n = at_least(1.0, "projects", projects)
    by_number = at_least(0.0, "base", base) + at_least(0.0, "per_project", per_project) * n
    surface = by_number + at_least(0.0, "per_size", per_size) * at_least(0.0, "size", size)
    return at_least(0.0, "motive", motive) * surface / n


def _diluted(projects: Tensor, dilution: Labelled) -> Tensor:
    """Return k^-d, what the even share of effort leaves of a hazard; less than one project takes all of it."""
    return px.math.exp(-at_least(0.0, "dilution", dilution) * px.math.log(px.math.maximum(projects, 1.0)))
