"""Expressions of a model on draws of its free variables, all draws at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from threading import Lock

import numpy as np
import pymc as pm
import xarray as xr
from numpy.typing import NDArray
from pytensor import function
from pytensor.compile.mode import Mode
from pytensor.graph import clone_replace
from pytensor.graph.basic import Variable
from pytensor.graph.traversal import ancestors
from pytensor.xtensor.type import XTensorVariable

from blackball.inference.engine import Unsupported, compile_outputs, length

__all__ = ["OnDraws", "on_draws"]

Arrays = Sequence[NDArray[np.float64]]
Computed = Callable[[Arrays, int], list[NDArray[np.float64]]]

# PyTensor and its settings are not made for threads.
_ONE_AT_A_TIME = Lock()

type OnDraws = Callable[..., xr.Dataset]
"""Takes a dataset of draws, then the values of the other inputs in order."""


def on_draws(
    model: pm.Model,
    outputs: Mapping[str, Variable],
    values_of: Mapping[Variable, Variable] | None = None,
    instead: Mapping[Variable, Variable] | None = None,
    drawn: Sequence[Variable] = (),
) -> OnDraws:
    """Make a function of draws out of named expressions.

    Parameters
    ----------
    model : pymc.Model
    outputs : mapping of str to Variable
        Expressions of the model's free variables, or of stand-ins.
    values_of : mapping of Variable to Variable, optional
        Variables of the model whose draws stand-ins take, by stand-in.
    instead : mapping of Variable to Variable, optional
        Inputs that take the place of named variables, by variable; the same in every draw.
    drawn : sequence of Variable
        Named variables whose draws are given too, and not computed.

    Returns
    -------
    callable
        Takes those variables and those in `drawn` (Dataset, dims `chain` and `draw` first), then a value for each of
        `instead` in order, and returns a Dataset with dims `chain`, `draw` and each expression's own. It is compiled
        when it is called with draws of such shapes for the first time.
    """
    given = {variable: variable.type(variable.name) for variable in (*model.free_RVs, *drawn)}
    expressions = clone_replace(list(outputs.values()), {**given, **(instead or {})})
    reached = set(ancestors(expressions))
    source = {one: str(variable.name) for variable, one in given.items() if one in reached}
    source |= {one: str(variable.name) for one, variable in (values_of or {}).items() if one in reached}
    others = list((instead or {}).values())
    ready: dict[object, Computed] = {}

    def evaluate(draws: xr.Dataset, *values: np.ndarray) -> xr.Dataset:
        size = draws.sizes["chain"] * draws.sizes["draw"]
        arrays = {one: _flat(model, draws[name], one) for one, name in source.items()}
        same = {one: value for one, value in zip(others, values, strict=True) if one in reached}
        arrays |= {one: np.broadcast_to(value, (size, *np.shape(value))) for one, value in same.items()}
        shapes = {one: array.shape[1:] for one, array in arrays.items()}
        key = (*shapes.values(), *(data.get_value(borrow=True).shape for data in model.data_vars), *_lengths(model))
        with _ONE_AT_A_TIME:
            if key not in ready:
                ready[key] = _computed(expressions, shapes, model)
        found = dict(zip(outputs, ready[key](list(arrays.values()), size), strict=True))
        return _laid_out(model, draws, {name: (_dims(model, name, outputs[name]), found[name]) for name in found})

    return evaluate


def _computed(expressions: Sequence[Variable], shapes: Mapping[Variable, tuple[int, ...]], model: pm.Model) -> Computed:
    """Return what computes expressions on arrays whose first axis is the draw."""
    try:
        return compile_outputs(expressions, shapes, list(model.dim_lengths.values()))
    except Unsupported:
        compute = function(list(shapes), list(expressions), mode=Mode(linker="py", optimizer="merge"))

        def one_by_one(arrays: Arrays, draws: int) -> list[NDArray[np.float64]]:
            with _ONE_AT_A_TIME:
                found = [compute(*(array[i] for array in arrays)) for i in range(draws)]
            return [
                np.stack([np.asarray(value, dtype=float) for value in values]) for values in zip(*found, strict=True)
            ]

        return one_by_one


def _lengths(model: pm.Model) -> list[int]:
    return [length(variable) for variable in model.dim_lengths.values()]


def _laid_out(
    model: pm.Model, draws: xr.Dataset, arrays: Mapping[str, tuple[tuple[str, ...], np.ndarray]]
) -> xr.Dataset:
    """Label arrays whose first axis is the draw, by their own dims, with the chains and draws they came from."""
    shape = (draws.sizes["chain"], draws.sizes["draw"])
    computed = {
        name: (("chain", "draw", *own), array.reshape(*shape, *array.shape[1:]))
        for name, (own, array) in arrays.items()
    }
    coords = {dim: list(model.coords[dim]) for dim in _used(computed) if model.coords.get(dim) is not None}
    return xr.Dataset(computed, coords={"chain": draws["chain"], "draw": draws["draw"], **coords})


def _flat(model: pm.Model, draws: xr.DataArray, variable: Variable) -> NDArray[np.float64]:
    """Return draws as one array with the draw first, then the variable's own dims in its order."""
    if isinstance(variable, XTensorVariable):
        own = variable.type.dims
    else:
        own = model.named_vars_to_dims.get(variable.name) or draws.dims[2:]
    ordered = draws.transpose("chain", "draw", *own)
    return ordered.to_numpy().reshape(prod(ordered.shape[:2]), *ordered.shape[2:])


def _dims(model: pm.Model, name: str, variable: Variable) -> tuple[str, ...]:
    if isinstance(variable, XTensorVariable):
        return tuple(variable.type.dims)
    known = model.named_vars_to_dims.get(name, ())
    return tuple(str(dim) for dim in known)[: variable.type.ndim]


def _used(computed: Mapping[str, tuple[tuple[str, ...], np.ndarray]]) -> Iterable[str]:
    return {dim for dims, _ in computed.values() for dim in dims} - {"chain", "draw"}
