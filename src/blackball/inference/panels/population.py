"""Learn where new panels start from panels whose answers are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pymc as pm
import xarray as xr

from blackball.errors import InputError, Problem
from blackball.inference.derive import derived
from blackball.inference.engine import Engine, compile_model
from blackball.inference.settings import Settings
from blackball.modelling.population import PRIORS, VARIES, population_model
from blackball.panel import Panel, encode
from blackball.panel.words import unknown

__all__ = ["Population", "learn_population", "prepare_population"]


@dataclass(frozen=True)
class Population:
    """Many panels, ready to learn from any of them.

    Attributes
    ----------
    names : tuple of str
        Of the panels.
    experts : str
        Name of the expert model.
    model : pymc.Model
    engine : Engine
    """

    names: tuple[str, ...]
    experts: str
    model: pm.Model
    engine: Engine


def prepare_population(panels: Sequence[Panel], experts: str = "mixture") -> Population:
    """Build and compile the model of many panels with seeds.

    Parameters
    ----------
    panels : sequence of Panel
    experts : {"mixture", "consensus"}

    Raises
    ------
    InputError
        If there is no such expert model, or a panel has no seeds that are quantities and that somebody answered.
    """
    if experts not in PRIORS:
        rule = unknown("expert model", experts, sorted(PRIORS))
        raise InputError([Problem("population", rule, column="experts", value=experts)])
    bare = [panel.name for panel in panels if not np.isfinite(encode(panel)["realisation"]).any()]
    if bare or not panels:
        rule = "has no seeds to learn from: quantities whose realisation is known and that somebody answered"
        raise InputError(Problem(name, rule) for name in bare or ["population"])
    model = population_model(panels, experts)
    return Population(tuple(panel.name for panel in panels), experts, model, compile_model(model))


def learn_population(
    population: Population, without: Collection[str] = (), settings: Settings | None = None
) -> tuple[xr.Dataset, xr.Dataset]:
    """Learn population values.

    Parameters
    ----------
    population : Population
    without : collection of str
        Names of panels that inform nothing: those to be predicted, and their relatives.
    settings : Settings, optional

    Returns
    -------
    (Dataset, Dataset)
        Hyperpriors as `blackball.modelling.experts.hyperpriors` returns them, where `sd` covers both how unsure the
        population value is and how much panels differ; and the draws behind them, with `sample_stats` left out.
    """
    settings = settings or Settings()
    learned = np.array([float(name not in without) for name in population.names])
    sampled = population.engine.with_data({"learned": learned}).sample(settings)
    draws = sampled["posterior"].dataset
    draws = draws.merge(derived(population.model, draws))
    return _hyperpriors(population.experts, draws), draws


def _hyperpriors(experts: str, draws: xr.Dataset) -> xr.Dataset:
    """Summarise draws of the population values as medians and standard deviations on the scale of each."""
    scales = [scale for scale, _, _ in PRIORS[experts].values()]
    log = xr.DataArray([scale == "log" for scale in scales], dims="hyperparameter")
    linked = draws["linked"]
    centre, variance = linked.mean(("chain", "draw")), linked.var(("chain", "draw"))
    between = (draws["between"] ** 2).mean(("chain", "draw"))
    for name in VARIES[experts]:
        variance.loc[{"hyperparameter": name}] += float(between.sel(varying=name))
    natural: xr.DataArray = xr.apply_ufunc(np.exp, centre)
    return xr.Dataset({"median": natural.where(log, centre), "sd": variance**0.5, "log": log})
