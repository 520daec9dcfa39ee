"""First-order shares of variance from given draws: Var(E[Y | X_i]) / Var(Y) (Sobol 1993).

How much of a result's variance would go, on average, if one quantity were learned exactly. E[Y | X_i] is a regression
on curves of the quantity's ranks, which holds for quantities that are tied together, as posteriors tie them: shares of
such quantities overlap, and may sum to more than 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.curves import cosines, hermite, normal_scores, standardised

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["main_effects"]

ROUNDING = 1e-7


def main_effects(inputs: NDArray[np.float64], outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Estimate the share of each result's variance that each quantity alone explains.

    Parameters
    ----------
    inputs, outputs : ndarray, (sample, quantity) and (sample, result)

    Returns
    -------
    ndarray, (quantity, result)
        In [0, 1]; NaN where either does not vary.
    """
    count, scores, results = len(inputs), normal_scores(inputs), standardised(outputs)
    curves = np.concatenate([hermite(scores), cosines(scores)], axis=2).transpose(1, 2, 0)
    size, axes = np.linalg.eigh(curves @ curves.swapaxes(1, 2) / count)
    # Curves that are nearly sums of others, as of a quantity with few values, are left out.
    spans = size > ROUNDING
    along = axes.swapaxes(1, 2) @ (curves @ results / count)
    explained = (np.square(along) * (spans / np.where(spans, size, 1.0))[:, :, None]).sum(axis=1)
    # What as many curves of noise would explain is taken away.
    freedom = spans.sum(axis=1)[:, None]
    shares = np.clip(explained - (1 - explained) * freedom / (count - freedom - 1), 0.0, 1.0)
    varies = (np.ptp(inputs, axis=0) > 0)[:, None] & (np.ptp(outputs, axis=0) > 0)
    return np.where(varies, shares, np.nan)
