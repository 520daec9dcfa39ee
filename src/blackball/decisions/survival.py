"""Survival over the years: the probability that nothing has happened by each horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.summary import intervals

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["COLUMNS", "survival"]

HORIZON = "horizon"
"""The dim along which outcomes say what happens by the end of a year."""

ROUNDING = 1e-9

COLUMNS = ["outcome", "regime", "at", "horizon", "mean", "median", "q05", "q25", "q75", "q95"]


def survival(outcomes: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Turn each probability of something by a horizon into that of its absence.

    Parameters
    ----------
    outcomes : dict of str to DataArray
        From `headlines`.

    Returns
    -------
    pandas.DataFrame
        One row for each probability with a dim `horizon`, regime, other label (`at`) and horizon, in order: outcome,
        regime, at, horizon (year), mean, median, q05, q25, q75, q95 of the chance that it has not happened. Empty
        without such outcomes: a chance in a single year, or one that falls with the horizon, is no survival.
    """
    curves = [_curve(variable) for variable in outcomes.values() if _is_cumulative(variable)]
    return pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(columns=COLUMNS)


def _is_cumulative(variable: xr.DataArray) -> bool:
    if HORIZON not in variable.dims or not np.issubdtype(variable[HORIZON].dtype, np.integer):
        return False
    if (variable.attrs.get("unit") or "probability") != "probability":
        return False
    years = variable.sortby(HORIZON)
    # Sums of shares may round to a little less.
    return bool((years.diff(HORIZON) >= -ROUNDING).all())


def _curve(variable: xr.DataArray) -> pd.DataFrame:
    absent = (1 - variable.sortby(HORIZON)).rename(variable.name)
    years = [intervals(absent.sel({HORIZON: year})).assign(horizon=year) for year in absent[HORIZON].values.tolist()]
    return pd.concat(years).sort_values(["regime", "at", "horizon"], key=_in_order, kind="stable")[COLUMNS]


def _in_order(column: pd.Series) -> pd.Series:
    """Sort names as they come."""
    return pd.Series(pd.Categorical(column, list(dict.fromkeys(column))).codes, index=column.index)
