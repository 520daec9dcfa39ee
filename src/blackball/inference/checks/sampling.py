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

__all__ = ["limit", "reported_checks", "sampling_checks"]

LONGER = "sample longer (--draws), or look at what the named parameter trades off against"
CAREFUL = "raise the target acceptance, or give the named prior more substance"


def sampling_checks(fit: xr.DataTree) -> list[Check]:
    """Check convergence, effective sample size, Monte Carlo error and the sampler's own warnings.

    Parameters
    ----------
    fit : DataTree
        With groups `posterior` and `sample_stats`.
    """
    import arviz_stats as az  # slow to import, and only needed here

    # An element that never varies has no R-hat: ArviZ divides 0 by 0 there, and the NaN is left out below.
    with np.errstate(invalid="ignore", divide="ignore"):
        return _checks(fit, az)


def reported_checks(fit: xr.DataTree) -> list[Check]:
    """Check effective sample size and Monte Carlo error of the reported outcomes alone.

    Parameters
    ----------
    fit : DataTree
        With the group `posterior`.
    """
    import arviz_stats as az  # slow to import, and only needed here

    with np.errstate(invalid="ignore", divide="ignore"):
        posterior = fit["posterior"].dataset
        reported = posterior[[name for name in posterior if posterior[name].attrs.get("headline")]]
        return [_finite(reported), *_effective(_varying(reported), az, " of reported outcomes"), _error(reported, az)]


def _checks(fit: xr.DataTree, az: ModuleType) -> list[Check]:
    posterior = fit["posterior"].dataset
    varies = _varying(posterior)
    reported = posterior[[name for name in posterior if posterior[name].attrs.get("headline")]]
    return [
        _finite(reported),
        _worst("R-hat", az.rhat(_tree(varies)).dataset, np.nanmax, 1.01, LONGER, most=True),
        *_effective(varies, az),
        _error(reported, az),
        *_sampler_checks(fit["sample_stats"].dataset, az.bfmi),
    ]


def _finite(reported: xr.Dataset) -> Check:
    wrong = float(sum((~np.isfinite(variable)).sum() for variable in reported.data_vars.values()))
    return limit("draws of reported outcomes that are no number", wrong, 0, "mend the model: see where", most=True)


def _effective(draws: xr.Dataset, az: ModuleType, whose: str = "") -> list[Check]:
    return [
        _worst(f"{kind} ESS{whose}", az.ess(_tree(draws), method=kind).dataset, np.nanmin, 400, LONGER, most=False)
        for kind in ("bulk", "tail")
    ]


def _error(reported: xr.Dataset, az: ModuleType) -> Check:
    draws = _varying(reported)
    relative = az.mcse(_tree(draws), method="mean").dataset / draws.std(("chain", "draw"))
    return _worst("MCSE / posterior sd of reported outcomes", relative, np.nanmax, 1 / 20, LONGER, most=True)


def _tree(draws: xr.Dataset) -> xr.DataTree:
    return xr.DataTree.from_dict({"posterior": draws})


def _sampler_checks(stats: xr.Dataset, bfmi: Callable[[xr.DataTree], xr.DataTree]) -> list[Check]:
    divergences = float(stats["diverging"].sum())
    energy = bfmi(xr.DataTree.from_dict({"sample_stats": stats})).dataset["energy"]
    deepest = float((stats["maxdepth_reached"]).mean()) if "maxdepth_reached" in stats else 0.0
    return [
        limit("divergences", divergences, 0, CAREFUL, most=True),
        limit("E-BFMI", float(energy.min()), 0.3, CAREFUL, most=False),
        limit("share of draws at the greatest tree depth", deepest, 0, CAREFUL, most=True),
    ]


def _varying(draws: xr.Dataset) -> xr.Dataset:
    """Return the variables of which any element differs between draws; constants have no diagnostics."""
    return draws[[name for name in draws if bool((draws[name].std(("chain", "draw")) > 0).any())]]


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
    return limit(f"{name} (worst: {culprit})", extremes[culprit], threshold, advice, most=most)


def limit(name: str, value: float, threshold: float, advice: str, *, most: bool) -> Check:
    """Hold a number against a threshold; `most` says that it may be at most, else at least, that."""
    passed = value <= threshold if most else value >= threshold
    return Check(name, "pass" if passed else "fail", value, threshold, "" if passed else advice)
