"""How probably each regime is the least risky of all, and the most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.decisions.headlines import grid, laid_out, samples

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

__all__ = ["ranks"]


def ranks(variable: xr.DataArray) -> pd.DataFrame:
    """Rank the regimes in each draw.

    Parameters
    ----------
    variable : DataArray
        Posterior draws: dims chain, draw and the outcome's own.

    Returns
    -------
    pandas.DataFrame
        One row for each regime and label: outcome, regime, at, p_least and p_most (probability of being the
        least and the most risky).  Regimes that tie share a draw equally, so that each column sums to 1 over
        regimes.  Empty with fewer than two regimes.
    """
    cells = laid_out(variable)
    rows = grid(cells)
    if cells.sizes["regime"] < 2:
        return rows.iloc[:0].assign(p_least=0.0, p_most=0.0)
    draws = samples(cells)
    least = _share(draws == draws.min(axis=1, keepdims=True))
    most = _share(draws == draws.max(axis=1, keepdims=True))
    return rows.assign(p_least=least.ravel(), p_most=most.ravel())


def _share(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of draws in which each regime is chosen, ties split: (regime, at)."""
    split: NDArray[np.float64] = chosen / chosen.sum(axis=1, keepdims=True)
    return split.mean(axis=0)
