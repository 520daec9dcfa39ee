"""What a result depends on: how each uncertain quantity moves with it over joint posterior draws.

Spearman's rank correlation (1904, 10.2307/1412159): the correlation of ranks, ties sharing the mean of theirs.  It is
1 where a result rises with a quantity whatever the shape of the rise, and knows nothing of units.  It describes the
posterior and is no effect: quantities that judgements tie together move with a result together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.drawn import drawn

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from blackball.decisions.drawn import Drawn

__all__ = ["COLUMNS", "dependence", "rank_correlation"]

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
    found = pd.concat([_of_regime(one) for one in drawn(fit)], ignore_index=True)
    result = pd.MultiIndex.from_frame(found[["outcome", "regime", "at"]])
    outcome = pd.factorize(found["outcome"])[0]
    order = np.lexsort((-found["rank_correlation"].abs(), pd.factorize(result)[0], outcome))
    return found.iloc[order].reset_index(drop=True)


def _of_regime(one: Drawn) -> pd.DataFrame:
    inputs, outputs = (draws.reshape(-1, draws.shape[-1]) for draws in (one.inputs, one.outputs))
    rows = [(name, one.regime, at, *quantity) for name, at in one.results for quantity in one.quantities]
    found = pd.DataFrame(rows, columns=COLUMNS[:-1])
    return found.assign(rank_correlation=rank_correlation(inputs, outputs).T.ravel())


def rank_correlation(inputs: NDArray[np.float64], outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlate the ranks of each quantity with those of each result.

    Parameters
    ----------
    inputs, outputs : ndarray, (sample, quantity) and (sample, result)

    Returns
    -------
    ndarray, (quantity, result)
        In [-1, 1]; NaN where either does not vary.
    """
    found: NDArray[np.float64] = _standardised_ranks(inputs).T @ _standardised_ranks(outputs) / len(inputs)
    return found


def _standardised_ranks(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank each column over draws, with mean 0 and variance 1; NaN for a column that does not vary."""
    from scipy.stats import rankdata

    ranks = rankdata(draws, axis=0)
    centred = ranks - ranks.mean(axis=0)
    spread = centred.std(axis=0)
    return np.asarray(centred / np.where(spread > 0, spread, np.nan), dtype=float)
