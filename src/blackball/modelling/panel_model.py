"""A panel by itself: what its judgements say of each question, without an argument that joins them.

Seeds can be set aside after compiling: a seed whose entry of the data variable `known` (or `event_known`) is 0 informs
nothing and is predicted like any other question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts import Answered, Effect, Predicted, happened, many, recalibration
from blackball.modelling.judged import by_kind, known_expert_model, population
from blackball.panel import Panel, encode

__all__ = ["PanelModel", "panel_model"]

VAGUE = 10.0
"""Standard deviation of where answers lie to a question of which nothing is known, in its standard units."""


@dataclass(frozen=True)
class PanelModel:
    """A panel's model, and what it predicts.

    Attributes
    ----------
    model : pymc.Model
    quantities, events : Dataset
        Judged cells as `blackball.panel.encode` gives them: quantities; and, in a panel of which some events are known,
        those and all probabilities that are not, which are quantities too.
    predicted : Predicted
        Of each of the quantities; dims `("judged", "component")`.
    log_odds : XTensorVariable or None
        Of each of the events; dims `("event",)`.
    effects : mapping of str to Effect
        As in `Believed`.
    """

    model: pm.Model
    quantities: xr.Dataset
    events: xr.Dataset
    predicted: Predicted
    log_odds: XTensorVariable | None
    effects: Mapping[str, Effect]


def panel_model(
    panel: Panel,
    experts: str = "mixture",
    *,
    only_seeds: bool = False,
    informed: bool = True,
    hyper: xr.Dataset | None = None,
) -> PanelModel:
    """Build the model of a panel by itself.

    Parameters
    ----------
    panel : Panel
    experts : {"mixture", "consensus"}
    only_seeds : bool
        Leave out questions whose truth is not known, which is quicker where they are many.
    informed : bool
        Whether seeds, if there are any, inform the model; without them all experts count the same.
    hyper : Dataset, optional
        Population values as `blackball.modelling.experts.hyperpriors` returns them, instead of the shipped ones.

    Raises
    ------
    ModelError
        If `experts` names no expert model, or a seed lies on an end of its support.
    """
    expert_model = known_expert_model(experts)
    encoded, events = by_kind(encode(panel))
    if events.sizes["judged"] and not only_seeds:
        open_ = (encoded["support"].values == "probability") & encoded["realisation"].isnull().values
        events = xr.concat([events, encoded.isel(judged=np.flatnonzero(open_))], dim="judged")
    if only_seeds:
        encoded = encoded.isel(judged=np.flatnonzero(encoded["realisation"].notnull().values))
    labels = {name: encoded[name].values.tolist() for name in ("judged", "expert")}
    integrated = many(encoded, events=bool(events.sizes["judged"]))
    with pm.Model(coords=labels) as model:
        known = pmd.Data("known", encoded["realisation"].notnull().values.astype(float), dims="judged")
        answered = Answered(
            encoded,
            xr.ones_like(encoded["location"]),
            truth=pmd.Data("seed_truth", encoded["realisation"].fillna(0.0).values, dims="judged"),
            known=known,
            informed=informed and bool(events.sizes["judged"] or encoded["realisation"].notnull().any()),
            unplaced=_vague() if experts == "consensus" and encoded.sizes["judged"] and not integrated else None,
            open=encoded["realisation"].isnull().values,
            events=bool(events.sizes["judged"]),
        )
        value = recalibration(population(experts, events, hyper))
        believed = expert_model(answered, value)
        log_odds = None
        if events.sizes["judged"]:
            log_odds = happened(believed.log_weight, events, value["extremising"])
    return PanelModel(model, encoded, events, believed.predicted, log_odds, believed.effects)


def _vague() -> XTensorVariable:
    """Create where answers lie to questions of which nothing is known."""
    variable: XTensorVariable = pmd.Normal("unplaced", 0.0, VAGUE, dims="judged")
    return variable
