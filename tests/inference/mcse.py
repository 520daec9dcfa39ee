"""Monte Carlo standard error of a posterior mean, as ArviZ has it."""

from __future__ import annotations

import arviz as az
import xarray as xr

__all__ = ["mcse"]


def mcse(draws: xr.DataArray) -> float:
    """Return the Monte Carlo standard error of the mean of one scalar variable."""
    tree = xr.DataTree.from_dict({"posterior": draws.rename("x").to_dataset()})
    return float(az.mcse(tree, method="mean")["x"])
