"""How many draws the stopping rules of a model allow, on the posterior."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blackball.decisions.headlines import grid, laid_out
from blackball.decisions.stopping import stopping

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["draws_allowed"]

COLUMNS = ["outcome", "regime", "at", "tolerance", "alpha", "allowed", "most", "exceeds_next"]


def draws_allowed(fit: xr.DataTree) -> pd.DataFrame:
    """Apply each stopping rule that the model states.

    Parameters
    ----------
    fit : xarray.DataTree

    Returns
    -------
    pandas.DataFrame
        One row for each rule, regime and label: outcome (name of the chance that the next draw is bad), regime, at,
        tolerance, alpha, allowed (number of draws), most (draws the model looks ahead; where `allowed` equals it, the
        rule allows at least so many) and exceeds_next (chance that the first draw not allowed is worse than the
        tolerance; NaN where all are allowed). Empty if the model states none.
    """
    tables = [_applied(variable) for variable in fit["posterior"].dataset.values() if "stopping_dim" in variable.attrs]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def _applied(bad: xr.DataArray) -> pd.DataFrame:
    dim, tolerance, alpha = (bad.attrs[name] for name in ("stopping_dim", "tolerance", "alpha"))
    found = stopping(bad, tolerance=tolerance, alpha=alpha, dim=dim)
    most = bad.sizes[dim]
    # Where every draw is allowed there is no next one; a sum of shares may round to just above 1.
    chances = found.exceeds.clip(max=1.0).pad({dim: (0, 1)}).drop_vars(dim, errors="ignore")
    columns = {
        "allowed": _flat(found.allowed, bad).astype(int),
        "exceeds_next": _flat(chances.isel({dim: found.allowed}), bad),
    }
    cells = grid(laid_out(bad.isel({dim: 0}, drop=True)))
    return cells.assign(tolerance=float(tolerance), alpha=float(alpha), most=most, **columns)[COLUMNS]


def _flat(found: xr.DataArray, bad: xr.DataArray) -> pd.Series:
    """Return one value a row, in the order of `grid`."""
    as_draws = found.expand_dims({"chain": 1, "draw": 1}).rename(bad.name)
    return pd.Series(laid_out(as_draws).values.ravel())
