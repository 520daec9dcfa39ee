"""From machine code to a compiled model of the sampler."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pymc as pm
from numpy.typing import NDArray
from pymc.initial_point import make_initial_point_fn
from pytensor import config

from blackball.inference.engine.density import DENSITY, NATURAL, density
from blackball.inference.engine.graph import graphs, length
from blackball.inference.engine.native import Compiled, Native
from blackball.inference.engine.packed import Packed
from blackball.inference.engine.recall import recalled, remember
from blackball.inference.engine.signature import model_signature

if TYPE_CHECKING:
    from nutpie.compile_pymc import CompiledPyMCModel

__all__ = ["Flat", "flat"]


@dataclass(frozen=True)
class _Entry:
    """A compiled function, by address, that keeps its code alive."""

    address: int
    native: Native


@dataclass(frozen=True)
class Flat:
    """A compiled model and where its data lie.

    Attributes
    ----------
    compiled : CompiledPyMCModel
        What `nutpie.sample` takes.
    packed : Packed
    data : dict of str to ndarray
        The data that it holds now.
    """

    compiled: CompiledPyMCModel
    packed: Packed
    data: dict[str, NDArray[Any]]

    def with_data(self, arrays: Mapping[str, NDArray[Any]]) -> Flat:
        """Return the same code on other data of the same shapes; names that the density does not use are ignored."""
        data = {name: np.asarray(arrays.get(name, held)) for name, held in self.data.items()}
        return Flat(dataclasses.replace(self.compiled, user_data=self.packed.fill(data)), self.packed, data)


def flat(model: pm.Model) -> Flat:
    """Compile a model.

    Raises
    ------
    Unsupported
        If there is something in its graph that the generator does not know.
    """
    from nutpie.compile_pymc import CompiledPyMCModel  # slow to import, and not needed to weigh draws

    with config.change_flags(cxx=""):  # as in `graphs`
        start = make_initial_point_fn(
            model=model, default_strategy="support_point", jitter_rvs=set(model.free_RVs), return_transformed=True
        )
        first = start(0)
    values = [model.rvs_to_values[rv].name for rv in model.free_RVs]
    code, data = _density(model, {name: first[name] for name in values})
    transformed = [rv for rv in model.free_RVs if model.rvs_to_transforms[rv] is not None]
    shapes = {name: first[name].shape for name in values}
    shapes |= {rv.name: shape for rv, shape in zip(transformed, code.shapes, strict=True)}
    stops = np.cumsum([prod(shape) for shape in shapes.values()]).tolist()
    compiled = CompiledPyMCModel(
        dims=_dims(model, shapes),
        _n_dim=sum(first[name].size for name in values),
        _coords=_coords(model, {name: shapes[name] for name in values}),
        _shapes=shapes,
        compiled_logp_func=_Entry(code.native.addresses[DENSITY], code.native),
        compiled_expand_func=_Entry(code.native.addresses[NATURAL], code.native),
        initial_point_func=_joined(start, values),
        shared_data={},
        shared_var_keys={},
        user_data=code.packed.fill(data),
        n_expanded=stops[-1],
        shape_info=(list(shapes), [slice(*ends) for ends in pairwise([0, *stops])], list(shapes.values())),
        logp_func=None,
        expand_func=None,
        reparameterized_names=[model.rvs_to_values[rv].name for rv in transformed],
    )
    return Flat(compiled, code.packed, data)


def _density(model: pm.Model, start: Mapping[str, NDArray[Any]]) -> tuple[Compiled, dict[str, NDArray[Any]]]:
    """Return the density of a model, compiled unless one of that signature was, and the data that it reads."""
    signature = model_signature(model, {name: array.shape for name, array in start.items()})
    known = recalled(signature.key, [DENSITY, NATURAL]) if signature else None
    if signature and known:
        return known, {name: np.asarray(signature.data[name].get_value()) for name in known.packed.data}
    derived = graphs(model, start)
    code = density(derived)
    if signature:
        remember(signature.key, code)
    return code, derived.values


def _joined(
    start: Callable[[int], dict[str, NDArray[np.float64]]], names: list[str]
) -> Callable[[int], NDArray[np.float64]]:
    """Return the starting point of a seed as one vector; chains ask for it from several threads."""
    lock = Lock()

    def initial_point(seed: int) -> NDArray[np.float64]:
        with lock:
            point = start(seed)
        return np.concatenate([np.asarray(point[name], dtype=float).ravel() for name in names])

    return initial_point


def _dims(model: pm.Model, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the dims of every variable; those of an unconstrained one are the variable's own if it is as large."""
    dims = dict(model.named_vars_to_dims)
    for rv in model.free_RVs:
        value = model.rvs_to_values[rv].name
        if rv.name in dims and shapes[value] == shapes[rv.name]:
            dims[value] = dims[rv.name]
    return dims


def _coords(model: pm.Model, values: Mapping[str, tuple[int, ...]]) -> dict[str, pd.Index[Any]]:
    """Return the labels of every dim, and names for the elements of the sampler's vector."""
    coords = {
        dim: pd.Index(labels) if labels is not None else pd.RangeIndex(length(model.dim_lengths[dim]))
        for dim, labels in model.coords.items()
    }
    elements = [
        "_".join([name, *([".".join(map(str, index))] if index else [])])
        for name, shape in values.items()
        for index in np.ndindex(shape)
    ]
    return {**coords, "unconstrained_parameter": pd.Index(elements)}
