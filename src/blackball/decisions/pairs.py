"""Each pair of regimes, compared draw by draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.headlines import laid_out, samples
from blackball.decisions.ratio import ratio

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["pairs"]


def pairs(variable: xr.DataArray) -> pd.DataFrame:
    """Compare every two regimes on one outcome.

    Parameters
    ----------
    variable : DataArray
        Posterior draws: dims chain, draw and the outcome's own.

    Returns
    -------
    pandas.DataFrame
        One row for each pair and label: outcome, at, a and b (regimes, a before b in the model's order),
        difference (mean of a - b, in the outcome's unit), difference_q05, difference_q95 (central 90 %),
        ratio, ratio_q05, ratio_q95 (a / b: median and central 90 %), p_riskier and p_safer (probability that
        a is riskier, and safer, than b; they sum to less than 1 by the share of ties).  Empty with fewer than
        two regimes.
    """
    cells = laid_out(variable)
    draws = samples(cells)
    first, second = np.triu_indices(cells.sizes["regime"], k=1)
    a, b = draws[:, first], draws[:, second]
    low, high = np.quantile(a - b, (0.05, 0.95), axis=0)
    columns = {
        "difference": (a - b).mean(axis=0),
        "difference_q05": low,
        "difference_q95": high,
        **ratio(a, b),
        "p_riskier": (a > b).mean(axis=0),
        "p_safer": (a < b).mean(axis=0),
    }
    names, at = cells["regime"].values, cells["at"].values
    labels = {
        "outcome": np.full(len(first) * len(at), str(cells.name), dtype=object),
        "at": np.tile(at, len(first)),
        "a": np.repeat(names[first], len(at)),
        "b": np.repeat(names[second], len(at)),
    }
    return pd.DataFrame({**labels, **{name: values.ravel() for name, values in columns.items()}})
