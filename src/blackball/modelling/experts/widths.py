"""Widths of bare points: an answer without a width takes the panel's usual one, up to a learned factor."""

from __future__ import annotations

import numpy as np
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.hyperpriors import constants

__all__ = ["point_width", "stated_width"]

# Narrower than this, in units of the question, no answer counts as.
NARROWEST = 1e-3


def stated_width(encoded: xr.Dataset) -> xr.DataArray:
    """Return the width of each answer in the question's units; a bare point has the usual one.

    Rounding counts as width, so that no answer is infinitely narrow.

    Returns
    -------
    DataArray
        dims `("judged", "expert")`, positive.
    """
    own = (encoded["lower"] + encoded["upper"]) / 2
    rounding = (encoded["rounding_lower"] + encoded["rounding_upper"]) / 2
    width = ((own**2 + rounding**2) ** 0.5).where(encoded["has_width"], encoded["usual_width"])
    return width.clip(min=NARROWEST)


def point_width(encoded: xr.Dataset, *, learned: bool) -> XTensorVariable:
    """Return the factor between bare points' widths and the usual width.

    Parameters
    ----------
    encoded : Dataset
        From `blackball.panel.encode`.
    learned : bool
        Whether the expert model can tell from the panel how accurate points are; else the factor is 1, its median.

    Returns
    -------
    XTensorVariable
        Scalar; the variable `point_width` if it is learned and there are bare points.
    """
    points = encoded["answered"] & ~encoded["has_width"]
    if not learned or not bool(points.any()):
        return pmd.Data("point_width", np.float64(1))
    return pmd.LogNormal("point_width", 0.0, pmd.Data("point_width_sd", np.float64(constants()["point_width_sd"])))
