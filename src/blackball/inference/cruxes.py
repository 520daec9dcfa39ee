"""Cruxes: how the headline outcomes move when one quantity is swept through all it could be.

A model names its cruxes, the quantities on which its question turns (`CRUXES = [...]`). Each is set to values
across its prior, in every posterior draw, with all else as it was (`blackball.inference.what_if`); from these
sweeps `compare` finds where regimes change places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from pytensor.graph.traversal import ancestors

from blackball.errors import ModelError
from blackball.inference.what_if import headlines, intervention, thinned
from blackball.modelling.links import unlink_number

if TYPE_CHECKING:
    import pymc as pm

    from blackball.modelling.priors import Quantity

__all__ = ["check_cruxes", "cruxes", "sweeps"]

STEPS = 9
REACH = 2.6
"""Prior standard deviations to either side: 99 % of the prior."""


def check_cruxes(model: pm.Model, names: Sequence[str]) -> None:
    """Refuse cruxes that cannot be swept.

    Raises
    ------
    ModelError
        If a crux is no quantity of the model, has dims, or bears on no headline outcome.
    """
    reached = set(ancestors([model[name] for name in headlines(model)]))
    for name in names:
        _quantity(model, name)
        if model[name] not in reached:
            raise ModelError(f"CRUXES: no headline outcome depends on {name!r}")


def sweeps(model: pm.Model, draws: xr.Dataset, names: Sequence[str]) -> xr.Dataset:
    """Sweep each crux through its prior, in about 500 of the posterior draws.

    Parameters
    ----------
    model : pymc.Model
    draws : Dataset
        Posterior draws of the model's free variables, dims `chain` and `draw` first.
    names : sequence of str
        Quantities without dims of their own.

    Returns
    -------
    Dataset
        `value` (dims crux, step; natural scale, increasing), and each headline outcome (dims crux, step, chain, draw
        and its own; in single precision, which is more than so few draws bear).

    Raises
    ------
    ModelError
        As `check_cruxes`.
    """
    check_cruxes(model, names)
    swept = [_sweep(model, thinned(draws), name) for name in names]
    return xr.concat(swept, dim="crux").assign_coords(crux=list(names))


def cruxes(swept: xr.Dataset, weights: xr.DataArray | None = None) -> xr.Dataset:
    """Average sweeps over their draws.

    Parameters
    ----------
    swept : Dataset
        From `sweeps`.
    weights : DataArray, optional
        dims `("chain", "draw")`: of the draws that the sweeps were thinned from; by default all count the same.

    Returns
    -------
    Dataset
        `value` and the posterior mean of each headline outcome (dims crux, step and its own).
    """
    outcomes = swept.drop_vars("value").astype(float)
    if weights is None:
        means = outcomes.mean(("chain", "draw"))
    else:
        of_swept = weights.sel(chain=swept["chain"], draw=swept["draw"])
        means = outcomes.weighted(of_swept).mean(("chain", "draw"))
    return means.assign(value=swept["value"])


def _sweep(model: pm.Model, draws: xr.Dataset, name: str) -> xr.Dataset:
    values = _values(name, _quantity(model, name))
    outcomes = intervention(model, [name])
    swept = [outcomes(draws, {name: value})[headlines(model)].astype(np.float32) for value in values]
    return xr.concat(swept, dim="step").assign(value=("step", np.array(values)))


def _quantity(model: pm.Model, name: str) -> Quantity:
    quantities: dict[str, Quantity] = {
        name: v.tag.quantity for name, v in model.named_vars.items() if hasattr(v.tag, "quantity") and not v.type.dims
    }
    if name not in quantities:
        valid = ", ".join(quantities)
        raise ModelError(f"CRUXES: {name!r} is no quantity that is the same in all regimes (valid: {valid})")
    return quantities[name]


def _values(name: str, quantity: Quantity) -> list[float]:
    """Return values across the prior, evenly spaced on the link scale."""
    mean, sd = quantity.elicited(name)[""]
    return [unlink_number(mean + sd * z, quantity.support, quantity.bounds) for z in np.linspace(-REACH, REACH, STEPS)]
