"""The seeds of many panels in one set of arrays, with as many places for experts as the largest panel needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from blackball.modelling.experts.mixture import NOTHING
from blackball.panel import Panel, encode

__all__ = ["stack_panels"]

ABSENT = {"own": NOTHING, "lower": 1.0, "upper": 1.0, "widen": 1.0, "width": 1.0, "low": -1.0, "high": 1.0}
"""What stands where a panel has no such expert; 0 for every other column."""

type MakeTable = Callable[[xr.Dataset, xr.DataArray], xr.DataArray]
"""Turns encoded answers and their shares into the columns that an expert model needs."""


def stack_panels(panels: Sequence[Panel], make_table: MakeTable, features: Sequence[str]) -> xr.Dataset:
    """Stack the seeds of many panels.

    Parameters
    ----------
    panels : sequence of Panel
        Each with seeds that are quantities.
    make_table : callable
        Such as `mixture_table`.
    features : sequence of str
        Names of its columns.

    Returns
    -------
    Dataset
        Variables `answers` (judged, expert, feature), `location` (judged, expert), `truth` (judged: standard units),
        `panel` (judged: its place in `panels`), `person` (judged, expert: a number of one's own for every expert of
        every panel, 0 also where there is none).
    """
    parts = [_one(panel, place, make_table) for place, panel in enumerate(panels)]
    first = np.cumsum([0, *(part.sizes["expert"] for part in parts)])
    most = max(part.sizes["expert"] for part in parts)
    fill = xr.DataArray([ABSENT.get(name, 0.0) for name in features], dims="feature")
    padded = []
    for part, start in zip(parts, first, strict=False):
        own = part.assign(person=("expert", start + np.arange(part.sizes["expert"])))
        wide = own.assign_coords(expert=np.arange(part.sizes["expert"])).reindex(expert=np.arange(most))
        there = wide["expert"] < part.sizes["expert"]
        wide["answers"] = wide["answers"].where(there, fill)
        padded.append(wide.assign(person=wide["person"].broadcast_like(wide["location"])))
    stacked: xr.Dataset = xr.concat(padded, dim="judged").fillna(0.0)
    return stacked.assign(person=stacked["person"].astype(int), panel=stacked["panel"].astype(int))


def _one(panel: Panel, place: int, make_table: MakeTable) -> xr.Dataset:
    encoded = encode(panel)
    table = make_table(encoded, xr.ones_like(encoded["location"]))
    columns = xr.Dataset({"answers": table, "location": encoded["location"], "truth": encoded["realisation"]})
    seeds = np.flatnonzero(np.isfinite(encoded["realisation"].values))
    own = columns.drop_vars([name for name in columns.coords if name not in ("judged", "expert")])
    return own.isel(judged=seeds).drop_vars("judged").assign(panel=("judged", np.full(len(seeds), place)))
