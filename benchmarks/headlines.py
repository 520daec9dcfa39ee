"""The headline outcomes of a model, by which samplers are compared."""

from __future__ import annotations

import pymc as pm
import xarray as xr

__all__ = ["headlines", "summary"]


def headlines(model: pm.Model) -> list[str]:
    """Name the headline outcomes of a model."""
    outcomes = [variable for variable in model.deterministics if hasattr(variable.tag, "outcome")]
    return [variable.name for variable in outcomes if variable.tag.outcome.headline]


def summary(draws: xr.Dataset) -> dict[str, list[float] | float]:
    """Return the smallest bulk effective sample size, and mean and Monte Carlo error of every element."""
    import arviz as az

    tree = xr.DataTree.from_dict({"posterior": draws})
    smallest = min(float(each.min()) for each in az.ess(tree, method="bulk").dataset.data_vars.values())
    means, errors = draws.mean(("chain", "draw")), az.mcse(tree, method="mean").dataset
    return {"ess": smallest, "mean": _flat(means), "mcse": _flat(errors)}


def _flat(dataset: xr.Dataset) -> list[float]:
    return [value for name in sorted(map(str, dataset)) for value in dataset[name].values.ravel().tolist()]
