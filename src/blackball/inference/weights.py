"""Importance weights: the draws of one posterior stand for those of another.

Pareto smoothing and its diagnostic k: Vehtari, Simpson, Gelman, Yao & Gabry, "Pareto smoothed importance sampling",
Journal of Machine Learning Research 25 (2024), 72 (arXiv 1507.02646). Systematic resampling: Kitagawa, "Monte Carlo
filter and smoother for non-Gaussian nonlinear state space models", Journal of Computational and Graphical Statistics 5
(1996), 1-25 (10.1080/10618600.1996.10474692).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
import xarray as xr

__all__ = ["Weights", "greatest_k", "resampled", "smoothed"]

SAMPLE = ("chain", "draw")


@dataclass(frozen=True)
class Weights:
    """Weights of draws.

    Attributes
    ----------
    each : DataArray
        dims `("chain", "draw")`, positive, sum 1.
    pareto_k : float
        Shape of the tail of the raw weights: above .7 they cannot be relied upon. 0 if all are equal.
    """

    each: xr.DataArray
    pareto_k: float

    @property
    def reliable(self) -> bool:
        """Whether the tail is thin enough for averages to be relied upon."""
        return self.pareto_k <= greatest_k(self.each.size)

    @property
    def effective(self) -> float:
        """How many equally weighted draws the weighted ones are worth, before their autocorrelation."""
        return float(1 / (self.each**2).sum())


def greatest_k(draws: int) -> float:
    """Return the greatest Pareto k with which averages over so many draws can be relied upon."""
    return min(0.7, 1 - 1 / log10(draws))


def smoothed(log_ratio: xr.DataArray) -> Weights:
    """Weigh draws by the ratio of two densities, the largest ratios Pareto-smoothed.

    Parameters
    ----------
    log_ratio : DataArray
        dims `("chain", "draw")`: log of the density that is wanted over that of the draws, up to a constant.
    """
    raw = log_ratio.transpose(*SAMPLE)
    flat = raw.values.ravel()
    if np.ptp(flat) < 1e-9:  # the same posterior: there is no tail to fit
        return Weights(xr.full_like(raw, 1 / flat.size), 0.0)
    import arviz_stats.base as stats  # slow to import, and only needed here

    # ArviZ smooths the weights that leave an observation out, which are those of minus its log likelihood.
    logs, k = stats.array_stats.psislw(-flat)
    weights = np.exp(logs - logs.max())
    return Weights(raw.copy(data=(weights / weights.sum()).reshape(raw.shape)), float(k))


def resampled(draws: xr.Dataset, weights: Weights) -> xr.Dataset:
    """Take each draw as often as its weight says: equally weighted draws of the other posterior.

    Systematic resampling adds next to no noise and keeps the order, so that repeated draws look like what they are,
    a chain that moves slowly, and diagnostics count them right. Equal weights give the draws themselves.

    Parameters
    ----------
    draws : Dataset
        Dims `chain`, `draw` and others.
    weights : Weights

    Returns
    -------
    Dataset
        Of the same sizes.
    """
    total = weights.each.size
    ends = np.cumsum(weights.each.transpose(*SAMPLE).values.ravel())
    chosen = np.searchsorted(ends / ends[-1], (np.arange(total) + 0.5) / total)
    chain, draw = np.divmod(chosen, weights.each.sizes["draw"])
    shape = tuple(weights.each.sizes[dim] for dim in SAMPLE)
    taken = {}
    for name, variable in draws.data_vars.items():
        values = variable.transpose(*SAMPLE, ...)
        taken[name] = (values.dims, values.values[chain, draw].reshape(*shape, *values.shape[2:]), values.attrs)
    return xr.Dataset(taken, coords=draws.coords, attrs=draws.attrs)
