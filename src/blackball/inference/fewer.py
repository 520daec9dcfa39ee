"""Fewer judgements as new data of the same compiled model.

A judged cell that nobody answers any more stays in the model and says nothing: it is not known, and no answer in it
counts. All else is what the panel without those judgements says, its standard units included. Variables that belong to
what is gone (an absent expert's weight, the error that a panel shares on an unanswered question) have their prior and
touch nothing else, so that the posterior of the rest is that of the smaller panel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import xarray as xr

from blackball.inference.prepare import PLACES, data_of
from blackball.modelling.experts import ANSWER_TABLES

if TYPE_CHECKING:
    import pymc as pm

    from blackball.modelling.judged import Judged

__all__ = ["fewer", "labelled_data", "nothing"]

CELLS = ("judged", "seed", "event", "rounded", "rounding")
# Scales only answers without a width: where none is left it has its prior, or is no variable at all.
OPTIONAL = {"point_width"}


def labelled_data(model: pm.Model) -> dict[str, xr.DataArray]:
    """Return the data variables of a model as labelled arrays."""
    found = {}
    for name, array in data_of(model).items():
        dims = tuple(model.named_vars_to_dims.get(name, ()))
        coords = {dim: list(map(str, model.coords[dim] or ())) for dim in dims if model.coords[dim] is not None}
        found[name] = xr.DataArray(array, dims=dims, coords=coords)
    return found


def nothing(model: pm.Model) -> dict[str, xr.DataArray]:
    """Return the data of a model as if nobody had judged anything.

    Parameters
    ----------
    model : pymc.Model
        With judgements.
    """
    data, judged = labelled_data(model), _judged(model)
    silent = judged.quantities.assign(answered=xr.zeros_like(judged.quantities["answered"]))
    table = ANSWER_TABLES[judged.experts](silent, xr.ones_like(silent["location"]))
    data["answers"] = data["answers"].copy(data=table.transpose(*data["answers"].dims).values)
    for name in ("known", "event_known"):
        if name in data:
            data[name] = xr.zeros_like(data[name])
    return data


def fewer(model: pm.Model, smaller: pm.Model) -> dict[str, xr.DataArray] | None:
    """Return the data with which a model says what the model of fewer judgements says.

    Parameters
    ----------
    model : pymc.Model
        Of a panel.
    smaller : pymc.Model
        The same model of some of the panel's judgements, its experts and questions unchanged.

    Returns
    -------
    dict of str to DataArray or None
        Every data variable of the first model; None if the second is more than that with less data, as it is where no
        seed is left.
    """
    if not _within(model, smaller):
        return None
    data = nothing(model)
    for name, array in labelled_data(smaller).items():
        if name in data:
            cells = {dim: array[dim] for dim in array.dims if dim in CELLS}
            data[name].loc[cells] = array.transpose(*data[name].dims)
    return data


def _within(model: pm.Model, smaller: pm.Model) -> bool:
    """Tell whether a model is another with less data: no other variable, label, or place of what is judged."""
    ours, theirs = ({variable.name for variable in one.free_RVs} for one in (model, smaller))
    if ours - OPTIONAL != theirs - OPTIONAL or theirs - ours:
        return False
    for dim, labels in smaller.coords.items():
        known, wanted = (list(map(str, names or ())) for names in (model.coords.get(dim), labels))
        if dim in CELLS:
            if not set(wanted) <= set(known):
                return False
        elif wanted != known:
            return False
    cells = _judged(smaller).encoded
    before = _judged(model).encoded.sel(judged=cells["judged"])
    same = all(list(map(str, cells[name].values)) == list(map(str, before[name].values)) for name in PLACES)
    return same and bool((cells["realisation"].notnull() == before["realisation"].notnull()).all())


def _judged(model: pm.Model) -> Judged:
    judged: Judged = model["judgements"].tag.judged
    return judged
