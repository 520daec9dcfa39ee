"""What a result depends on: how each uncertain quantity moves with it over joint posterior draws.

Spearman's rank correlation (1904, 10.2307/1412159): the correlation of ranks, ties sharing the mean of theirs.  It is
1 where a result rises with a quantity whatever the shape of the rise, and knows nothing of units.  It describes the
posterior and is no effect: quantities that judgements tie together move with a result together.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import xarray as xr

from blackball.decisions.headlines import headlines, laid_out, samples

__all__ = ["COLUMNS", "dependence"]

COLUMNS = ["outcome", "regime", "at", "quantity", "label", "rank_correlation"]


def dependence(fit: xr.DataTree) -> pd.DataFrame:
    """Correlate the ranks of each uncertain quantity with those of each headline outcome.

    Parameters
    ----------
    fit : xarray.DataTree

    Returns
    -------
    pandas.DataFrame
        One row for each outcome, regime and label of it (`at`), quantity, and label of the quantity (such as
        `bloc=trust`, empty without a dimension): rank_correlation in [-1, 1].  A quantity that varies counts with
        its value in the outcome's regime, or in the reference regime where the outcome has none.  Results stand in
        the order of `compare`; in each the largest absolute correlation comes first, and NaN, where either does
        not vary over draws, last.

    Raises
    ------
    ModelError
        If the model marks no outcome as headline.
    """
    posterior = fit["posterior"].dataset
    inputs = [
        _standardised_ranks(laid_out(variable))
        for variable in posterior.data_vars.values()
        if variable.attrs.get("kind") == "quantity"
    ]
    tables = [
        _of_regime(place, outcome, inputs)
        for variable in headlines(fit).values()
        for outcome in [_standardised_ranks(laid_out(variable))]
        for place in range(outcome.sizes["regime"])
    ]
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _of_regime(place: int, outcome: xr.DataArray, inputs: list[xr.DataArray]) -> pd.DataFrame:
    """Correlate one outcome in one regime with all quantities as they are in that regime; all are ranks already."""
    chosen = outcome.isel(regime=[place])
    regime = str(chosen["regime"].values[0])
    own = [_in_regime(quantity, regime) for quantity in inputs]
    result = samples(chosen)[:, 0]
    cells = [samples(quantity)[:, 0] for quantity in own]
    found = result.T @ np.concatenate([np.empty((len(result), 0)), *cells], axis=1) / len(result)
    names = [(str(quantity.name), str(label)) for quantity in own for label in quantity["at"].values]
    rows = pd.DataFrame(
        [(str(at), *name) for at, name in product(chosen["at"].values, names)], columns=["at", "quantity", "label"]
    )
    rows = rows.assign(outcome=str(outcome.name), regime=regime, rank_correlation=found.ravel())
    order = np.lexsort((-rows["rank_correlation"].abs(), np.repeat(np.arange(len(found)), len(names))))
    return rows.iloc[order]


def _in_regime(quantity: xr.DataArray, regime: str) -> xr.DataArray:
    """Pick a laid-out quantity's values in a regime; one that is the same in all has a single place."""
    known = quantity["regime"].values.tolist()
    return quantity.isel(regime=[known.index(regime) if regime in known else 0])


def _standardised_ranks(cells: xr.DataArray) -> xr.DataArray:
    """Rank what is laid out over draws, with mean 0 and variance 1; NaN for a cell that does not vary."""
    from scipy.stats import rankdata

    ranks = rankdata(samples(cells), axis=0)
    centred = ranks - ranks.mean(axis=0)
    spread = centred.std(axis=0)
    return cells.copy(data=(centred / np.where(spread > 0, spread, np.nan)).reshape(cells.shape))
