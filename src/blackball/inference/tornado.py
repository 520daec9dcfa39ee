"""A tornado: how far the headline outcomes move when one quantity alone moves through its posterior.

Each quantity is set to the ends of its central 90 % interval, in all posterior draws, with all else as it was: an
intervention, as in `blackball.inference.what_if`. What judgements tie together is moved apart on purpose, so that a
swing says what the model does with the quantity and not what one would believe had one learned it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from pytensor import config
from pytensor.graph.traversal import ancestors

from blackball.inference.on_draws import on_draws
from blackball.inference.what_if import headlines, intervention, thinned

if TYPE_CHECKING:
    import pymc as pm

    from blackball.inference.on_draws import OnDraws

__all__ = ["tornado"]

ENDS = {"low": 0.05, "high": 0.95}

type Moved = Callable[[xr.DataArray], xr.Dataset]
"""Takes what a quantity is set to, by regime where it varies, and returns the means of headline outcomes."""


def tornado(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    """Move each quantity alone to the 5 % and the 95 % quantile of its posterior.

    Parameters
    ----------
    model : pymc.Model
    draws : Dataset
        Posterior draws of the model's free variables and quantities, dims `chain` and `draw` first.

    Returns
    -------
    Dataset
        The headline outcomes, each the posterior mean (in its own unit) over about 500 draws, with the dims `end`
        (`low`, `base` where nothing is moved, `high`), `moved`, and their own; and `value`, what the quantity is set
        to (its posterior mean at `base`). `moved` counts quantities and, where they have dims, their labels; the
        coordinates `quantity` and `label` (such as `route=direct`) name it. A quantity that varies by regime is set
        to the quantile of each regime, and `value` has the dim `regime` then.
    """
    computed = {str(v.name) for v in model.deterministics}
    quantities = [name for name, v in model.named_vars.items() if hasattr(v.tag, "quantity")]
    names = [name for name in quantities if name in computed]
    few, outcomes = thinned(draws), _outcomes_of(model, names)
    base = outcomes(few)
    columns = [
        _moved(draws[name].sel(at), at, base, _set(outcomes, few, name, at))
        for name in names
        for at in _cells(draws[name])
    ]
    # What other quantities are computed from moves them too.
    reached = set(ancestors([model[name] for name in headlines(model)]))
    sources = [name for name in quantities if name not in computed and model[name] in reached]
    columns += [_moved(draws[name], {}, base, _changed(model, few, name)) for name in sources]
    places = [(str(name), _label(at)) for name in names for at in _cells(draws[name])] + [(one, "") for one in sources]
    quantity, label = zip(*places, strict=True)
    moved = xr.concat(columns, dim="moved", coords="minimal", compat="override", join="exact")
    return moved.assign_coords(quantity=("moved", [*quantity]), label=("moved", [*label]))


def _outcomes_of(model: pm.Model, names: list[str]) -> OnDraws:
    """Make the function from draws of quantities and free variables to means of headline outcomes, compiled once."""
    with config.change_flags(cxx=""):
        compute = on_draws(model, {name: model[name] for name in headlines(model)}, drawn=[model[n] for n in names])
    return lambda draws: compute(draws).mean(("chain", "draw"))


def _cells(variable: xr.DataArray) -> list[dict[str, object]]:
    """Return the labels of each number that a quantity has in one regime."""
    dims = [str(dim) for dim in variable.dims if dim not in {"chain", "draw", "regime"}]
    return [
        dict(zip(dims, labels, strict=True)) for labels in product(*(variable[dim].values.tolist() for dim in dims))
    ]


def _label(at: dict[str, object]) -> str:
    return "; ".join(f"{dim}={value}" for dim, value in at.items())


def _set(outcomes: OnDraws, draws: xr.Dataset, name: str, at: dict[str, object]) -> Moved:
    """Return what gives outcomes with a quantity at some labels set to a level, which may differ between regimes."""
    here = xr.DataArray(np.True_)
    for dim, label in at.items():
        here = here & (draws[dim] == label)

    def at_level(level: xr.DataArray) -> xr.Dataset:
        held = draws[name].where(~here, level)
        return outcomes(draws.assign({name: held.transpose(*draws[name].dims)}))

    return at_level


def _changed(model: pm.Model, draws: xr.Dataset, name: str) -> Moved:
    """Return what gives outcomes with a free variable of the model set to a level, and all that is computed from it."""
    change = intervention(model, [name])

    def at_level(level: xr.DataArray) -> xr.Dataset:
        return change(draws, {name: float(level)})[headlines(model)].mean(("chain", "draw"))

    return at_level


def _moved(cell: xr.DataArray, at: dict[str, object], base: xr.Dataset, outcomes: Moved) -> xr.Dataset:
    """Return outcomes and values at both ends of one cell of a quantity, and where nothing is moved."""
    sampled = ("chain", "draw")
    levels = {
        end: cell.quantile(level, sampled).drop_vars(["quantile", *at], errors="ignore") for end, level in ENDS.items()
    }
    found = {end: outcomes(level).assign(value=level) for end, level in levels.items()}
    unmoved = base.assign(value=cell.mean(sampled).drop_vars(list(at), errors="ignore"))
    ends = xr.concat([found["low"], unmoved, found["high"]], dim="end", coords="minimal", compat="override")
    return ends.assign_coords(end=["low", "base", "high"])
