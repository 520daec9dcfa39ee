"""What each mechanism adds to each outcome, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blackball.decisions.summary import intervals

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["COLUMNS", "attributed"]

COLUMNS = ["outcome", "regime", "at", "mechanism", "measure", "mean", "median", "q05", "q95"]


def attributed(found: xr.Dataset) -> pd.DataFrame:
    """Summarise an attribution.

    Parameters
    ----------
    found : Dataset
        From `bb.attribute`: outcomes over measure, mechanism, chain, draw and their own dims.

    Returns
    -------
    pandas.DataFrame
        One row for each outcome, mechanism, measure (`removal`: the whole less the whole without it; `shapley`), regime
        and label: mean, median, q05 and q95 (central 90 %) of what the mechanism adds, in the outcome's unit.
    """
    tables = [
        intervals(outcome.sel(mechanism=mechanism, measure=measure, drop=True)).assign(
            mechanism=mechanism, measure=measure
        )
        for outcome in found.data_vars.values()
        for mechanism in found["mechanism"].values.tolist()
        for measure in found["measure"].values.tolist()
    ]
    return pd.concat(tables, ignore_index=True)[COLUMNS]
