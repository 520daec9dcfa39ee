"""Expressions of a model on draws of its free variables: all draws at once, vectorised, without compiling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pymc as pm
import xarray as xr
from pytensor import function
from pytensor.compile.mode import Mode
from pytensor.compile.ops import ViewOp
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.basic import Constant, Variable
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.traversal import ancestors, graph_inputs
from pytensor.tensor.symbolic import TensorSymbolicOp
from pytensor.xtensor.type import XTensorVariable, xtensor
from pytensor.xtensor.vectorization import vectorize_graph

__all__ = ["OnDraws", "on_draws"]

SAMPLE = "sample"
# Ready in a fraction of a second where a compiled function takes ten; NumPy does the work on whole arrays.
PLAIN = Mode(linker="py", optimizer="merge")
# At most about so many draws times numbers of data that are read at a time: an array of as many takes 128 MB.
AT_ONCE = 2**24

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
        `instead` in order, and returns a Dataset with dims `chain`, `draw` and each expression's own.
    """
    # What is drawn takes the place of the variable as an input, and its draws the place of that.
    given = {variable: variable.type(variable.name) for variable in drawn}
    batched = {one: _batched(one) for one in (*model.free_RVs, *given.values(), *(values_of or {}).values())}
    replace = {**batched, **{value: batched[variable] for value, variable in (values_of or {}).items()}}
    cloned, clones = _without_views(list(outputs.values()), {**given, **(instead or {})})
    wanted = dict(zip(outputs, cloned, strict=True))
    replace = {clones.get(variable, variable): value for variable, value in replace.items()}
    reached = set(ancestors(cloned))
    needed = {value for variable, value in replace.items() if variable in reached}
    batched = {variable: value for variable, value in batched.items() if value in needed}
    # PyTensor vectorises only what depends on a batched variable; the rest is the same in every draw.
    uncertain = [name for name, output in wanted.items() if set(ancestors([output])) & replace.keys()]
    plain = any(not isinstance(variable, XTensorVariable) for variable in batched.values())
    expressions = vectorize_graph(
        [wanted[name] for name in uncertain], replace=replace, new_tensor_dims=(SAMPLE,) if plain else ()
    )
    certain = [name for name in wanted if name not in uncertain]
    expressions += [wanted[name] for name in certain]
    compute = function(
        [*batched.values(), *(instead or {}).values()], expressions, mode=PLAIN, on_unused_input="ignore"
    )

    held = sum(np.size(one.get_value(borrow=True)) for one in graph_inputs(expressions) if _is_data(one))

    def evaluate(draws: xr.Dataset, *values: np.ndarray) -> xr.Dataset:
        stacked = draws[[one.name for one in batched]].stack({SAMPLE: ("chain", "draw")}, create_index=False)
        given = [_values(stacked[one.name], batched[one]) for one in batched]
        size = draws.sizes["chain"] * draws.sizes["draw"]
        step = max(1, AT_ONCE // max(1, held + sum(map(np.size, values))))
        pieces = [compute(*(array[start : start + step] for array in given), *values) for start in range(0, size, step)]
        found = [_joined(parts) for parts in zip(*(piece[: len(uncertain)] for piece in pieces), strict=True)]
        found += pieces[0][len(uncertain) :]
        arrays = dict(zip([*uncertain, *certain], (np.asarray(value, dtype=float) for value in found), strict=True))
        arrays |= {name: np.broadcast_to(arrays[name], (size, *arrays[name].shape)) for name in certain}
        return _laid_out(model, draws, {name: (_dims(model, name, outputs[name]), arrays[name]) for name in arrays})

    return evaluate


def _is_data(variable: Variable) -> bool:
    return isinstance(variable, SharedVariable) and isinstance(variable.get_value(borrow=True), np.ndarray)


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _laid_out(
    model: pm.Model, draws: xr.Dataset, arrays: Mapping[str, tuple[tuple[str, ...], np.ndarray]]
) -> xr.Dataset:
    """Label arrays whose first axis is the sample, by their own dims, with the chains and draws they came from."""
    shape = (draws.sizes["chain"], draws.sizes["draw"])
    computed = {
        name: (("chain", "draw", *own), array.reshape(*shape, *array.shape[1:]))
        for name, (own, array) in arrays.items()
    }
    coords = {dim: list(model.coords[dim]) for dim in _used(computed) if model.coords.get(dim) is not None}
    return xr.Dataset(computed, coords={"chain": draws["chain"], "draw": draws["draw"], **coords})


def _without_views(
    outputs: list[Variable], instead: Mapping[Variable, Variable]
) -> tuple[list[Variable], dict[Variable, Variable]]:
    """Clone the graph without the views that carry names, which PyTensor does not vectorise.

    Inputs take the place of the variables in `instead`. Returns the cloned outputs and the clone of each original
    variable.
    """
    clones: dict[Variable, Variable] = {}
    inputs = [variable for variable in graph_inputs(outputs) if not isinstance(variable, Constant)]
    graph = FunctionGraph(inputs, outputs, clone=True, memo=clones, copy_inputs=False)
    for variable, value in instead.items():
        if variable in clones:  # else nothing depends on it
            graph.add_input(value)
            graph.replace(clones[variable], value)
    for node in graph.toposort():
        if isinstance(node.op, ViewOp):
            graph.replace(node.outputs[0], node.inputs[0])
        if isinstance(node.op, TensorSymbolicOp):  # left whole it would be looped over, draw by draw
            graph.replace(node.outputs[0], node.op.build_inner_graph(*node.inputs)[0])
    return list(graph.outputs), clones


def _batched(rv: Variable) -> Variable:
    """Return an input like the variable, with the draws as a first dimension."""
    if isinstance(rv, XTensorVariable):
        return xtensor(rv.name, dims=(SAMPLE, *rv.type.dims), dtype=rv.type.dtype)
    return rv.type.clone(shape=(None, *rv.type.shape))(rv.name)


def _values(draws: xr.DataArray, variable: Variable) -> np.ndarray:
    dims = variable.type.dims if isinstance(variable, XTensorVariable) else (SAMPLE, *_own(draws))
    return draws.transpose(*dims).to_numpy()


def _own(draws: xr.DataArray) -> list[str]:
    return [str(dim) for dim in draws.dims if dim != SAMPLE]


def _dims(model: pm.Model, name: str, variable: Variable) -> tuple[str, ...]:
    if isinstance(variable, XTensorVariable):
        return tuple(variable.type.dims)
    known = model.named_vars_to_dims.get(name, ())
    return tuple(str(dim) for dim in known)[: variable.type.ndim]


def _used(computed: Mapping[str, tuple[tuple[str, ...], np.ndarray]]) -> Iterable[str]:
    return {dim for dims, _ in computed.values() for dim in dims} - {"chain", "draw"}
