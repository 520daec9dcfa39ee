"""From judgements to a posterior: build, compile, sample, and derive everything that is reported."""

from __future__ import annotations

import json
from time import perf_counter
from typing import TYPE_CHECKING

import xarray as xr

from blackball.inference.cruxes import cruxes, sweeps
from blackball.inference.derive import derived, log_densities
from blackball.inference.prepare import Built, build
from blackball.inference.prior import prior_draws
from blackball.inference.provenance import hyperpriors_hash, versions
from blackball.inference.samplers import check_installed, draw
from blackball.inference.seal import sealed
from blackball.inference.settings import Progress, Settings, quiet
from blackball.inference.tree import assemble

if TYPE_CHECKING:
    from blackball.panel import Panel
    from blackball.regimes import Regimes
    from blackball.risk_model import RiskModel

__all__ = ["fit", "sample"]

PRIOR_DRAWS = 1000


def fit(
    risk: RiskModel,
    panel: Panel,
    regimes: Regimes | None = None,
    *,
    experts: str = "mixture",
    settings: Settings | None = None,
    progress: Progress = quiet,
) -> xr.DataTree:
    """Fit a risk model to a panel under all regimes at once.

    Parameters
    ----------
    risk : RiskModel
        From `load_model`.
    panel : Panel
    regimes : Regimes, optional
        Needed by models that compare regimes.
    experts : {"mixture", "consensus"}
        How judgements relate to the truth.
    settings : Settings, optional
    progress : Progress

    Returns
    -------
    DataTree
        Groups `posterior`, `prior`, `sample_stats`, `log_likelihood`, `log_prior`, `observed_data`,
        `constant_data`, and blackball's own: `panel`, `encoded`, `coherence`, `regimes`, `cruxes`, `sweeps`,
        `diagnosis`.

    Raises
    ------
    BlackballError
        If panel, regimes and model do not fit together, or the sampler is not installed; nothing has then been
        sampled.
    """
    settings = settings or Settings()
    check_installed(settings)
    return sample(build(risk, panel, regimes, experts, progress), settings, progress)


def sample(built: Built, settings: Settings | None = None, progress: Progress = quiet) -> xr.DataTree:
    """Sample a model that is built, and compiled perhaps; parameters and result as for `fit`."""
    settings = settings or Settings()
    started = perf_counter()
    drawn = draw(built, settings, progress)
    progress("derive", 0, 0)
    model = built.model
    posterior = drawn.posterior.merge(derived(model, drawn.posterior))
    prior = prior_draws(model, PRIOR_DRAWS, settings.seed)
    likelihood, log_prior = log_densities(model, posterior)
    computed = {
        "posterior": posterior,
        "prior": prior.merge(derived(model, prior)),
        "sample_stats": drawn.stats,
        "log_likelihood": likelihood,
        "log_prior": log_prior,
    }
    if built.risk.cruxes:
        computed["sweeps"] = sweeps(model, posterior, built.risk.cruxes)
        computed["cruxes"] = cruxes(computed["sweeps"])
    tree = assemble(built, computed)
    tree.attrs |= {
        "settings": json.dumps(settings.record()),
        "seed": settings.seed,
        "sampler": drawn.sampler,
        "versions": json.dumps(versions(*drawn.tools)),
        "hyperpriors_hash": hyperpriors_hash(),
    }
    return sealed(tree, perf_counter() - started, progress)
