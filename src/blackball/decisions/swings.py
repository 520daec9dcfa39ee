"""The swings of a tornado as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blackball.decisions.headlines import grid, laid_out, samples

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
    tables = []
    for place in range(moved.sizes["moved"]):
        one = moved.isel(moved=place).sel(end=list(ENDS))
        quantity, label = str(one["quantity"].item()), str(one["label"].item())
        unit = str(posterior[quantity].attrs.get("unit", ""))
        for name in list(outcomes):
            cells = laid_out(one[name].rename(end="draw").expand_dims("chain"))
            rows = grid(cells).assign(quantity=quantity, label=label, unit=unit)
            for end in ENDS:
                rows[end] = [_value(one["value"].sel(end=end), regime) for regime in rows["regime"]]
            found = {f"at_{end}": means.ravel() for end, means in zip(ENDS, samples(cells), strict=True)}
            tables.append(rows.assign(**found))
    frame = pd.concat(tables, ignore_index=True)
    kept = frame[frame["regime"].isin(["", *regimes])] if regimes else frame
    width = -(kept["at_high"] - kept["at_low"]).abs()
    keys = {name: list(dict.fromkeys(frame[name])) for name in ("outcome", "regime", "at")}
    places = {name: pd.Categorical(kept[name], known).codes for name, known in keys.items()}
    order = kept.assign(**places, width=width).sort_values([*keys, "width"], kind="stable").index
    return kept.loc[order].reset_index(drop=True)


def _value(value: xr.DataArray, regime: str) -> float:
    """Return what a quantity is set to in a regime; in the reference where the outcome has none."""
    if "regime" not in value.dims:
        return float(value)
    return float(value.sel(regime=regime) if regime else value.isel(regime=0))
