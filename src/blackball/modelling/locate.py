"""Find the values that questions ask for: a variable by name, one element of it by labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pymc as pm
import xarray as xr
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import ModelError
from blackball.modelling.links import link

__all__ = ["bearers", "groups", "labels", "locate"]

SHARED = ["variable", "given", "support", "lower_bound", "upper_bound"]


def bearers(model: pm.Model) -> dict[str, XTensorVariable]:
    """Return the variables that questions may name: the model's quantities and outcomes."""
    return {
        name: variable
        for name, variable in model.named_vars.items()
        if hasattr(variable.tag, "quantity") or hasattr(variable.tag, "outcome")
    }


def groups(encoded: xr.Dataset) -> list[xr.Dataset]:
    """Split judged cells into groups that one expression locates: same variable, link, and ratio or not."""
    frame = encoded[[*SHARED, "reference"]].reset_coords().to_dataframe()[[*SHARED, "reference"]]
    frame["reference"] = frame["reference"] != ""
    positions = frame.reset_index(drop=True).groupby([*SHARED, "reference"], sort=True, dropna=False).indices
    return [encoded.isel(judged=rows) for rows in positions.values()]


def locate(model: pm.Model, cells: xr.Dataset) -> XTensorVariable:
    """Return the judged values on their link scale; a ratio is the difference of the logs of its two regimes.

    Parameters
    ----------
    model : pymc.Model
    cells : Dataset
        One group of an encoded panel, dims `judged` and `expert`.

    Returns
    -------
    XTensorVariable
        dims `("judged",)`.

    Raises
    ------
    ModelError
        If no variable bears the cells, or their labels do not select exactly one value each.
    """
    variable = _bearer(model, cells)
    value = _pick(model, variable, cells, "regime")
    if (cells["reference"].values != "").any():
        return link(value, "positive") - link(_pick(model, variable, cells, "reference"), "positive")
    bounds = (float(cells["lower_bound"].values[0]), float(cells["upper_bound"].values[0]))
    return link(value, str(cells["support"].values[0]), bounds)


def labels(at: str, regime: str) -> Mapping[str, str]:
    """Return a cell's labels by dimension, from `at` (such as `horizon=2030; arm=a`) and its regime."""
    pairs = [pair.split("=", 1) for pair in at.split(";") if pair.strip()]
    found = {dim.strip(): label.strip() for dim, label in pairs}
    return {**found, "regime": regime} if regime else found


def _bearer(model: pm.Model, cells: xr.Dataset) -> XTensorVariable:
    variable, given = str(cells["variable"].values[0]), str(cells["given"].values[0])
    name = f"{variable} given {given}" if given else variable
    known = bearers(model)
    if name not in known:
        questions = ", ".join(sorted(set(cells["question"].values.tolist())))
        raise ModelError(
            f"question {questions}: no variable `{name}` in the model bears it; "
            f"the model's quantities and outcomes are: {', '.join(sorted(known))}"
        )
    _same_support(name, known[name], cells)
    return known[name]


def _same_support(name: str, variable: XTensorVariable, cells: xr.Dataset) -> None:
    """Refuse a question whose support is not that of the quantity it names; a ratio has none of its own."""
    quantity = getattr(variable.tag, "quantity", None)
    asked = str(cells["support"].values[0])
    ratio = bool((cells["reference"].values != "").any())
    if quantity is not None and not ratio and asked != quantity.support:
        questions = ", ".join(sorted(set(cells["question"].values.tolist())))
        raise ModelError(f"question {questions}: has support {asked}, but `{name}` is a {quantity.support} quantity")


def _pick(model: pm.Model, variable: XTensorVariable, cells: xr.Dataset, regime: str) -> XTensorVariable:
    """Select one element of the variable for each cell, by the labels of `at` and of the regime."""
    dims = tuple(variable.type.dims)
    positions: dict[str, list[int]] = {dim: [] for dim in dims}
    for cell, at, where in zip(cells["judged"].values, cells["at"].values, cells[regime].values, strict=True):
        wanted = labels(str(at), str(where))
        if set(wanted) != set(dims):
            raise ModelError(
                f"judgement `{cell}`: `{variable.name}` has the dimensions {_listed(dims)}, "
                f"the judgement labels {_listed(wanted)}; it must label each dimension once"
                f"{''.join(_where(model, dim) for dim in dims if dim not in wanted)}"
            )
        for dim, label in wanted.items():
            known = [str(name) for name in model.coords[dim] or ()]
            if label not in known:
                raise ModelError(f"judgement `{cell}`: {dim} {label!r} is not in the model; valid: {', '.join(known)}")
            positions[dim].append(known.index(label))
    index = {dim: as_xtensor(np.asarray(places), dims=("judged",)) for dim, places in positions.items()}
    if not index:
        return variable.expand_dims(judged=cells.sizes["judged"])
    return variable.isel(index)


def _where(model: pm.Model, dim: str) -> str:
    """Say which column of a panel takes a label of a dimension."""
    label = (model.coords[dim] or ("LABEL",))[0]
    if dim == "regime":
        return f"; {dim}: in the column `regime` of judgements.csv, such as {label}"
    return f"; {dim}: in the column `at` of questions.csv, such as {dim}={label}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
