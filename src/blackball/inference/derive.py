"""Everything that follows from draws of the sampled variables, computed at once for all draws.

The sampler's graph holds only what the log density needs; quantities and outcomes on their natural scale, log
prior and log likelihood are computed afterwards, vectorised over draws, without compiling.
"""

from __future__ import annotations

import pymc as pm
import xarray as xr
from pymc.logprob.basic import conditional_logp
from pytensor import config

from blackball.inference.on_draws import on_draws

__all__ = ["derived", "log_densities"]


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
        return on_draws(model, {variable.name: variable for variable in model.deterministics})(draws)


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
    # All at once: the density of a labelled count alone would be that of a copy, given fresh random draws.
    density = conditional_logp({**fresh, **{rv: model.rvs_to_values[rv] for rv in model.observed_RVs}})
    likelihood = {rv.name: density[model.rvs_to_values[rv]] for rv in model.observed_RVs}
    prior = {rv.name: density[value] for rv, value in fresh.items()}
    inputs = {value: rv for rv, value in fresh.items()}
    return on_draws(model, likelihood, inputs)(draws), on_draws(model, prior, inputs)(draws)
