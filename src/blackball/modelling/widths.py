"""Widths of bare points: an answer without a width takes the panel's usual one, up to a learned factor."""

from __future__ import annotations

import numpy as np
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor.type import XTensorVariable

__all__ = ["point_width", "usual_width"]


def usual_width(encoded: xr.Dataset) -> xr.DataArray:
    """Return the median stated width on each question, in the question's units.

    Where nobody states a width the question's unit itself stands for it.

    Returns
    -------
    DataArray
        dims `("judged",)`, positive.
    """
    widths = ((encoded["lower"] + encoded["upper"]) / 2).where(encoded["has_width"])
    return widths.median(dim="expert", skipna=True).fillna(1.0).clip(min=np.finfo(float).tiny)


def point_width(encoded: xr.Dataset, hyper: xr.DataArray) -> XTensorVariable:
    """Return the factor between bare points' widths and the usual width: uncertain if there are any, else 1."""
    points = encoded["answered"] & ~encoded["has_width"]
    if not bool(points.any()):
        return pmd.Data("point_width", 1.0)
    spread = pmd.Data("point_width_sd", float(hyper.sel(hyperparameter="point_width_sd")))
    return pmd.LogNormal("point_width", 0.0, spread)
