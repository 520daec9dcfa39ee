"""What a result depends on: how each uncertain quantity moves with it over joint posterior draws.

Spearman's rank correlation (1904, 10.2307/1412159): the correlation of ranks, ties sharing the mean of theirs.  It is
1 where a result rises with a quantity whatever the shape of the rise, and knows nothing of units.  It describes the
posterior and is no effect: quantities that judgements tie together move with a result together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["rank_correlation"]


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
