"""Can the computation be trusted?  Any failure here fails the fit.

Thresholds: rank-normalised R-hat and effective sample sizes after Vehtari, Gelman, Simpson, Carpenter & Buerkner,
"Rank-normalization, folding, and localization", Bayesian Analysis 2021 (10.1214/20-BA1221); E-BFMI after
Betancourt, "A conceptual introduction to Hamiltonian Monte Carlo" (arXiv 1701.02434).
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import xarray as xr

from blackball.inference.checks.check import Check

__all__ = ["sampling_checks"]

LONGER = "sample longer (--draws), or look at what the named parameter trades off against"
CAREFUL = "raise the target acceptance, or give the named prior more substance"


def sampling_checks(fit: xr.DataTree) -> list[Check]:
    """Check convergence, effective sample size, Monte Carlo error and the sampler's own warnings.

    Parameters
    ----------
    fit : DataTree
        With groups `posterior` and `sample_stats`.
    """
    import arviz as az  # slow to import, and only needed here

    # An element that never varies has no R-hat: ArviZ divides 0 by 0 there, and the NaN is left out below.
    with np.errstate(invalid="ignore", divide="ignore"):
        return _checks(fit, az)


def _checks(fit: xr.DataTree, az: ModuleType) -> list[Check]:
    posterior = fit["posterior"].dataset
    varies = posterior[[name for name in posterior if _varies(posterior[name])]]
    tree = xr.DataTree.from_dict({"posterior": varies})
    reported = [name for name in varies if varies[name].attrs.get("headline")]
    error = az.mcse(tree, method="mean", var_names=reported).dataset
    spread = varies[reported].std(("chain", "draw"))
    finite = float(sum((~np.isfinite(posterior[name])).sum() for name in reported))
    return [
        _limit("draws of reported outcomes that are no number", finite, 0, "mend the model: see where", most=True),
        _worst("R-hat", az.rhat(tree).dataset, np.nanmax, 1.01, LONGER, most=True),
        _worst("bulk ESS", az.ess(tree, method="bulk").dataset, np.nanmin, 400, LONGER, most=False),
        _worst("tail ESS", az.ess(tree, method="tail").dataset, np.nanmin, 400, LONGER, most=False),
        _worst("MCSE / posterior sd of reported outcomes", error / spread, np.nanmax, 1 / 20, LONGER, most=True),
        *_sampler_checks(fit["sample_stats"].dataset, az.bfmi),
    ]


def _sampler_checks(stats: xr.Dataset, bfmi: Callable[[xr.DataTree], xr.DataTree]) -> list[Check]:
    divergences = float(stats["diverging"].sum())
    energy = bfmi(xr.DataTree.from_dict({"sample_stats": stats})).dataset["energy"]
    deepest = float((stats["maxdepth_reached"]).mean()) if "maxdepth_reached" in stats else 0.0
    return [
        _limit("divergences", divergences, 0, CAREFUL, most=True),
        _limit("E-BFMI", float(energy.min()), 0.3, CAREFUL, most=False),
        _limit("share of draws at the greatest tree depth", deepest, 0, CAREFUL, most=True),
    ]


def _varies(variable: xr.DataArray) -> bool:
    """Tell whether any element of a variable differs between draws; constants have no diagnostics."""
    return bool((variable.std(("chain", "draw")) > 0).any())


def _worst(
    name: str,
    values: xr.Dataset,
    pick: Callable[[np.ndarray], float],
    threshold: float,
    advice: str,
    *,
    most: bool,
) -> Check:
    """Hold the worst element of all variables against a threshold and name it."""
    extremes = {key: float(pick(values[key].values)) for key in values if values[key].notnull().any()}
    if not extremes:
        return Check(f"{name} (cannot be computed)", "fail", np.nan, threshold, "sample at least two longer chains")
    culprit = (max if most else min)(extremes, key=lambda key: extremes[key])
    return _limit(f"{name} (worst: {culprit})", extremes[culprit], threshold, advice, most=most)


def _limit(name: str, value: float, threshold: float, advice: str, *, most: bool) -> Check:
    passed = value <= threshold if most else value >= threshold
    return Check(name, "pass" if passed else "fail", value, threshold, "" if passed else advice)
