"""Each headline outcome in each regime: its posterior, and how it stands to the reference regime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.headlines import grid, laid_out, samples
from blackball.decisions.ratio import ratio

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

__all__ = ["intervals", "summary"]

LEVELS = {"median": 0.5, "q05": 0.05, "q25": 0.25, "q75": 0.75, "q95": 0.95}


def intervals(variable: xr.DataArray) -> pd.DataFrame:
    """Summarise the draws of one outcome.

    Parameters
    ----------
    variable : DataArray
        Dims chain, draw and the outcome's own.

    Returns
    -------
    pandas.DataFrame
        One row for each regime and label: outcome, regime, at, mean, median, q05, q25, q75, q95.  The last
        four are the ends of the central (equal-tailed) 90 % and 50 % intervals, in the outcome's unit.
    """
    cells = laid_out(variable)
    draws = samples(cells)
    quantiles = np.quantile(draws, list(LEVELS.values()), axis=0)
    columns = {"mean": draws.mean(axis=0), **dict(zip(LEVELS, quantiles, strict=True))}
    return grid(cells).assign(**{name: values.ravel() for name, values in columns.items()})


def summary(variable: xr.DataArray) -> pd.DataFrame:
    """Summarise one outcome and set each regime against the reference, the first.

    Parameters
    ----------
    variable : DataArray
        Posterior draws: dims chain, draw and the outcome's own.

    Returns
    -------
    pandas.DataFrame
        The columns of `intervals` and: mcse (Monte Carlo standard error of the mean; Vehtari et al. 2021,
        10.1214/20-BA1221), p_riskier (probability that the regime is riskier than the reference; ties do not
        count), ratio, ratio_q05, ratio_q95 (how many times as risky as the reference: median and central
        90 %).  All comparisons are draw by draw; those of the reference with itself are NaN.
    """
    import arviz_stats as az

    cells = laid_out(variable)
    mcse = az.mcse(cells, method="mean").transpose("regime", "at").values
    against = _against_reference(samples(cells))
    columns = {"mcse": mcse, **against}
    return intervals(variable).assign(**{name: values.ravel() for name, values in columns.items()})


def _against_reference(draws: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    reference = draws[:, :1]
    columns = {"p_riskier": (draws > reference).mean(axis=0), **ratio(draws, reference)}
    for values in columns.values():
        values[0] = np.nan
    return columns
