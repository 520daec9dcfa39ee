"""The draws that updates weigh: those of the last time that a posterior was sampled.

A weighted posterior keeps them beside its own, so that the next update weighs them anew: errors do not accumulate, and
no posterior ever rests on another but that of all judgements.
"""

from __future__ import annotations

import json

import xarray as xr

from blackball.inference.derive import total

__all__ = ["base_of"]


def base_of(fit: xr.DataTree) -> xr.DataTree:
    """Return the draws that an update of a fit weighs.

    Parameters
    ----------
    fit : DataTree
        Sampled, or itself weighted.

    Returns
    -------
    DataTree
        Groups `posterior`, `sample_stats`, `constant_data`, `density` (`log_density`, dims `chain` and `draw`: log
        prior and log likelihood of the draws under the judgements of then) and, where the model has cruxes, `sweeps`;
        attributes `state` and `fingerprint` of that fit, `sampled` (names of the free variables, JSON) and `failed`,
        how many of its checks failed.
    """
    if "base" in fit.children:
        kept: xr.DataTree = fit.children["base"].copy()
        return kept
    densities = {group: fit[group].dataset for group in ("log_likelihood", "log_prior")}
    groups = {
        "density": xr.Dataset({"log_density": total(*densities.values())}),
        **{name: fit[name].dataset for name in ("posterior", "sample_stats", "constant_data", "sweeps") if name in fit},
    }
    base = xr.DataTree.from_dict(groups)
    base.attrs = {
        "state": int(fit.attrs.get("state", 0)),
        "fingerprint": str(fit.attrs["fingerprint"]),
        "sampled": json.dumps([str(name) for name in fit["log_prior"].data_vars]),
        "failed": int((fit["diagnosis"]["status"] == "fail").sum()),
    }
    return base
