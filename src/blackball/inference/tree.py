"""Put everything that a fit is into one labelled tree that describes itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.inference.provenance import digest
from blackball.panel import fingerprint, to_datasets

if TYPE_CHECKING:
    import pymc as pm

    from blackball.inference.prepare import Built
    from blackball.regimes import Regimes

__all__ = ["SCHEMA", "assemble"]

SCHEMA = 2
"""Version of the tree's layout; `store` refuses what it does not know."""


def assemble(built: Built, computed: Mapping[str, xr.Dataset]) -> xr.DataTree:
    """Assemble a fit's tree from draws and what they were computed from.

    Parameters
    ----------
    built : Built
    computed : mapping of group name to Dataset
        At least `posterior` and `prior`.

    Returns
    -------
    DataTree
        Variables of posterior and prior carry `kind`, `headline`, `meaning`, `unit`, `prior` and `source`.
    """
    model = built.model
    judged = model["judgements"].tag.judged
    groups = {
        **computed,
        "observed_data": _plain(model, [rv.name for rv in model.observed_RVs]),
        "constant_data": _plain(model, [data.name for data in model.data_vars]),
        "encoded": judged.encoded,
        "coherence": judged.coherence,
    }
    for name in ("posterior", "prior"):
        groups[name] = _described(model, computed[name])
    if built.regimes is not None:
        groups["regimes"] = _regimes(built.regimes)
    tree = xr.DataTree.from_dict(
        {**groups, **{f"panel/{name}": dataset for name, dataset in to_datasets(built.panel).items()}}
    )
    tree.attrs |= _identity(built)
    return tree


def _identity(built: Built) -> dict[str, str | int]:
    risk, regimes = built.risk, built.regimes
    return {
        "schema": SCHEMA,
        "model": risk.name,
        "question": risk.question,
        "model_file": risk.file,
        "model_source": risk.source,
        "model_hash": risk.fingerprint,
        "panel": built.panel.name,
        "panel_hash": fingerprint(built.panel),
        "regimes_file": regimes.source if regimes else "",
        "regimes_text": regimes.text if regimes else "",
        "regimes_hash": digest(regimes.text) if regimes else "",
        "experts": built.experts,
    }


def _described(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    """Give each variable the attributes by which tables and exports know it."""
    described = draws.copy()
    for name in described.data_vars:
        tag = model[str(name)].tag
        attrs: dict[str, str | int | float] = {
            "kind": "internal",
            "headline": 0,
            "meaning": "",
            "unit": "",
            "source": "",
        }
        if hasattr(tag, "quantity"):
            quantity = tag.quantity
            prior = "; ".join(
                f"{label} {low:g} to {high:g}".strip() for label, (low, high) in quantity.intervals.items()
            )
            attrs |= {"kind": "quantity", "unit": quantity.unit, "source": quantity.source, "prior": prior}
            # By these a reader of the fit alone can map it to its link scale and back.
            lower, upper = quantity.bounds
            attrs |= {"support": quantity.support, "lower_bound": lower, "upper_bound": upper}
        if hasattr(tag, "outcome"):
            outcome = tag.outcome
            attrs |= {"kind": "outcome", "headline": int(outcome.headline), "meaning": outcome.meaning}
            attrs["unit"] = outcome.unit
        if hasattr(tag, "stopping"):
            rule = tag.stopping
            attrs |= {"stopping_dim": rule.dim, "tolerance": rule.tolerance, "alpha": rule.alpha}
        described[name].attrs = attrs
    return described


def _plain(model: pm.Model, names: list[str]) -> xr.Dataset:
    """Return data or observations of the model as labelled arrays."""
    arrays = {}
    for name in names:
        variable = model[name]
        held = model.rvs_to_values.get(variable, variable)
        # Plain Python: any other mode would load a compiler for this.
        value = np.asarray(held.get_value() if hasattr(held, "get_value") else held.eval(mode="FAST_COMPILE"))
        arrays[name] = (tuple(model.named_vars_to_dims.get(name, ())), value)
    used = {dim for dims, _ in arrays.values() for dim in dims}
    coords = {dim: list(labels) for dim, labels in model.coords.items() if dim in used and labels is not None}
    return xr.Dataset(arrays, coords=coords)


def _regimes(regimes: Regimes) -> xr.Dataset:
    columns = {
        key: ("regime", np.array([str(getattr(row, key)) for row in regimes.rows.values()], dtype=object))
        for key in ("title", "summary", "jurisdiction", "duration", "held_fixed")
    }
    start = ("regime", np.array([row.start for row in regimes.rows.values()]))
    leaning = np.array([", ".join(regimes.illustrative(name)) for name in regimes.names], dtype=object)
    return xr.Dataset(
        {**columns, "start": start, "illustrative": ("regime", leaning)},
        coords={"regime": list(regimes.names)},
    )
