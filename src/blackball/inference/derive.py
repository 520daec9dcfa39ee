"""Everything that follows from draws of the sampled variables, computed at once for all draws.

The sampler's graph holds only what the log density needs; quantities and outcomes on their natural scale, log
prior and log likelihood are computed afterwards, vectorised over draws, without compiling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pymc as pm
import xarray as xr
from pytensor import config, function
from pytensor.compile.mode import Mode
from pytensor.compile.ops import ViewOp
from pytensor.graph.basic import Constant, Variable
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.traversal import ancestors, graph_inputs
from pytensor.xtensor.type import XTensorVariable, xtensor
from pytensor.xtensor.vectorization import vectorize_graph

__all__ = ["derived", "log_densities"]

SAMPLE = "sample"
# Ready in a fraction of a second where a compiled function takes ten; NumPy does the work on whole arrays.
PLAIN = Mode(linker="py", optimizer="merge")


def derived(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    """Compute every named quantity and outcome of a model on draws of its free variables.

    Parameters
    ----------
    model : pymc.Model
    draws : Dataset
        The model's free variables, dims `chain` and `draw` first.

    Returns
    -------
    Dataset
        The model's deterministic variables, dims `chain`, `draw` and their own.
    """
    with config.change_flags(cxx=""):
        return _evaluate(model, {variable.name: variable for variable in model.deterministics}, draws)


def log_densities(model: pm.Model, draws: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """Compute the log likelihood of each observation and the log prior of each free variable on draws.

    Returns
    -------
    (Dataset, Dataset)
        Log likelihood by observed variable, and log prior by free variable; dims `chain`, `draw` and their own.
    """
    with config.change_flags(cxx=""):
        return _log_densities(model, draws)


def _log_densities(model: pm.Model, draws: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    fresh = {rv: rv.type(rv.name) for rv in model.free_RVs}
    likelihood = {rv.name: pm.logp(rv, model.rvs_to_values[rv], warn_rvs=False) for rv in model.observed_RVs}
    prior = {rv.name: pm.logp(rv, fresh[rv], warn_rvs=False) for rv in model.free_RVs}
    inputs = {value: rv for rv, value in fresh.items()}
    return _evaluate(model, likelihood, draws), _evaluate(model, prior, draws, inputs)


def _evaluate(
    model: pm.Model,
    outputs: Mapping[str, Variable],
    draws: xr.Dataset,
    values_of: Mapping[Variable, Variable] | None = None,
) -> xr.Dataset:
    """Evaluate named expressions of the free variables, or of stand-ins for their values, on all draws."""
    if not outputs:
        return draws[[]]
    stacked = draws.stack({SAMPLE: ("chain", "draw")}, create_index=False)
    batched = {rv: _batched(rv) for rv in model.free_RVs}
    replace = {**batched, **{value: batched[rv] for value, rv in (values_of or {}).items()}}
    cloned, clones = _without_views(list(outputs.values()))
    wanted = dict(zip(outputs, cloned, strict=True))
    replace = {clones.get(variable, variable): value for variable, value in replace.items()}
    # PyTensor vectorises only what depends on a batched variable; the rest is the same in every draw.
    uncertain = [name for name, output in wanted.items() if set(ancestors([output])) & replace.keys()]
    plain = any(not isinstance(variable, XTensorVariable) for variable in batched.values())
    expressions = vectorize_graph(
        [wanted[name] for name in uncertain], replace=replace, new_tensor_dims=(SAMPLE,) if plain else ()
    )
    expressions += [output for name, output in wanted.items() if name not in uncertain]
    compute = function(list(batched.values()), expressions, mode=PLAIN, on_unused_input="ignore")
    values = compute(*(_values(stacked[rv.name], batched[rv]) for rv in model.free_RVs))
    shape = (draws.sizes["chain"], draws.sizes["draw"])
    names = [*uncertain, *(name for name in wanted if name not in uncertain)]
    computed = {}
    for name, value in zip(names, values, strict=True):
        array = np.asarray(value, dtype=float)
        array = array if name in uncertain else np.broadcast_to(array, (shape[0] * shape[1], *array.shape))
        own = _dims(model, name, outputs[name])
        computed[name] = (("chain", "draw", *own), array.reshape(*shape, *array.shape[1:]))
    coords = {dim: list(model.coords[dim]) for dim in _used(computed) if model.coords.get(dim) is not None}
    return xr.Dataset(computed, coords={"chain": draws["chain"], "draw": draws["draw"], **coords})


def _without_views(outputs: list[Variable]) -> tuple[list[Variable], dict[Variable, Variable]]:
    """Clone the graph without the views that carry names, which PyTensor does not vectorise.

    Returns the cloned outputs and the clone of each original variable.
    """
    clones: dict[Variable, Variable] = {}
    inputs = [variable for variable in graph_inputs(outputs) if not isinstance(variable, Constant)]
    graph = FunctionGraph(inputs, outputs, clone=True, memo=clones, copy_inputs=False)
    for node in graph.toposort():
        if isinstance(node.op, ViewOp):
            graph.replace(node.outputs[0], node.inputs[0])
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
