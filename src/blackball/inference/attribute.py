"""What each mechanism adds to an outcome, on posterior draws: by removal, and as Shapley values.

To remove a mechanism is to set some of its variables to values at which it does nothing, such as no corners cut or
nothing stolen (`blackball.inference.what_if`). With m mechanisms the outcomes are computed for all 2^m subsets.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

import xarray as xr

from blackball.errors import ModelError
from blackball.inference.what_if import headlines, intervention, thinned
from blackball.mechanisms.attribution import by_removal, shapley

if TYPE_CHECKING:
    import pymc as pm

__all__ = ["attribute"]

MOST = 8
"""Mechanisms at most: the work doubles with each."""


def attribute(model: pm.Model, draws: xr.Dataset, removed: Mapping[str, Mapping[str, float]]) -> xr.Dataset:
    """Attribute the headline outcomes of a model to its mechanisms.

    Parameters
    ----------
    model : pymc.Model
    draws : Dataset
        Posterior draws; at least the model's free variables, dims `chain` and `draw` first.
    removed : mapping of str to mapping of str to float
        By mechanism, one to eight of them: the variables that remove it, with their values.

    Returns
    -------
    Dataset
        The headline outcomes with the dims `measure` (`removal`: the whole less the whole without it; `shapley`: the
        mean over all orders, which sum to the whole less what is left without any) and `mechanism`, then `chain`,
        `draw` (thinned to about 500 in all) and their own, in the outcome's unit.

    Raises
    ------
    ModelError
        If there are no mechanisms or too many, one removes nothing or has the name of a dim or variable, two set the
        same variable, or a name is no variable that can be changed.
    """
    _check(removed, {"measure", "mechanism", "chain", "draw", *model.coords, *model.named_vars})
    few, outcomes = thinned(draws), headlines(model)
    subsets = [
        _without(model, few, removed, present)[outcomes].expand_dims(
            {name: [there] for name, there in zip(removed, present, strict=True)}
        )
        for present in product([False, True], repeat=len(removed))
    ]
    grid = xr.combine_by_coords(subsets)
    measures = {"removal": by_removal, "shapley": shapley}
    found = [grid.map(lambda value, by=by: by(value, list(removed))) for by in measures.values()]
    return xr.concat(found, dim="measure").assign_coords(measure=list(measures))


def _check(removed: Mapping[str, Mapping[str, float]], taken: set[str]) -> None:
    """Refuse mechanisms that cannot be switched off one by one, or whose names mean something else."""
    if not 1 <= len(removed) <= MOST:
        raise ModelError(f"{len(removed)} mechanisms to attribute to: name from 1 to {MOST}")
    named = sorted(taken & removed.keys())
    if named:
        raise ModelError(f"{named[0]}: is the name of a dim or variable; give the mechanism another")
    empty = [name for name, changes in removed.items() if not changes]
    if empty:
        raise ModelError(f"{empty[0]}: nothing is said that removes it")
    variables = [variable for changes in removed.values() for variable in changes]
    twice = sorted({variable for variable in variables if variables.count(variable) > 1})
    if twice:
        raise ModelError(f"{twice[0]}: is set by two mechanisms")


def _without(
    model: pm.Model, draws: xr.Dataset, removed: Mapping[str, Mapping[str, float]], present: tuple[bool, ...]
) -> xr.Dataset:
    """Compute the outcomes with only some mechanisms present."""
    absent = [changes for changes, there in zip(removed.values(), present, strict=True) if not there]
    changes = {name: value for one in absent for name, value in one.items()}
    return intervention(model, list(changes))(draws, changes)
