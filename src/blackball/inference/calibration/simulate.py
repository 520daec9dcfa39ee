"""Judgements simulated from a model: parameters from the prior, and answers such that the model's density is theirs.

What is covered: the stated medians of quantities, outcomes of events, and counts of evidence. Who answers what, stated
widths, standard units and all else that a panel says of an answer stay as they are.

`consensus` says how answers come about: each is the truth with error. Here none is rounded, so that none is censored.

`mixture` does not: it is a density of the truth given answers, ``sum_e w_e K_e(truth - m_e)``. It is also the density
of answers, up to a constant, if one expert is right, e with probability w_e, and states ``m_e = truth - error`` with
the error drawn from K_e, while everybody else answers anywhere in a range with equal probability: a density that is the
same everywhere neither favours nor punishes any truth. The range is all but one in a thousand of what the prior makes
right experts say; weights may depend on parameters, but not on the answers themselves, as held here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from pytensor import config
from pytensor.graph.traversal import graph_inputs
from scipy.special import expit

from blackball.errors import ModelError
from blackball.inference.answers import expected_answers
from blackball.inference.fewer import labelled_data
from blackball.inference.on_draws import on_draws
from blackball.inference.prior import prior_draws

if TYPE_CHECKING:
    import pymc as pm

__all__ = ["simulate", "simulated_answers"]

DRAW = ("chain", "draw")
JUDGED = {"judgements", "happened"}
REACH = (0.0005, 0.9995)


def simulate(model: pm.Model, count: int, seed: int) -> tuple[xr.Dataset, dict[str, xr.DataArray]]:
    """Draw parameters from the prior, and what a panel and tests would say if they were true.

    Parameters
    ----------
    model : pymc.Model
        With judgements.
    count : int
    seed : int

    Returns
    -------
    (Dataset, dict of str to DataArray)
        The free variables, dims `chain` (one), `draw` and their own; and by data variable what is simulated, dim
        `draw` first, with all other data that must change for it (without `draw`).

    Raises
    ------
    ModelError
        If the model observes something that is no data variable, or experts are integrated out.
    """
    if "node" in model.coords:
        raise ModelError(
            f"{len(model.coords['expert'] or ())} experts: their biases and skills are integrated out, so that answers "
            "cannot be simulated from the model; calibrate with fewer experts"
        )
    counted = _counted(model)
    drawn = prior_draws(model, count, seed, list(counted))
    truths = drawn[[variable.name for variable in model.free_RVs]]
    rng = np.random.default_rng([seed, 1])
    data = labelled_data(model)
    found = {name: drawn[rv].isel(chain=0, drop=True).astype(data[name].dtype) for rv, name in counted.items()}
    if "censored" in data["answers"]["feature"].values:
        data["answers"].loc[{"feature": "censored"}] = 0.0
        found["answers"] = data["answers"]
    expected = expected_answers(model)(truths, data).isel(chain=0, drop=True)
    answered = model["judgements"].tag.judged.quantities["answered"]
    locations = simulated_answers(expected, rng).where(answered, 0.0)
    found["location"] = locations.transpose("draw", *data["location"].dims)
    log_odds = model["judgements"].tag.judged.log_odds
    if log_odds is not None:
        with config.change_flags(cxx=""):
            chance = on_draws(model, {"log_odds": log_odds})(truths)["log_odds"].isel(chain=0, drop=True)
        found["event_outcome"] = (xr.zeros_like(chance) + rng.random(chance.shape) < expit(chance)).astype(float)
    return truths, found


def simulated_answers(expected: xr.Dataset, rng: np.random.Generator) -> xr.DataArray:
    """Draw the panel's stated medians.

    Parameters
    ----------
    expected : Dataset
        From `expected_answers`, without dim `chain`: `centre`, `below`, `above`, `degrees` and, in a mixture,
        `log_weight`.
    rng : Generator

    Returns
    -------
    DataArray
        dims `draw`, `judged`, `expert`, in standard units.
    """
    centre, below, above = (
        expected[name].transpose("draw", "judged", "expert") for name in ("centre", "below", "above")
    )
    size = np.abs(rng.standard_t(expected["degrees"].values[:, None, None], size=centre.shape))
    down = below / (below + above) > rng.random(centre.shape)
    right: xr.DataArray = centre + (-below).where(down, above) * size
    if "log_weight" not in expected:
        return right
    logs = expected["log_weight"].transpose(*right.dims)
    # The largest of log weights with Gumbel noise is each expert with the probability that its weight says.
    chosen = (logs + rng.gumbel(size=logs.shape)).argmax("expert")
    low, high = (right.quantile(level, ("draw", "expert"), skipna=True).drop_vars("quantile") for level in REACH)
    others = low + (high - low) * xr.DataArray(rng.random(right.shape), dims=right.dims, coords=right.coords)
    return right.where(xr.DataArray(np.arange(right.sizes["expert"]), dims="expert") == chosen, others)


def _counted(model: pm.Model) -> dict[str, str]:
    """Return the data variable that each other observed variable is held in."""
    held = {}
    for rv in (rv for rv in model.observed_RVs if rv.name not in JUDGED):
        data = [v.name for v in graph_inputs([model.rvs_to_values[rv]]) if v in model.data_vars]
        if len(data) != 1:
            raise ModelError(f"{rv.name}: what is observed must be data of the model (pmd.Data) to be simulated")
        held[rv.name] = data[0]
    return held
