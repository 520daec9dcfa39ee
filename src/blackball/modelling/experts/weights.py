"""How much each expert counts: the panel's own seeds inform it, camps share a part of it.

Weights are logistic-normal: their logarithms are normal about 0, so that each differs from the next by a learned
spread. Without anything known to be true nothing informs them, and everybody counts the same.
"""

from __future__ import annotations

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.hyperpriors import constants

__all__ = ["camp_discount", "log_weights"]


def log_weights(encoded: xr.Dataset, spread: XTensorVariable, *, informed: bool) -> XTensorVariable:
    """Create the logarithms of the experts' weights.

    Parameters
    ----------
    encoded : Dataset
        From `blackball.panel.encode`.
    spread : XTensorVariable
        Standard deviation of the logarithms.
    informed : bool
        Whether the panel has seeds that inform them; otherwise all are 0, their expectation.

    Returns
    -------
    XTensorVariable
        dims `("expert",)`; the variable `weight` holds the weights themselves, which sum to 1.
    """
    if not informed or encoded.sizes["expert"] == 1:
        logs = pmd.Data("log_weight", np.zeros(encoded.sizes["expert"]), dims="expert")
    else:
        logs = spread * _aptitude(encoded)
    pmd.Deterministic("weight", pmd.math.softmax(logs, dim="expert"))
    return logs


def _aptitude(encoded: xr.Dataset) -> XTensorVariable:
    """Return each expert's aptitude, standard normal; members of a camp share a part of theirs."""
    own = pmd.Normal("aptitude", 0.0, 1.0, dims="expert")
    camps, camp, size = np.unique(encoded["camp"].values, return_inverse=True, return_counts=True)
    if size.max() == 1:
        return own
    pm.modelcontext(None).add_coords({"camp": camps.tolist()})
    shared = np.where(size[camp] > 1, constants()["camp_correlation"], 0.0)
    of_camp = pmd.Normal("camp_aptitude", 0.0, 1.0, dims="camp").isel(camp=xr.DataArray(camp, dims="expert"))
    part, rest = (as_xtensor(np.sqrt(share), dims=("expert",)) for share in (shared, 1 - shared))
    return part * of_camp + rest * own


def camp_discount(encoded: xr.Dataset, counts: xr.DataArray) -> xr.DataArray:
    """Return what each answer is worth beside those of the same camp to the same question.

    n answers of one camp whose errors correlate c are worth n / (1 + (n - 1) c) independent ones.

    Parameters
    ----------
    encoded : Dataset
    counts : DataArray
        dims `("judged", "expert")`: which answers count.

    Returns
    -------
    DataArray
        dims `("judged", "expert")`, in (0, 1].
    """
    camps, camp = np.unique(encoded["camp"].values, return_inverse=True)
    of_camp = np.zeros((counts.sizes["judged"], len(camps)))
    np.add.at(of_camp.T, camp, counts.transpose("judged", "expert").values.T)
    beside = xr.zeros_like(counts.transpose("judged", "expert"), dtype=float) + of_camp[:, camp]
    return 1 / (1 + (beside.clip(min=1) - 1) * constants()["camp_correlation"])
