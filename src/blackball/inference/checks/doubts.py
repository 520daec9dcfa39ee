"""Where is judgement called for?  These checks never fail a fit; they say where to look.

Power scaling: Kallioinen, Paananen, Buerkner & Vehtari, "Detecting and diagnosing prior and likelihood sensitivity
with power-scaling", Statistics and Computing 2024 (10.1007/s11222-023-10366-5). Pareto k: Vehtari, Simpson, Gelman,
Yao & Gabry, "Pareto smoothed importance sampling" (arXiv 1507.02646).
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import xarray as xr

from blackball.inference.checks.check import Check, look, some
from blackball.inference.checks.contradictions import conflict, contradicted

__all__ = ["doubt_checks"]

INCOHERENT = np.log(2.0)
# Above this, power-scaling by a little moves an outcome's distribution noticeably.
SENSITIVE = 0.05


def doubt_checks(fit: xr.DataTree) -> list[Check]:
    """Check the prior's sanity, judgements against prior and posterior, single judgements, and coherence.

    Parameters
    ----------
    fit : DataTree
        With groups `posterior`, `prior`, `log_likelihood`, `log_prior`, `encoded` and `coherence`.
    """
    return [
        *_prior_sanity(fit),
        conflict(fit),
        _weak(fit),
        contradicted(fit),
        _influence(fit),
        _coherence(fit),
    ]


def _headlines(fit: xr.DataTree, group: str) -> xr.Dataset:
    dataset = fit[group].dataset
    return dataset[[name for name in dataset if dataset[name].attrs.get("headline")]]


def _prior_sanity(fit: xr.DataTree) -> list[Check]:
    """Ask whether the prior alone is nearly sure of a probability, either way."""
    prior = _headlines(fit, "prior")
    chances = [name for name in prior if prior[name].attrs.get("unit") == "probability"]
    sure = {
        str(name): float(((prior[name] < 1e-6) | (prior[name] > 0.99)).mean(("chain", "draw")).max())
        for name in chances
    }
    advice = "the priors alone nearly decide this outcome: widen them, or say why they should"
    return [look(f"prior draws of {name} below 1e-6 or above .99", share, 0.2, advice) for name, share in sure.items()]


def _weak(fit: xr.DataTree) -> Check:
    """Ask which headline outcomes move when the prior counts a little more, and not when judgements do."""
    import arviz_stats as az  # slow to import, and only needed here

    names = [str(name) for name in _headlines(fit, "posterior")]
    tree = xr.DataTree.from_dict({group: fit[group].dataset for group in ("posterior", "log_likelihood", "log_prior")})
    sensitivity = {group: az.psense(tree, var_names=names, group=group) for group in ("prior", "likelihood")}
    table = pd.DataFrame({group: _flat(values) for group, values in sensitivity.items()})
    weak = table[(table["prior"] > SENSITIVE) & (table["likelihood"] <= SENSITIVE)]
    advice = f"weak data for {some(weak.index)}: ask somebody, or defend the prior"
    name = "outcomes that rest on the prior more than on judgements (share)"
    return look(name, len(weak) / len(table), 0.0, advice)


def _flat(sensitivity: xr.DataTree | xr.Dataset) -> dict[str, float]:
    """Return one number per element, by name and labels."""
    found = {}
    for name, values in sensitivity.data_vars.items():
        for place in np.ndindex(values.shape):
            cell = values[place]
            labels = ", ".join(str(cell.coords[dim].item()) for dim in values.dims)
            found[f"{name}[{labels}]" if labels else str(name)] = float(cell)
    return found


def _influence(fit: xr.DataTree) -> Check:
    """Ask whether any single judgement moves the posterior so much that leaving it out needs a refit."""
    import arviz_stats as az

    likelihood = fit["log_likelihood"]["judgements"]
    cells = likelihood.stack(cell=[dim for dim in likelihood.dims if dim not in ("chain", "draw")])
    names = [" / ".join(map(str, labels)) for labels in cells["cell"].values]
    # Who did not answer has the same likelihood, none, in every draw.
    counted = (cells.std(("chain", "draw")) > 0).values
    alone = xr.DataArray(cells.values[..., counted], dims=("chain", "draw", "cell"), name="judgements")
    # How autocorrelated the draws are is judged by what is reported, which is far quicker than by every variable.
    tree = xr.DataTree.from_dict({"posterior": _headlines(fit, "posterior"), "log_likelihood": alone.to_dataset()})
    with warnings.catch_warnings():
        # ArviZ warns of the very values that are read off and reported here.
        warnings.simplefilter("ignore", UserWarning)
        worst = az.loo(tree, var_name="judgements", pointwise=True).pareto_k.values
    place = int(np.nanargmax(worst))
    cell, name = worst[place], np.array(names)[counted][place]
    advice = f"the posterior leans hard on {name}: see what it is without that judgement"
    return look("greatest Pareto k of a judgement", float(cell), 0.7, advice)


def _coherence(fit: xr.DataTree) -> Check:
    """Ask whether any expert's premises contradict the expert's conclusion by more than a factor of two in odds."""
    chains = fit["coherence"].dataset
    gaps = abs(chains["implied"] - chains["stated"])
    if gaps.size == 0:
        return Check("gap between an expert's premises and conclusion (log odds)", "pass", 0.0, float(INCOHERENT), "")
    worst = chains.isel(gaps.argmax(["argument"]))
    advice = (
        f"{worst['expert'].item()} says otherwise of {worst['conclusion'].item()} than the premises imply: ask again"
    )
    return look(
        "gap between an expert's premises and conclusion (log odds)",
        float(gaps.max()),
        float(INCOHERENT),
        advice,
    )
