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
    conclusions = [
        (variable, cells)
        for cells in groups(plain)
        if (variable := known.get(cells["variable"].values[0])) is not None and hasattr(variable.tag, "outcome")
    ]
    answers = {expert: _answered(plain, expert) for expert in encoded["expert"].values.tolist()} if conclusions else {}
    single = {expert: _single(known, own) for expert, own in answers.items()}
    # Experts who judge the same things share one compiled function.
    compiled: dict[tuple[str, ...], _Implication | None] = {}
    for variable, cells in conclusions:
        for expert in answers:
            premises = _nearest(single[expert], variable)
            mine = _answered(cells, expert) if premises else cells
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


def _single(known: Mapping[str, XTensorVariable], own: xr.Dataset) -> dict[XTensorVariable, xr.Dataset]:
    """Return the single values that one expert judges, each with its judged cell."""
    names, given = own["variable"].values.tolist(), own["given"].values.tolist()
    return {
        known[name]: own.isel(judged=position)
        for position, (name, condition) in enumerate(zip(names, given, strict=True))
        if name in known and not condition and known[name].type.ndim == 0
    }


def _nearest(
    judged: Mapping[XTensorVariable, xr.Dataset], conclusion: XTensorVariable
) -> dict[XTensorVariable, xr.Dataset]:
    """Return those of the judged values that are next above a conclusion."""
    premises = {variable: cell for variable, cell in judged.items() if variable is not conclusion}
    # A premise that the conclusion depends on only through other premises is theirs, not its own.
    nearest = set(ancestors([conclusion], blockers=list(premises))) if premises else set()
    return {variable: cell for variable, cell in premises.items() if variable in nearest}


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
