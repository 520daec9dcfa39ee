"""What if a quantity had another value?  Outcomes recomputed on posterior draws, all else as it was.

An intervention, not a new fit: the other variables keep their draws, whatever the judgements would say of them
had the changed one been known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from pytensor import config
from pytensor.graph.traversal import ancestors
from pytensor.xtensor.type import xtensor

from blackball.errors import ModelError
from blackball.inference.engine import length
from blackball.inference.on_draws import on_draws

if TYPE_CHECKING:
    import pymc as pm

__all__ = ["headlines", "intervention", "thinned", "what_if"]

DRAWS = 500
"""Posterior draws that many interventions are averaged over. They share draws, so that differences vary far less."""

type Intervention = Callable[[xr.Dataset, Mapping[str, float]], xr.Dataset]


def what_if(model: pm.Model, draws: xr.Dataset, changes: Mapping[str, float]) -> xr.Dataset:
    """Recompute the outcomes of a model with some of its variables set to other values.

    Parameters
    ----------
    model : pymc.Model
    draws : Dataset
        Posterior draws; at least the model's free variables, dims `chain` and `draw` first.
    changes : mapping of str to float
        Value of each changed quantity, on its natural scale: in every draw, and along all its dims.

    Returns
    -------
    Dataset
        The model's outcomes, dims `chain`, `draw` and their own.

    Raises
    ------
    ModelError
        If a name is no quantity, known number or outcome that some outcome depends on, or a value is none that it
        can have.
    """
    return intervention(model, list(changes))(draws, changes)


def intervention(model: pm.Model, names: Sequence[str]) -> Intervention:
    """Make the function that recomputes outcomes for any values of the named variables, compiled once.

    Parameters
    ----------
    model : pymc.Model
    names : sequence of str

    Returns
    -------
    callable
        Takes draws and a mapping of each name to its value; returns what `what_if` does.

    Raises
    ------
    ModelError
        As `what_if`.
    """
    outcomes = {str(v.name): v for v in model.deterministics if hasattr(v.tag, "outcome")}
    reached = set(ancestors(list(outcomes.values())))
    valid = [name for name, v in model.named_vars.items() if _may_change(v) and v in reached]
    unknown = [name for name in names if name not in valid]
    if unknown:
        raise ModelError(f"{unknown[0]!r} is no variable of the model that can be changed (valid: {', '.join(valid)})")
    changed = [model[name] for name in names]
    inputs = [xtensor(v.name, dims=v.type.dims, shape=v.type.shape, dtype=v.type.dtype) for v in changed]
    with config.change_flags(cxx=""):
        compute = on_draws(model, outcomes, instead=dict(zip(changed, inputs, strict=True)))
    shapes = [tuple(length(model.dim_lengths[dim]) for dim in v.type.dims) for v in changed]

    def evaluate(draws: xr.Dataset, values: Mapping[str, float]) -> xr.Dataset:
        for name, variable in zip(names, changed, strict=True):
            _check(name, variable, values[name])
        return compute(draws, *(np.full(shape, values[name]) for name, shape in zip(names, shapes, strict=True)))

    return evaluate


def _may_change(variable: object) -> bool:
    tag = getattr(variable, "tag", None)
    return any(hasattr(tag, kind) for kind in ("quantity", "given", "outcome"))


def thinned(draws: xr.Dataset, most: int = DRAWS) -> xr.Dataset:
    """Return about so many of the draws, evenly spaced, for what takes long with each."""
    size = draws.sizes["chain"] * draws.sizes["draw"]
    return draws.isel(draw=slice(None, None, max(1, size // most)))


def headlines(model: pm.Model) -> list[str]:
    """Return the names of the model's headline outcomes, in its order."""
    outcomes = {str(v.name): v.tag.outcome for v in model.deterministics if hasattr(v.tag, "outcome")}
    return [name for name, said in outcomes.items() if said.headline]


def _check(name: str, variable: Any, value: float) -> None:
    """Refuse a value that the variable cannot have.

    Raises
    ------
    ModelError
        With the range that it must lie in.
    """
    low, high = _range(variable)
    if not isinstance(value, int | float | np.number) or not (isfinite(value) and low <= value <= high):
        raise ModelError(f"{name} cannot be changed to {value!r}: it must be a finite number in [{low:g}, {high:g}]")


def _range(variable: Any) -> tuple[float, float]:
    """Return the ends of what a variable can be, both included: at an end a mechanism may do nothing."""
    tag = variable.tag
    if hasattr(tag, "given"):
        low, high = tag.given.within
        return float(low), float(high)
    if hasattr(tag, "outcome"):
        return (0.0, 1.0) if tag.outcome.unit == "probability" else (-inf, inf)
    bounds: tuple[float, float] = tag.quantity.bounds
    supports = {"probability": (0.0, 1.0), "bounded": bounds, "positive": (0.0, inf)}
    return supports.get(tag.quantity.support, (-inf, inf))
