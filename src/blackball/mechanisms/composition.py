"""Composition: the routes to catastrophe, put together.

Claim: catastrophe comes by a draw that a project itself makes, by a draw that a thief makes, or by a release
against the group's judgement, and any one suffices:

    inside = any(p release c, n, r),    theft = stolen any(p_s c, n_s, r),    rash = P(someone acts) p c,
    catastrophe = 1 - (1 - inside)(1 - theft)(1 - rash),    survival = prod_t (1 - hazard_t).

The correlation r is between whole draws: two draws that share fate share whether they are misaligned, missed,
released and victorious.
"""

from __future__ import annotations

from functools import reduce

from blackball.mechanisms import urn
from blackball.mechanisms.labelled import Labelled, Tensor, labelled

__all__ = ["any_of", "inside", "rash_route", "survival", "theft_route"]


def any_of(*routes: Labelled) -> Tensor:
    """Chance that at least one of several independent routes is taken, ``1 - prod(1 - c)``.

    Parameters
    ----------
    *routes : Labelled
        Probabilities, at least one, broadcast by the names of their dims.

    Returns
    -------
    XTensorVariable
        Probability with the dims of all routes together, accurate however small they are.

    Raises
    ------
    TypeError
        If no route is given.
    """
    # Adding "this one, if none before" never subtracts nearly equal numbers, unlike the product form.
    return reduce(lambda taken, route: taken + (1 - taken) * route, map(labelled, routes))


def inside(bad: Labelled, release: Labelled, win: Labelled, draws: Labelled, shared_fate: Labelled = 0.0) -> Tensor:
    """Catastrophe by the draws that projects make themselves.

    Parameters
    ----------
    bad : Labelled
        p, the chance that a given draw is misaligned, in [0, 1].
    release : Labelled
        Chance that a misaligned draw acts unsupervised, in [0, 1].
    win : Labelled
        c, the chance that it then wins, in [0, 1].
    draws : Labelled
        n >= 0.
    shared_fate : Labelled, optional
        r in [0, 1).

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.
    """
    return urn.any_bad(labelled(bad) * labelled(release) * labelled(win), draws, shared_fate)


def theft_route(stolen: Labelled, bad: Labelled, win: Labelled, draws: Labelled, shared_fate: Labelled = 0.0) -> Tensor:
    """Catastrophe by the draws of a thief, who inspects nothing.

    Parameters
    ----------
    stolen : Labelled
        Chance that anything is stolen, in [0, 1].
    bad : Labelled
        p_s, the chance that a given draw of the thief is misaligned, in [0, 1], not below the projects' own.
    win : Labelled
        c, the chance that it then wins, in [0, 1].
    draws : Labelled
        n_s >= 0, made by the thief after a theft.
    shared_fate : Labelled, optional
        r in [0, 1), among the thief's draws.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.
    """
    return labelled(stolen) * urn.any_bad(labelled(bad) * labelled(win), draws, shared_fate)


def rash_route(someone_acts: Labelled, bad: Labelled, win: Labelled) -> Tensor:
    """Catastrophe by a release against the group's judgement.

    Parameters
    ----------
    someone_acts : Labelled
        Chance that at least one actor releases alone, in [0, 1].
    bad, win : Labelled
        p and c, as for `inside`.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.
    """
    return labelled(someone_acts) * labelled(bad) * labelled(win)


def survival(hazard: Labelled, dim: str = "year") -> Tensor:
    """Chance to come through every year, ``prod_t (1 - hazard_t)``.

    Parameters
    ----------
    hazard : Labelled
        Chance of catastrophe in each year, given none before, in [0, 1], over `dim`.
    dim : str, optional
        Dim that counts years.

    Returns
    -------
    XTensorVariable
        Probability without `dim`.
    """
    return (1 - labelled(hazard)).prod(dim)
