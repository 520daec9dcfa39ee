"""Draws from the prior: what the model says before any judgement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pymc as pm
import xarray as xr
from pytensor import config

__all__ = ["prior_draws"]


def prior_draws(model: pm.Model, draws: int, seed: int, also: Sequence[str] = ()) -> xr.Dataset:
    """Draw the free variables of a model from their prior.

    Parameters
    ----------
    model : pymc.Model
    draws : int
    seed : int
    also : sequence of str
        Other random variables of the model, drawn with them.

    Returns
    -------
    Dataset
        Dims `chain` (one) and `draw`, then each variable's own.
    """
    names = [*(rv.name for rv in model.free_RVs), *also]
    # Plain Python draws these few variables faster than any compiler could be started.
    with config.change_flags(cxx=""):
        variables = [model[name] for name in names]
        values = pm.draw(variables, draws=draws, random_seed=seed, mode="FAST_COMPILE")
    drawn = {
        name: (("chain", "draw", *(str(dim) for dim in model.named_vars_to_dims.get(name, ()))), value[None])
        for name, value in zip(names, values, strict=True)
    }
    used = {dim for dims, _ in drawn.values() for dim in dims}
    coords = {dim: list(labels) for dim, labels in model.coords.items() if dim in used and labels is not None}
    return xr.Dataset(drawn, coords={"chain": [0], "draw": np.arange(draws), **coords})
