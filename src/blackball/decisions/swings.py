"""The swings of a tornado as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.headlines import grid, laid_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

__all__ = ["swings"]

ENDS = ("low", "base", "high")


def swings(
    fit: xr.DataTree, moved: xr.Dataset, outcomes: dict[str, xr.DataArray], regimes: Sequence[str]
) -> pd.DataFrame:
    """Lay a tornado out by result, the widest swing of each first.

    Parameters
    ----------
    fit : xarray.DataTree
    moved : Dataset
        From `blackball.inference.tornado`.
    outcomes : dict of str to DataArray
        From `headlines`.
    regimes : sequence of str
        Only these, or all without any.

    Returns
    -------
    pandas.DataFrame
        outcome, regime, at, quantity, label, unit (of the quantity), low, base and high (what it is set to), at_low,
        at_base and at_high (mean of the outcome then).
    """
    posterior = fit["posterior"].dataset
    names = moved["quantity"].values.tolist()
    units = {name: str(posterior[name].attrs.get("unit", "")) for name in names}
    tables = []
    for name in list(outcomes):
        # Ends stand for chains and what is moved for draws, so that results are laid out as everywhere.
        cells = laid_out(moved[name].sel(end=list(ENDS)).rename(end="chain", moved="draw"))
        rows = grid(cells)
        frame = pd.concat([rows] * len(names), ignore_index=True)
        frame["quantity"] = np.repeat(names, len(rows))
        frame["label"] = np.repeat(moved["label"].values, len(rows))
        frame["unit"] = frame["quantity"].map(units)
        values = _values(moved["value"].sel(end=list(ENDS)), cells)
        for place, end in enumerate(ENDS):
            frame[end], frame[f"at_{end}"] = values.values[place].ravel(), cells.values[place].ravel()
        tables.append(frame)
    frame = pd.concat(tables, ignore_index=True)
    kept = frame[frame["regime"].isin(["", *regimes])] if regimes else frame
    width = -(kept["at_high"] - kept["at_low"]).abs()
    keys = {name: list(dict.fromkeys(frame[name])) for name in ("outcome", "regime", "at")}
    places = {name: pd.Categorical(kept[name], known).codes for name, known in keys.items()}
    order = kept.assign(**places, width=width).sort_values([*keys, "width"], kind="stable").index
    columns = [*keys, "quantity", "label", "unit", *ENDS, *(f"at_{end}" for end in ENDS)]
    return kept.loc[order, columns].reset_index(drop=True)


def _values(value: xr.DataArray, cells: xr.DataArray) -> xr.DataArray:
    """Return what each quantity is set to beside each result; in the reference where the outcome has no regimes."""
    known = cells["regime"].values.tolist()
    if "regime" in value.dims:
        value = value.sel(regime=known) if known != [""] else value.isel(regime=[0])
        value = value.drop_vars("regime")
    else:
        value = value.expand_dims(regime=len(known))
    return value.expand_dims(at=cells.sizes["at"]).transpose("end", "moved", "regime", "at")
