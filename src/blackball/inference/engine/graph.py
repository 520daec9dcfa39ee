"""The graphs that a sampler needs of a model: log density with gradient, and the way back to natural scales."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pytensor import config
from pytensor.compile.builders import OpFromGraph
from pytensor.compile.mode import optdb
from pytensor.compile.rewriting import inline_ofg_node
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph import clone_replace, node_rewriter, rewrite_graph
from pytensor.graph.basic import Constant, Variable
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.rewriting.basic import MergeOptimizer, dfs_rewriter
from pytensor.graph.rewriting.db import RewriteDatabaseQuery
from pytensor.graph.traversal import ancestors
from pytensor.xtensor.type import XTensorVariable, xtensor

from blackball.inference.engine.values import Unsupported

__all__ = ["Graphs", "graphs", "length", "rewritten", "shared", "stand_in"]

# Takes a third of the time of all rewrites, and turns p w + (1 - p) into (1 + p w) - p, which cancels where p is small.
DISTRIBUTOR = "local_greedy_distributor"

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Graphs:
    """Rewritten graphs of one flat vector of doubles and of data.

    Attributes
    ----------
    density : FunctionGraph
        Log density and its gradient.
    natural : FunctionGraph
        The transformed free variables on their natural scales.
    point : Variable
        The vector, shape `(n,)`.
    size : int
        Its length.
    data : dict of str to Variable
        Inputs that data fill, by name.
    values : dict of str to ndarray
        The data that the model holds.
    """

    density: FunctionGraph
    natural: FunctionGraph
    point: Variable
    size: int
    data: dict[str, Variable]
    values: dict[str, np.ndarray]


def graphs(model: pm.Model, start: Arrays) -> Graphs:
    """Derive and rewrite the graphs of a model.

    Parameters
    ----------
    model : pymc.Model
    start : mapping of str to ndarray
        Any point on the unconstrained scale: its shapes are those of the variables.

    Raises
    ------
    Unsupported
        If the model has discrete variables, or state such as random generators in its density.
    """
    # PyTensor would call a C compiler for every constant that it folds: ten seconds the first time.
    with config.change_flags(cxx="", traceback__limit=0):
        return _graphs(model, start)


def _graphs(model: pm.Model, start: Arrays) -> Graphs:
    free = [model.rvs_to_values[rv] for rv in model.free_RVs]
    if any(value.type.dtype != "float64" for value in free):
        raise Unsupported("a discrete free variable")
    logp, natural = model.logp(), _natural(model)
    stand_ins = {value: stand_in(value, start[value.name].shape) for value in free}
    lengths, data = shared([logp, *natural], model.dim_lengths.values())
    inside = {variable: stand_in(variable, variable.get_value().shape) for variable in data}
    known = {length: pt.constant(length.get_value()) for length in lengths}
    logp, *natural = clone_replace([logp, *natural], {**stand_ins, **known, **inside})
    checks = "local_check_parameter_to_ninf_switch" if model.check_bounds else "local_remove_check_parameter"
    logp = rewrite_graph(logp, include=("canonicalize", "stabilize"), exclude=(DISTRIBUTOR,))
    gradient = _flat(pt.grad(logp, list(stand_ins.values())))
    point, pieces = _pieces([start[value.name].shape for value in free])
    parts = dict(zip(stand_ins.values(), pieces, strict=True))
    inputs = [point, *inside.values()]
    return Graphs(
        rewritten(inputs, clone_replace([logp, gradient], parts), "fast_run", checks),
        rewritten(inputs, clone_replace(natural, parts), "fast_run", checks),
        point,
        point.type.shape[0],
        {variable.name: stand_in for variable, stand_in in inside.items()},
        {variable.name: np.asarray(variable.get_value()) for variable in data},
    )


def _natural(model: pm.Model) -> list[Variable]:
    """Return the transformed free variables on their natural scales."""
    back = [
        transform.backward(model.rvs_to_values[rv], *rv.owner.inputs)
        for rv in model.free_RVs
        if (transform := model.rvs_to_transforms[rv]) is not None
    ]
    return list(model.replace_rvs_by_values(back))


def shared(outputs: Sequence[Variable], known: Collection[Variable]) -> tuple[list[Any], list[Any]]:
    """Return what outputs depend on from outside the graph: lengths of dims, which are known, and data.

    Raises
    ------
    Unsupported
        If there is other state, such as random generators.
    """
    found = [variable for variable in ancestors(outputs) if isinstance(variable, SharedVariable)]
    lengths = [variable for variable in found if variable in set(known)]
    data = [variable for variable in found if variable not in lengths]
    for variable in data:
        if not isinstance(variable.get_value(), np.ndarray | np.generic):
            raise Unsupported(f"{variable} in the graph")
    names = [variable.name for variable in data]
    if None in names or len(set(names)) < len(names):
        raise Unsupported("data without a name of their own")
    return lengths, data


def length(variable: Any) -> int:
    """Return the length of a dim of a model, by the variable that holds it."""
    return int(variable.data if isinstance(variable, Constant) else variable.get_value())


def stand_in(variable: Any, shape: tuple[int, ...]) -> Any:
    """Return an input like a variable, of known shape."""
    if isinstance(variable, XTensorVariable):
        return xtensor(variable.name, dims=variable.type.dims, shape=shape, dtype=variable.type.dtype)
    return pt.tensor(variable.name, dtype=variable.type.dtype, shape=shape)


def _flat(variables: Sequence[Variable]) -> Variable:
    return pt.concatenate([pt.as_tensor(v, allow_xtensor_conversion=True).ravel() for v in variables])


def _pieces(shapes: Sequence[tuple[int, ...]]) -> tuple[Variable, list[Variable]]:
    """Return a flat vector, and its pieces in the given shapes."""
    ends = np.cumsum([prod(shape) for shape in shapes]).tolist()
    point = pt.tensor("point", dtype="float64", shape=(ends[-1],))
    starts = [0, *ends[:-1]]
    return point, [point[start:end].reshape(shape) for start, end, shape in zip(starts, ends, shapes, strict=True)]


def rewritten(inputs: Sequence[Variable], outputs: Sequence[Variable], *rewrites: str) -> FunctionGraph:
    """Rewrite a graph with PyTensor's rewrites, short of what only its own back ends want.

    Parameters
    ----------
    inputs, outputs : sequence of Variable
    *rewrites : str
        Names of rewrites, and of sets of them.
    """
    outputs = [pt.as_tensor(output, allow_xtensor_conversion=True) for output in outputs]
    graph = FunctionGraph(list(inputs), outputs, clone=False)
    query = RewriteDatabaseQuery(include=rewrites, exclude=["inplace", "fusion", "BlasOpt", "cxx_only", DISTRIBUTOR])
    optdb.query(query).rewrite(graph)
    dfs_rewriter(node_rewriter([OpFromGraph])(lambda _, node: inline_ofg_node(node))).rewrite(graph)
    MergeOptimizer().rewrite(graph)
    return graph
