"""One expert who judges premises and conclusion is one source, not two.

Where an expert judges every premise of a conclusion and the conclusion itself, the model says what the premises
imply. A statement that only repeats it adds nothing; one that differs is an incoherence to report, and premises
and conclusion then share the weight of one source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pymc as pm
import xarray as xr
from pytensor import function
from pytensor.graph.replace import clone_replace
from pytensor.graph.traversal import ancestors
from pytensor.xtensor.type import XTensorVariable, xtensor

from blackball.modelling.links import unlink_number
from blackball.modelling.locate import bearers, groups, locate

__all__ = ["coherence", "shares"]

# A statement nearer than this to what its premises imply, on the link scale, only repeats them.
REPEATS = 0.05

type _Implication = Callable[..., object]
"""Takes a number for each premise and returns the conclusions on the link scale."""


@dataclass(frozen=True)
class _Chain:
    expert: str
    conclusion: str
    premises: str
    implied: float
    stated: float


def coherence(model: pm.Model, encoded: xr.Dataset) -> xr.Dataset:
    """Compare what each expert's premises imply with what the expert says of the conclusion.

    Premises are quantities, or outcomes further up the argument, with a single value; a conclusion counts as judged
    twice only if they determine it.

    Parameters
    ----------
    model : pymc.Model
    encoded : Dataset
        From `blackball.panel.encode`.

    Returns
    -------
    Dataset
        dims `argument`: `expert`, `conclusion` (label of the judged cell), `premises` (labels joined by "; "),
        `implied` and `stated` (link scale), `repeats` (whether the two agree).
    """
    chains = list(_chains(model, encoded))
    columns = {
        field: ("argument", np.array([getattr(chain, field) for chain in chains], dtype=object))
        for field in ("expert", "conclusion", "premises")
    }
    implied = np.array([chain.implied for chain in chains], dtype=float)
    stated = np.array([chain.stated for chain in chains], dtype=float)
    repeats = np.abs(implied - stated) < REPEATS
    numbers = {
        "implied": ("argument", implied),
        "stated": ("argument", stated),
        "repeats": ("argument", repeats),
    }
    return xr.Dataset({**columns, **numbers})


def shares(encoded: xr.Dataset, chains: xr.Dataset) -> xr.DataArray:
    """Return how much each judgement counts so that every expert counts once.

    Returns
    -------
    DataArray
        dims `("judged", "expert")`: 1, 1/2 for the premises and the conclusion of an incoherent chain, 0 for a
        conclusion that repeats its premises.
    """
    share = xr.ones_like(encoded["location"])
    for row in range(chains.sizes["argument"]):
        chain = chains.isel(argument=row)
        expert, conclusion = chain["expert"].item(), chain["conclusion"].item()
        if chain["repeats"].item():
            share.loc[{"judged": conclusion, "expert": expert}] = 0.0
        else:
            cells = [conclusion, *chain["premises"].item().split("; ")]
            # A premise that only repeats premises of its own stays dropped.
            share.loc[{"judged": cells, "expert": expert}] = share.sel(judged=cells, expert=expert).clip(max=0.5)
    return share


def _chains(model: pm.Model, encoded: xr.Dataset) -> Iterator[_Chain]:
    """Yield a chain for each conclusion that an expert's own premises determine."""
    plain = encoded.isel(judged=np.flatnonzero(encoded["reference"].values == ""))
    known = bearers(model)
    # Experts who judge the same things share one compiled function.
    compiled: dict[tuple[str, ...], _Implication | None] = {}
    for cells in groups(plain):
        variable = known.get(cells["variable"].values[0])
        if variable is None or not hasattr(variable.tag, "outcome"):
            continue
        for expert in encoded["expert"].values.tolist():
            mine = _answered(cells, expert)
            premises = _premises(known, _answered(plain, expert), variable)
            if mine.sizes["judged"] == 0 or not premises:
                continue
            key = (*mine["judged"].values.tolist(), "", *(str(premise.name) for premise in premises))
            if key not in compiled:
                compiled[key] = _implication(model, mine, list(premises))
            implies = compiled[key]
            if implies is None:
                continue
            implied = np.asarray(implies(*map(_median, premises.values())), dtype=float)
            stated = (mine["location"] * mine["unit"] + mine["centre"]).values
            used = "; ".join(cell["judged"].item() for cell in premises.values())
            for label, value, said in zip(mine["judged"].values.tolist(), implied, stated, strict=True):
                yield _Chain(expert, label, used, float(value), float(said))


def _answered(cells: xr.Dataset, expert: str) -> xr.Dataset:
    own = cells.sel(expert=expert)
    return own.isel(judged=np.flatnonzero(own["answered"].values))


def _premises(
    known: Mapping[str, XTensorVariable], own: xr.Dataset, conclusion: XTensorVariable
) -> dict[XTensorVariable, xr.Dataset]:
    """Return the single values next above a conclusion that one expert judges, each with its judged cell."""
    cells = [own.isel(judged=position) for position in range(own.sizes["judged"])]
    named = [(known.get(cell["variable"].item()), cell) for cell in cells]
    judged = {
        variable: cell
        for variable, cell in named
        if variable is not None
        and variable is not conclusion
        and cell["given"].item() == ""
        and variable.type.ndim == 0
    }
    # A premise that the conclusion depends on only through other premises is theirs, not its own.
    nearest = set(ancestors([conclusion], blockers=list(judged)))
    return {variable: cell for variable, cell in judged.items() if variable in nearest}


def _implication(model: pm.Model, conclusions: xr.Dataset, premises: Sequence[XTensorVariable]) -> _Implication | None:
    """Make the function from premises to conclusions, on the link scale; None if they do not determine them."""
    value = locate(model, conclusions)
    reached = set(ancestors([value], blockers=list(premises)))
    if any(variable in reached for variable in model.free_RVs):
        return None
    inputs = [xtensor(premise.name, dims=(), dtype=premise.type.dtype) for premise in premises]
    implies: _Implication = function(
        inputs,
        clone_replace(value, dict(zip(premises, inputs, strict=True))),
        mode="FAST_COMPILE",
        on_unused_input="ignore",
    )
    return implies


def _median(cell: xr.Dataset) -> float:
    """Return one expert's median on the natural scale."""
    bounds = (cell["lower_bound"].item(), cell["upper_bound"].item())
    return unlink_number(float(cell["location"] * cell["unit"] + cell["centre"]), cell["support"].item(), bounds)
