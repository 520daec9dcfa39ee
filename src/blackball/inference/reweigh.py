"""Weigh the draws of one posterior so that they stand for another: that of a panel in which something has changed.

The weight of a draw is the ratio of the two joint densities of prior and judgements. Both are reckoned in full, because
a new answer moves more than itself: the centre and the unit of a question, who is off the middle, what a camp is worth.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pymc as pm
import xarray as xr
from pytensor.graph.traversal import ancestors

from blackball.inference.derive import derived, log_densities, total
from blackball.inference.prepare import data_of
from blackball.inference.weights import Weights, smoothed

__all__ = ["Weighed", "stale", "unlike", "weigh"]


@dataclass(frozen=True)
class Weighed:
    """Draws, and what they weigh under other judgements.

    Attributes
    ----------
    draws : Dataset
        All variables of the model, dims `chain`, `draw` and their own.
    log_likelihood, log_prior : Dataset
        Under the other judgements, as `log_densities` gives them.
    weights : Weights
    """

    draws: xr.Dataset
    log_likelihood: xr.Dataset
    log_prior: xr.Dataset
    weights: Weights


def unlike(base: xr.DataTree, model: pm.Model) -> str:
    """Say why draws cannot stand for those of a model, however they are weighed; empty if they can.

    Parameters
    ----------
    base : DataTree
        From `base_of`.
    model : pymc.Model
        Of the judgements as they are now.
    """
    drawn = base["posterior"].dataset
    free = [variable.name for variable in model.free_RVs]
    dims = {name: tuple(map(str, model.named_vars_to_dims.get(name, ()))) for name in free}
    for name in free:
        if name not in drawn:
            return f"the judgements bring a variable that was not sampled: {name}"
        for dim in dims[name]:
            before = list(map(str, drawn[name][dim].values)) if dim in drawn[name].coords else []
            after = list(map(str, model.coords.get(dim) or ()))
            if before != after:
                return f"{name} has a value for each {dim}, and these changed: {_difference(before, after)}"
    extra = sorted(set(json.loads(base.attrs["sampled"])) - set(free))
    return f"the judgements do without a variable that was sampled: {extra[0]}" if extra else ""


def _difference(before: Sequence[str], after: Sequence[str]) -> str:
    new, gone = [one for one in after if one not in before], [one for one in before if one not in after]
    changes = {"came in": new, "went": gone}
    said = [f"{names[0]}{' and more' * (len(names) > 1)} {what}" for what, names in changes.items() if names]
    return ", ".join(said) or "their order"


def stale(base: xr.DataTree, model: pm.Model) -> Collection[str]:
    """Return which of a model's named values depend on data that have changed since its draws were made.

    A model takes what it needs of a panel as data variables, as `judged` does; numbers of a panel that a model file
    writes into its argument as constants would go unnoticed.
    """
    before, after = base["constant_data"].dataset, data_of(model)
    same = {name for name, array in after.items() if name in before and np.array_equal(before[name].values, array)}
    changed = {model[name] for name in after.keys() - same}
    drawn = base["posterior"].dataset
    named = {str(variable.name): variable for variable in model.deterministics}
    return {name for name, v in named.items() if name not in drawn or changed & set(ancestors([v]))}


def weigh(base: xr.DataTree, model: pm.Model) -> Weighed:
    """Weigh draws for a model that they are not `unlike`.

    Parameters
    ----------
    base, model
        As for `unlike`.
    """
    drawn, anew = base["posterior"].dataset, stale(base, model)
    free = [variable.name for variable in model.free_RVs]
    draws = drawn[[*free, *(v.name for v in model.deterministics if v.name not in anew)]]
    if anew:
        draws = draws.merge(derived(model, draws[free], anew))
    likelihood, prior = log_densities(model, draws)
    log_ratio = total(likelihood, prior) - base["density"]["log_density"]
    return Weighed(draws, likelihood, prior, smoothed(log_ratio))
