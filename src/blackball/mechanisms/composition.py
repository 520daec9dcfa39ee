"""Composition: the routes to catastrophe, put together.

Claim: catastrophe comes by a draw that a project itself makes, by a draw that a thief makes, or by a release
against the group's judgement, and any one suffices:

    inside = any(p release c, n, r),    theft = stolen any(p_s c, n_s, r),    rash = P(someone acts) p c,
    catastrophe = 1 - (1 - inside)(1 - theft)(1 - rash),    survival = prod_t (1 - hazard_t).

The correlation r is between whole draws: two draws that share fate share whether they are misaligned, missed,
released and victorious. Where arguments have a dim `year`, so has the result: a year is composed like a regime,
and `survival` puts the years together. The hazard of a year is the chance of catastrophe given none before.
"""

from __future__ import annotations

from functools import reduce

import pytensor.tensor as pt
import pytensor.xtensor as px
from pytensor.xtensor.type import as_xtensor

from blackball.mechanisms import urn
from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import log_complement
from blackball.mechanisms.ranges import probability
from blackball.mechanisms.shared_dims import agree, has

__all__ = ["any_along", "any_of", "inside", "rash_route", "survival", "survival_curve", "theft_route"]


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
    ModelError
        If a route is no probability, or two routes disagree about the length or the labels of a dim.
    """
    named = {f"route {number}": route for number, route in enumerate(routes, start=1)}
    agree(named)
    read = [probability(f"probabilities cannot be combined: {name}", route) for name, route in named.items()]
    # Adding "this one, if none before" never subtracts nearly equal numbers, unlike the product form.
    return reduce(lambda taken, route: taken + (1 - taken) * route, read)


def any_along(chance: Labelled, dim: str) -> Tensor:
    """Chance that at least one along a dim happens, ``1 - prod(1 - c)``, all independent.

    Parameters
    ----------
    chance : Labelled
        Probabilities over `dim`, such as routes, projects or years.
    dim : str

    Returns
    -------
    XTensorVariable
        Probability without `dim`, accurate however small they are.

    Raises
    ------
    ModelError
        If a known number is no probability, or there is no such dim.
    """
    return -px.math.expm1(log_complement(has(dim, "chance", probability("chance", chance))).sum(dim))


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
    draws, shared_fate : Labelled
        n and r, with the ranges of `blackball.mechanisms.urn.any_bad`.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.

    Raises
    ------
    ModelError
        If a known number is outside its range, or two arrays disagree about a dim.
    """
    agree({"bad": bad, "release": release, "win": win, "draws": draws, "shared_fate": shared_fate})
    goes_all_the_way = probability("bad", bad) * probability("release", release) * probability("win", win)
    return urn.any_bad(goes_all_the_way, draws, shared_fate)


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
    draws, shared_fate : Labelled
        n_s and r of the draws made by the thief after a theft, with the ranges of
        `blackball.mechanisms.urn.any_bad`.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.

    Raises
    ------
    ModelError
        If a known number is outside its range, or two arrays disagree about a dim.
    """
    agree({"stolen": stolen, "bad": bad, "win": win, "draws": draws, "shared_fate": shared_fate})
    goes_all_the_way = probability("bad", bad) * probability("win", win)
    return probability("stolen", stolen) * urn.any_bad(goes_all_the_way, draws, shared_fate)


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

    Raises
    ------
    ModelError
        If a known number is outside its range, or two arrays disagree about a dim.
    """
    agree({"someone_acts": someone_acts, "bad": bad, "win": win})
    return probability("someone_acts", someone_acts) * probability("bad", bad) * probability("win", win)


def survival(hazard: Labelled, dim: str = "year") -> Tensor:
    """Chance to come through every year, ``prod_t (1 - hazard_t)``.

    Parameters
    ----------
    hazard : Labelled
        Chance of catastrophe in each year, given none before, in [0, 1], over `dim`. What lasts from year to year,
        such as rules once changed, makes the years depend on each other: take the product given it, then average.
    dim : str, optional
        Dim that counts years.

    Returns
    -------
    XTensorVariable
        Probability without `dim`.

    Raises
    ------
    ModelError
        If a known number is no probability, or there is no such dim.
    """
    return (1 - has(dim, "hazard", probability("hazard", hazard))).prod(dim)


def survival_curve(hazard: Labelled, dim: str = "year") -> Tensor:
    """Chance to have come through each year and all before it, ``prod_{s <= t} (1 - hazard_s)``.

    Parameters
    ----------
    hazard, dim
        As for `survival`; years in order along `dim`.

    Returns
    -------
    XTensorVariable
        Probability with the dims of `hazard`, falling along `dim`; its last is `survival`.

    Raises
    ------
    ModelError
        If a known number is no probability, or there is no such dim.
    """
    yearly = has(dim, "hazard", probability("hazard", hazard))
    year = pt.arange(yearly.sizes[dim])
    # A product over a mask rather than a running product: exact at 0 and 1, and differentiable there.
    so_far = as_xtensor(year[None, :] <= year[:, None], dims=(dim, "_earlier"))
    passed = px.math.where(so_far, 1 - yearly.rename({dim: "_earlier"}), 1.0).prod("_earlier")
    return passed.transpose(*yearly.type.dims)
