"""What experts said of a value, held against what the model makes of that very value: by itself, and after all.

Both are compared on the link scale, in the standard units of `blackball.panel.encode`. Pooled, experts say of a value
what the average of their split normals says, an answer without a width being as wide as is usual in the panel.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtr

from blackball.inference.checks.check import some
from blackball.modelling.experts.widths import stated_width
from blackball.modelling.locate import labels
from blackball.panel.supports import link, unlink

__all__ = ["judged_cells", "median", "modelled", "pooled", "said"]

Floats = NDArray[np.float64]

POINTS = 1000
"""Draws of a value at which the experts' probabilities are reckoned; thousands of experts at all draws fill memory."""


def judged_cells(fit: xr.DataTree) -> xr.Dataset:
    """Return the part of a fit's group `encoded` that somebody judged and whose truth is not known."""
    encoded = fit["encoded"].to_dataset()
    chosen = encoded["realisation"].isnull() & encoded["answered"].any("expert")
    return encoded.isel(judged=np.flatnonzero(chosen.values))


def modelled(draws: xr.Dataset, cells: xr.Dataset) -> xr.DataArray:
    """Return the draws of the values that experts judged, dims `("judged", "sample")`, in standard units.

    Parameters
    ----------
    draws : Dataset
        Group `prior` or `posterior` of a fit.
    cells : Dataset
        From `judged_cells`.
    """
    rows = [_linked(draws, cells.isel(judged=place)) for place in range(cells.sizes["judged"])]
    return (xr.DataArray(np.array(rows), dims=("judged", "sample")) - cells["centre"]) / cells["unit"]


def pooled(values: xr.DataArray, cells: xr.Dataset) -> xr.DataArray:
    """Return the probability that the experts together give to what lies below each value.

    Parameters
    ----------
    values : DataArray
        dim `judged`, in standard units.
    cells : Dataset
        From `judged_cells`.

    Returns
    -------
    DataArray
        dims of `values`, in [0, 1].
    """
    usual = stated_width(cells)
    # Who answers without any width at all is a step, not a division by nothing.
    below, above = (
        ((cells[side].where(cells["has_width"], usual) ** 2 + cells[f"rounding_{side}"] ** 2) ** 0.5).clip(min=1e-3)
        for side in ("lower", "upper")
    )
    parts = [
        array.transpose("judged", "expert").values for array in (cells["answered"], cells["location"], below, above)
    ]
    rows = values.transpose("judged", ...)
    together = [
        _pooled(row, *(of[answered] for of in rest)) for row, answered, *rest in zip(rows.values, *parts, strict=True)
    ]
    return rows.copy(data=np.array(together)).transpose(*values.dims)


def _pooled(values: Floats, location: Floats, below: Floats, above: Floats) -> Floats:
    """Do so for one judged value: exactly at some of the values, and straight between."""
    known = values[~np.isnan(values)]
    if not known.size:
        return values
    points = np.unique(np.quantile(known, np.linspace(0, 1, min(known.size, POINTS)), method="nearest"))
    gap = points[:, None] - location
    return np.asarray(np.interp(values, points, ndtr(gap / np.where(gap < 0, below, above)).mean(axis=1)))


def median(values: xr.DataArray, cell: xr.Dataset) -> str:
    """Say the median of draws of one judged value, in standard units, on its natural scale."""
    return _number(float(values.median()), cell)


def said(cell: xr.Dataset) -> str:
    """Name the experts who judged a value and their medians: `ann said 3 %, ben 5 %`."""
    answered = cell.isel(expert=np.flatnonzero(cell["answered"].values))
    names, places = answered["expert"].values.tolist(), answered["location"].values.tolist()
    parts = [f"{name} {_number(place, cell)}" for name, place in zip(names, places, strict=True)]
    parts[0] = f"{names[0]} said {_number(places[0], cell)}"
    return some(parts)


def _linked(draws: xr.Dataset, cell: xr.Dataset) -> np.ndarray:
    """Return the draws of one judged value on its link scale; a ratio is the log of that of its two regimes."""
    variable, given, at, regime, reference, support = (
        str(cell[name].item()) for name in ("variable", "given", "at", "regime", "reference", "support")
    )
    values = draws[f"{variable} given {given}" if given else variable]
    if reference:
        pair = (_picked(values, at, one) for one in (regime, reference))
        return np.subtract(*(link(one, "positive") for one in pair))
    return link(_picked(values, at, regime), support, cell["lower_bound"].item(), cell["upper_bound"].item())


def _picked(values: xr.DataArray, at: str, regime: str) -> np.ndarray:
    """Select one element by the labels of a question, which are text where the model's may be numbers."""
    wanted = labels(at, regime)
    places = {dim: [str(one) for one in values[dim].values].index(label) for dim, label in wanted.items()}
    return values.isel(places).values.ravel()


def _number(place: float, cell: xr.Dataset) -> str:
    support = str(cell["support"].item())
    ends = (cell["lower_bound"].item(), cell["upper_bound"].item())
    value = float(unlink(place * cell["unit"].item() + cell["centre"].item(), support, *ends))
    percent = support == "probability"
    rounded = float(f"{100 * value if percent else value:.2g}")
    return f"{rounded:g} %" if percent else f"{rounded:g}"
