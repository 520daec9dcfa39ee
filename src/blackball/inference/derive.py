"""Everything that follows from draws of the sampled variables, computed at once for all draws.

The sampler's graph holds only what the log density needs; quantities and outcomes on their natural scale, log
prior and log likelihood are computed afterwards, vectorised over draws, without compiling.
"""

from __future__ import annotations

from collections.abc import Collection

import pymc as pm
import xarray as xr
from pymc.distributions.custom import CustomDistRV
from pymc.logprob.abstract import _logprob
from pymc.logprob.basic import conditional_logp
from pytensor import config
from pytensor.graph.basic import Variable
from pytensor.graph.replace import clone_replace

from blackball.inference.on_draws import on_draws

__all__ = ["derived", "log_densities", "log_likelihood", "total"]


QUICK = {"cxx": "", "traceback__limit": 0}
"""No compiler, and no note for every node of where in the code it was made: both would take longer than the work."""


def derived(model: pm.Model, draws: xr.Dataset, names: Collection[str] | None = None) -> xr.Dataset:
    """Compute every named quantity and outcome of a model on draws of its free variables.

    Parameters
    ----------
    model : pymc.Model
    draws : Dataset
        The model's free variables, dims `chain` and `draw` first.
    names : collection of str, optional
        Only these.

    Returns
    -------
    Dataset
        The model's deterministic variables, dims `chain`, `draw` and their own.
    """
    with config.change_flags(**QUICK):
        wanted = {v.name: v for v in model.deterministics if names is None or v.name in names}
        return on_draws(model, wanted)(draws)


def log_densities(model: pm.Model, draws: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """Compute the log likelihood of each observation and the log prior of each free variable on draws.

    Parameters
    ----------
    model : pymc.Model
    draws : Dataset
        The model's free variables and what follows from them (`derived`), dims `chain` and `draw` first.

    Returns
    -------
    (Dataset, Dataset)
        Log likelihood by observed variable, and log prior by free variable; dims `chain`, `draw` and their own.
    """
    with config.change_flags(**QUICK):
        fresh = {rv: rv.type(rv.name) for rv in model.free_RVs}
        density = conditional_logp(fresh)
        prior = {rv.name: density[value] for rv, value in fresh.items()}
        return log_likelihood(model, draws), on_draws(model, prior, {value: rv for rv, value in fresh.items()})(draws)


def log_likelihood(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    """Compute the log likelihood of each observation on draws; parameters and result as for `log_densities`.

    Judgements depend on the argument only through the values that they judge. These are among the draws, so the graph
    is cut there, and no mechanism is computed again.
    """
    known = {v: v.type(v.name) for v in [*model.free_RVs, *model.deterministics] if v.name in draws}
    with config.change_flags(**QUICK):
        # No random variable is left above the cut: the density of a labelled count would be that of a fresh draw.
        cut = clone_replace(model.observed_RVs, known)
        values = [model.rvs_to_values[rv] for rv in model.observed_RVs]
        each = zip(model.observed_RVs, cut, values, strict=True)
        likelihood = {rv.name: _density(one, value) for rv, one, value in each}
        return on_draws(model, likelihood, {value: variable for variable, value in known.items()})(draws)


def _density(variable: Variable, value: Variable) -> Variable:
    """Return the log density of a value of a random variable."""
    op = variable.owner.op
    if isinstance(op, CustomDistRV):  # as it is stated: there is nothing to derive, which would take most of the time
        return _logprob(op, (value,), *variable.owner.inputs)
    return conditional_logp({variable: value})[value]


def total(*densities: xr.Dataset) -> xr.DataArray:
    """Add log densities up to one number a draw, dims `chain` and `draw`."""
    each = [density for dataset in densities for density in dataset.data_vars.values()]
    sums = [density.sum([dim for dim in density.dims if dim not in ("chain", "draw")]) for density in each]
    return xr.concat(sums, dim="part", coords="minimal", compat="override").sum("part")
