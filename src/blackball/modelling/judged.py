"""Every judgement of a panel enters the model's likelihood, on inputs and outputs alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import ModelError
from blackball.modelling.consensus import consensus
from blackball.modelling.hyperpriors import hyperpriors
from blackball.modelling.locate import groups, locate
from blackball.modelling.mixture import mixture
from blackball.modelling.once import coherence, shares
from blackball.panel import Panel, encode

__all__ = ["EXPERT_MODELS", "Judged", "judged"]

EXPERT_MODELS = {"consensus": consensus, "mixture": mixture}


@dataclass(frozen=True)
class Judged:
    """What entered the likelihood: kept with the model, so that a fit can report it.

    Attributes
    ----------
    encoded : Dataset
        The panel on the link scale, dims `judged` and `expert`.
    coherence : Dataset
        dims `argument`: experts who judge premises and the conclusion, what their premises imply and what they say.
    experts : str
        Name of the expert model.
    """

    encoded: xr.Dataset
    coherence: xr.Dataset
    experts: str


def judged(panel: Panel, experts: str = "mixture", *, count_once: bool = True) -> None:
    """Let every judgement of a panel inform the variables that its questions name.

    Call it last inside the model, when all variables are named. Seed questions, whose truth is known, need no
    variable: they inform how far each expert is believed.

    Parameters
    ----------
    panel : Panel
    experts : {"mixture", "consensus"}
        How judgements relate to the truth.
    count_once : bool
        An expert who judges all premises of a conclusion and the conclusion is one source, not two: with `True`
        a conclusion that only repeats the premises is left out, and one that differs shares their weight.

    Raises
    ------
    ModelError
        If no variable bears a question, its labels do not select one value, or `experts` names no expert model.
    """
    if experts not in EXPERT_MODELS:
        raise ModelError(f"no expert model {experts!r}; valid: {', '.join(sorted(EXPERT_MODELS))}")
    model = pm.modelcontext(None)
    encoded = _by_group(encode(panel))
    _refuse_events(encoded)
    chains = coherence(model, encoded)
    share = shares(encoded, chains) if count_once else xr.ones_like(encoded["location"])
    model.add_coords({"judged": encoded["judged"].values.tolist(), "expert": encoded["expert"].values.tolist()})
    EXPERT_MODELS[experts](_standardised(model, encoded), encoded, share, hyperpriors(experts))
    model["judgements"].tag.judged = Judged(encoded, chains, experts)


def _refuse_events(encoded: xr.Dataset) -> None:
    """Refuse seeds that are events: a truth of 0 or 1 lies at no finite place on the link scale."""
    events = encoded["judged"].values[np.isinf(encoded["realisation"].values)]
    if events.size:
        raise ModelError(
            f"question {', '.join(map(str, events))}: a realisation of exactly 0 or 1 (an event that did or did not "
            "happen) cannot yet inform how far experts are believed; leave it empty"
        )


def _by_group(encoded: xr.Dataset) -> xr.Dataset:
    """Order judged cells: targets, grouped as one expression locates them, then seeds."""
    seeds = np.flatnonzero(encoded["realisation"].notnull().values)
    targets = groups(encoded.isel(judged=np.flatnonzero(encoded["realisation"].isnull().values)))
    return xr.concat([*targets, encoded.isel(judged=seeds)], dim="judged")


def _standardised(model: pm.Model, encoded: xr.Dataset) -> XTensorVariable:
    """Return the judged values in each question's standard units: variables, or the known truth of seeds."""
    seeds = encoded["realisation"].notnull().values
    targets = encoded.isel(judged=np.flatnonzero(~seeds))
    pieces = [locate(model, cells) for cells in groups(targets)]
    if seeds.any():
        model.add_coords({"seed": encoded["judged"].values[seeds].tolist()})
        truth = (encoded["realisation"] * encoded["unit"] + encoded["centre"]).values[seeds]
        pieces.append(pmd.Data("seed_truth", truth, dims="seed").rename(seed="judged"))
    centre = pmd.Data("question_centre", encoded["centre"].values, dims="judged")
    unit = pmd.Data("question_unit", encoded["unit"].values, dims="judged")
    located: XTensorVariable = pmd.concat(pieces, dim="judged")
    return (located - centre) / unit
