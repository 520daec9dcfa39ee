"""Judgements come in or are withdrawn: the posterior given all that are left, by weights if these will do.

The posterior is always that of all judgements together, never a posterior of a posterior: weights are those of the
draws that were sampled last, under the judgements as they are now.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import xarray as xr
from pytensor import config

from blackball.inference.base import base_of
from blackball.inference.cruxes import cruxes, sweeps
from blackball.inference.derive import derived
from blackball.inference.fit import fit
from blackball.inference.history import with_entry
from blackball.inference.moved import moved_by
from blackball.inference.prepare import Built
from blackball.inference.provenance import hyperpriors_hash, versions
from blackball.inference.rebuild import model_of_fit, regimes_of_fit
from blackball.inference.reweigh import Weighed, stale, unlike, weigh
from blackball.inference.seal import sealed
from blackball.inference.settings import Progress, Settings, quiet
from blackball.inference.tree import assemble
from blackball.inference.weights import greatest_k, resampled

if TYPE_CHECKING:
    from blackball.panel import Revision

__all__ = ["update"]

INHERITED = ("settings", "sampler")


@dataclass(frozen=True)
class _Found:
    """A posterior, or none, and why."""

    tree: xr.DataTree | None
    why: str


def update(
    fitted: xr.DataTree,
    revision: Revision,
    *,
    refit: bool = False,
    settings: Settings | None = None,
    progress: Progress = quiet,
) -> xr.DataTree:
    """Return the posterior given the judgements of a fit, those that come in among them and those withdrawn left out.

    First the draws of the last time that the posterior was sampled are weighed. Where the weights are too uneven, or
    the judgements need a variable that was not sampled, the model is fitted again; the last entry of the history says
    which way was taken and why. The model and the regimes are those kept in the fit itself.

    Parameters
    ----------
    fitted : DataTree
        From `fit` or an earlier `update`; it stays as it is.
    revision : Revision
        From `blackball.panel.revise`, of the panel in the fit.
    refit : bool
        Sample anew even if weights would do.
    settings : Settings, optional
        Of a new fit; those of the fit if not given.
    progress : Progress

    Returns
    -------
    DataTree
        As from `fit`, with one more entry in the group `history`. A weighted posterior has equally weighted draws as
        any other, resampled from those in its group `base`.

    Raises
    ------
    BlackballError
        If the judgements do not fit the model.
    """
    attrs = fitted.attrs
    risk, regimes = model_of_fit(fitted), regimes_of_fit(fitted)

    def build(changed: Revision) -> Built:
        panel = changed.applied()
        # PyTensor notes for every node where in the code it was made, which nobody will read here.
        with config.change_flags(traceback__limit=0):
            return Built(risk, panel, regimes, attrs["experts"], risk.build(panel, regimes, attrs["experts"]))

    progress("weigh", 0, 0)
    built = build(revision)
    found = _Found(None, "asked for") if refit else _by_weights(fitted, built, progress)
    way, updated = "weights", found.tree
    if updated is None:
        settings = settings or Settings(**json.loads(attrs["settings"]))
        way, updated = (
            "refit",
            fit(risk, built.panel, regimes, experts=attrs["experts"], settings=settings, progress=progress),
        )
    updated.attrs["state"] = int(attrs.get("state", 0)) + 1
    by = moved_by(fitted, updated, revision, lambda changed: build(changed).model)
    updated["history"] = with_entry(fitted, updated, revision, way=way, why=found.why, by=by)
    return updated


def _by_weights(fitted: xr.DataTree, built: Built, progress: Progress) -> _Found:
    """Weigh the draws of the last fit, unless they cannot stand for what is asked."""
    started = perf_counter()
    base = base_of(fitted)
    why = unlike(base, built.model)
    if why:
        return _Found(None, why)
    if base.attrs["failed"]:
        return _Found(None, "the draws to be weighed failed their own checks")
    weighed = weigh(base, built.model)
    weights = weighed.weights
    if not weights.reliable:
        return _Found(
            None, f"Pareto k of the weights is {weights.pareto_k:.2f}, above {greatest_k(weights.each.size):.2g}"
        )
    tree = sealed(_weighted(fitted, base, built, weighed), perf_counter() - started, progress)
    if tree.attrs["verdict"] == "failed":
        checks = tree["diagnosis"].dataset
        worst = checks.isel(check=int((checks["status"] == "fail").argmax("check")))
        value, threshold = worst["value"].item(), worst["threshold"].item()
        return _Found(None, f"weighted, {worst['name'].item()} would be {value:.3g} (limit {threshold:g})")
    return _Found(
        tree, f"Pareto k {weights.pareto_k:.2f}, {weights.effective:,.0f} of {weights.each.size:,} draws effective"
    )


def _weighted(fitted: xr.DataTree, base: xr.DataTree, built: Built, weighed: Weighed) -> xr.DataTree:
    """Lay a weighted posterior out as any other, and keep what it was weighed from."""
    model, weights, anew = built.model, weighed.weights, stale(base, built.model)
    prior = fitted["prior"].dataset
    prior = prior.drop_vars([name for name in anew if name in prior])
    prior = prior[list(prior.data_vars)]
    computed = {
        "posterior": resampled(weighed.draws, weights),
        "prior": prior.merge(derived(model, prior, anew)) if anew else prior,
        "sample_stats": resampled(base["sample_stats"].dataset, weights),
        "log_likelihood": resampled(weighed.log_likelihood, weights),
        "log_prior": resampled(weighed.log_prior, weights),
    }
    if "sweeps" in base.children:
        computed["cruxes"] = cruxes(base["sweeps"].dataset, weights.each)
    elif built.risk.cruxes:
        computed["cruxes"] = cruxes(sweeps(model, computed["posterior"], built.risk.cruxes))
    tree = assemble(built, computed)
    base["density"] = xr.DataTree(base["density"].dataset.assign(weight=weights.each))
    base.attrs |= {"pareto_k": weights.pareto_k, "effective": weights.effective}
    tree["base"] = base
    tree.attrs |= {name: fitted.attrs[name] for name in INHERITED}
    tree.attrs |= {
        "seed": int(fitted.attrs["seed"]),
        "versions": json.dumps(versions()),
        "hyperpriors_hash": hyperpriors_hash(),
        "base": base.attrs["fingerprint"],
    }
    return tree
