"""Every judgement of a panel enters the model's likelihood, on inputs and outputs alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import ModelError
from blackball.modelling.experts import (
    EXPERT_MODELS,
    Answered,
    ExpertModel,
    Stated,
    happened,
    hyperpriors,
    recalibration,
)
from blackball.modelling.locate import groups, locate
from blackball.modelling.once import coherence, shares
from blackball.panel import Panel, encode

__all__ = ["Judged", "by_kind", "judged", "known_expert_model", "population"]


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
    quantities : Dataset
        Those judged cells of `encoded` that are no events, in the order of the model's dim `judged`.
    truth : XTensorVariable
        dims `("judged",)`: the value that each of the quantities asks for, in its standard units.
    stated : Stated
        Where answers to them lie.
    log_odds : XTensorVariable or None
        dims `("event",)`: of each of the events; None if there are none.
    """

    encoded: xr.Dataset
    coherence: xr.Dataset
    experts: str
    quantities: xr.Dataset
    truth: XTensorVariable
    stated: Stated
    log_odds: XTensorVariable | None


def judged(panel: Panel, experts: str = "mixture", *, count_once: bool = True, hyper: xr.Dataset | None = None) -> None:
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
    hyper : Dataset, optional
        Where the expert model's parameters start, as `blackball.hyperpriors` learns it from panels of one's own;
        the shipped values if not given.

    Raises
    ------
    ModelError
        If no variable bears a question, its labels do not select one value, or `experts` names no expert model.
    """
    expert_model = known_expert_model(experts)
    model = pm.modelcontext(None)
    encoded, events = by_kind(encode(panel))
    encoded = _by_group(encoded)
    chains = coherence(model, encoded)
    share = shares(encoded, chains) if count_once else xr.ones_like(encoded["location"])
    model.add_coords({"judged": encoded["judged"].values.tolist(), "expert": encoded["expert"].values.tolist()})
    counts = (encoded["answered"] & (share > 0)).any("expert").values.astype(float)
    answered = Answered(
        encoded,
        share,
        truth=_standardised(model, encoded),
        known=pmd.Data("known", counts, dims="judged"),
        informed=bool(events.sizes["judged"] or encoded["realisation"].notnull().any()),
        events=bool(events.sizes["judged"]),
    )
    value = recalibration(population(experts, events, hyper))
    believed = expert_model(answered, value)
    log_odds = happened(believed.log_weight, events, value["extremising"]) if events.sizes["judged"] else None
    everything = xr.concat([encoded, events], dim="judged")
    model["judgements"].tag.judged = Judged(
        everything, chains, experts, encoded, answered.truth, believed.stated, log_odds
    )


def known_expert_model(experts: str) -> ExpertModel:
    """Return the expert model of that name.

    Raises
    ------
    ModelError
        If there is none.
    """
    if experts not in EXPERT_MODELS:
        raise ModelError(f"no expert model {experts!r}; valid: {', '.join(sorted(EXPERT_MODELS))}")
    return EXPERT_MODELS[experts]


def by_kind(encoded: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """Split judged cells into quantities, and events whose outcome is known: their truth is at no finite place.

    Raises
    ------
    ModelError
        If a seed lies on an end of its support and is no probability.
    """
    ended = np.isinf(encoded["realisation"].values)
    odd = ended & (encoded["support"].values != "probability")
    if odd.any():
        names = ", ".join(map(str, encoded["judged"].values[odd]))
        raise ModelError(f"question {names}: a realisation on the end of its support lies nowhere on the link scale")
    return encoded.isel(judged=np.flatnonzero(~ended)), encoded.isel(judged=np.flatnonzero(ended))


def population(experts: str, events: xr.Dataset, hyper: xr.Dataset | None) -> xr.Dataset:
    """Return the population values of an expert model, those of events with them if there are any.

    Parameters
    ----------
    experts : str
        Name of the expert model.
    events : Dataset
        Judged events.
    hyper : Dataset, optional
        Instead of the shipped values.
    """
    own = hyperpriors(experts) if hyper is None else hyper
    return xr.concat([own, hyperpriors("events")], dim="hyperparameter") if events.sizes["judged"] else own


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
