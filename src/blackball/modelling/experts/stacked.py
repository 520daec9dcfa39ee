"""Lay named columns of answers side by side: one packed array compiles faster than many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import xarray as xr

__all__ = ["stacked"]


def stacked(columns: Mapping[str, xr.DataArray], features: Sequence[str]) -> xr.DataArray:
    """Return columns, dims `("judged", "expert")` each, as one array.

    Parameters
    ----------
    columns : mapping of str to DataArray
    features : sequence of str
        Names of the columns, in order.

    Returns
    -------
    DataArray
        dims `("judged", "expert", "feature")`.
    """
    array: xr.DataArray = xr.concat(
        [columns[name] for name in features], dim="feature", coords="minimal", compat="override"
    )
    return array.transpose("judged", "expert", "feature").assign_coords(feature=list(features))
