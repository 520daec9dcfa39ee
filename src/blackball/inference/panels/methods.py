"""Every way of predicting questions from a panel, by name: classical pools and expert models alike."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scipy.special import expit

from blackball.inference.panels.learn import PreparedPanel, learn, prepare_panel
from blackball.inference.panels.predict import predicted_distribution
from blackball.inference.settings import Settings
from blackball.modelling.experts import EXPERT_MODELS
from blackball.pools import answers_of, events_of, known_methods, pool_quantities
from blackball.pools.named import EVENT_POOLS, METHODS, QUANTITY_POOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import xarray as xr

    from blackball.panel import Panel
    from blackball.pools import Answers, Distribution, Events

    type Prediction = Distribution | float
    """A distribution of a quantity, or the probability of an event."""

    type Predict = Callable[[Collection[str], Sequence[str]], dict[str, Prediction]]
    """Takes labels of the seeds to learn from and of what to predict; what the method cannot predict is absent."""

__all__ = ["KEPT", "QUICK", "applicable", "predictor"]

QUICK = Settings(draws=500, tune=300, chains=2, target_accept=0.9)
"""Enough for a prediction, whose Monte Carlo error is small beside the luck of a realisation."""

KEPT = 200
"""Draws that a prediction averages over."""


def applicable(panel: Panel) -> list[str]:
    """Return the names of the methods that the kinds of a panel's seeds allow."""
    quantities, events = answers_of(panel).seeds.size, events_of(panel).seeds.size
    allowed = {*EXPERT_MODELS, *(QUANTITY_POOLS if quantities else ()), *(EVENT_POOLS if events else ())}
    return [method for method in METHODS if method in allowed]


def predictor(
    method: str,
    panel: Panel,
    settings: Settings = QUICK,
    hyper: xr.Dataset | None = None,
) -> Predict:
    """Make ready to predict questions of a panel: an expert model is compiled once for whatever it learns from.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    panel : Panel
    settings : Settings, optional
        How to sample an expert model.
    hyper : Dataset, optional
        Population values of an expert model instead of the shipped ones.

    Raises
    ------
    InputError
        If the method is unknown or cannot work with the panel.
    """
    known_methods([method])
    if method in EXPERT_MODELS:
        return _by_experts(method, panel, settings, hyper)
    return _by_pool(method, panel)


def _by_pool(method: str, panel: Panel) -> Predict:
    answers = answers_of(panel) if method in QUANTITY_POOLS else None
    events = events_of(panel) if method in EVENT_POOLS else None

    def predict(seeds: Collection[str], questions: Sequence[str]) -> dict[str, Prediction]:
        found: dict[str, Prediction] = {}
        if answers is not None:
            train, test = _places(answers, seeds), _places(answers, questions)
            if test:
                pooled = pool_quantities(method, answers, train, test)
                found |= {answers.questions[place]: one for place, one in zip(test, pooled, strict=True)}
        if events is not None:
            test = _places(events, questions)
            if test:
                chances = EVENT_POOLS[method](events, _places(events, seeds), test)
                found |= {events.questions[place]: float(chance) for place, chance in zip(test, chances, strict=True)}
        return found

    return predict


def _places(laid_out: Answers | Events, labels: Collection[str]) -> list[int]:
    wanted = set(labels)
    return [place for place, label in enumerate(laid_out.questions) if label in wanted]


def _by_experts(method: str, panel: Panel, settings: Settings, hyper: xr.Dataset | None) -> Predict:
    @cache
    def prepared(informed: bool) -> PreparedPanel:
        """Compile when first needed; without seeds the experts' weights are not variables at all."""
        return prepare_panel(panel, method, hyper=hyper, only_seeds=method == "mixture", informed=informed)

    answers = answers_of(panel)

    def predict(seeds: Collection[str], questions: Sequence[str]) -> dict[str, Prediction]:
        ready = prepared(bool(seeds))
        draws = learn(ready, seeds, settings, KEPT)
        found: dict[str, Prediction] = {}
        for label in questions:
            if label in answers.questions:
                place = answers.questions.index(label)
                ends = float(answers.low[place]), float(answers.high[place])
                cell = ready.built.quantities.sel(judged=label)
                found[label] = predicted_distribution(draws, cell, *ends, log=bool(answers.log[place]))
            else:
                found[label] = float(expit(draws["log_odds"].sel(event=label)).mean())
        return found

    return predict
