"""What an expert model's parameters are on this panel: drawn from the population, then informed by the panel itself."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

__all__ = ["recalibration"]


def recalibration(hyper: xr.Dataset) -> dict[str, XTensorVariable]:
    """Create the parameters of an expert model.

    Parameters
    ----------
    hyper : Dataset
        From `hyperpriors`.

    Returns
    -------
    dict of str to XTensorVariable
        Scalars on their natural scale, by name. Together they are the variable `recalibration`, dims
        `("hyperparameter",)`.
    """
    pm.modelcontext(None).add_coords({"hyperparameter": hyper["hyperparameter"].values.tolist()})
    log = hyper["log"].values
    linked = np.where(log, np.log(hyper["median"].values, where=log, out=np.zeros(log.shape)), hyper["median"].values)
    centre = pmd.Data("population_centre", linked, dims="hyperparameter")
    spread = pmd.Data("population_spread", hyper["sd"].values, dims="hyperparameter")
    value = centre + spread * pmd.Normal("population", 0.0, 1.0, dims="hyperparameter")
    positive = as_xtensor(log, dims=("hyperparameter",))
    # Where it is not needed the exponential is that of 0, so that it can never overflow.
    natural = pmd.math.switch(positive, pmd.math.exp(pmd.math.switch(positive, value, 0.0)), value)
    pmd.Deterministic("recalibration", natural)
    return {str(name): natural.isel(hyperparameter=place) for place, name in enumerate(hyper["hyperparameter"].values)}
