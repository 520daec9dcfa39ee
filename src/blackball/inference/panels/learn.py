"""Learn from a panel's seeds with an expert model that is compiled once for all choices of seeds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pytensor.xtensor.type import xtensor

from blackball.inference.engine import Engine, compile_model
from blackball.inference.on_draws import OnDraws, on_draws
from blackball.inference.settings import Settings
from blackball.inference.what_if import thinned
from blackball.modelling.panel_model import PanelModel, panel_model
from blackball.panel import Panel

__all__ = ["PreparedPanel", "compiled", "learn", "prepare_panel", "said", "sampled"]

PARTS = ("log_weight", "location", "lower", "upper", "degrees")


@dataclass(frozen=True)
class PreparedPanel:
    """A panel's model, compiled.

    Attributes
    ----------
    built : PanelModel
    engine : Engine
    predict : callable
        Takes draws and the data `known`; returns the parts of `Predicted`, `log_odds` of events, and what the model
        says of each expert.
    """

    built: PanelModel
    engine: Engine
    predict: OnDraws

    def known(self, seeds: Collection[str] | None = None) -> NDArray[np.float64]:
        """Return the data `known` of quantities if only these seeds, or all of them, may be learned from."""
        return _known(self.built.quantities, seeds)


def prepare_panel(
    panel: Panel,
    experts: str = "mixture",
    *,
    only_seeds: bool = False,
    informed: bool = True,
    hyper: xr.Dataset | None = None,
) -> PreparedPanel:
    """Build and compile the model of a panel by itself; parameters and errors as for `panel_model`."""
    return compiled(panel_model(panel, experts, only_seeds=only_seeds, informed=informed, hyper=hyper))


def compiled(built: PanelModel) -> PreparedPanel:
    """Compile the model of a panel by itself."""
    outputs = {name: getattr(built.predicted, name) for name in PARTS}
    outputs |= {str(variable.name): variable for variable in built.model.deterministics}
    if built.log_odds is not None:
        outputs["log_odds"] = built.log_odds
    for name, effect in built.effects.items():
        outputs |= {name: effect.mean, f"{name}_sd": effect.sd}
    known = built.model["known"]
    given = xtensor("known", dims=known.type.dims, shape=known.type.shape)
    return PreparedPanel(built, compile_model(built.model), on_draws(built.model, outputs, instead={known: given}))


def learn(
    prepared: PreparedPanel,
    seeds: Collection[str] | None = None,
    settings: Settings | None = None,
    kept: int | None = None,
) -> xr.Dataset:
    """Sample what the seeds say of the experts, and return what the experts then say of every question.

    Parameters
    ----------
    prepared : PreparedPanel
    seeds : collection of str, optional
        Labels of the seeds to learn from; all of them if not given.
    settings : Settings, optional
    kept : int, optional
        Return about so many of the draws, evenly spaced; all of them if not given.

    Returns
    -------
    Dataset
        dims `chain`, `draw` and their own: the model's free variables, the parts of `Predicted` (`log_weight`,
        `location`, `lower`, `upper`: judged, component; `degrees`), `log_odds` (event), `recalibration`
        (hyperparameter), and `weight`, or `skill` and `bias` (expert).
    """
    draws = sampled(prepared, seeds, settings)
    draws = draws if kept is None else thinned(draws, kept)
    return said(prepared, draws, seeds)


def sampled(
    prepared: PreparedPanel, seeds: Collection[str] | None = None, settings: Settings | None = None
) -> xr.Dataset:
    """Sample the model's free variables; parameters as for `learn`."""
    settings = settings or Settings()
    built = prepared.built
    data = {"known": prepared.known(seeds)}
    if built.log_odds is not None:
        data["event_known"] = _known(built.events, seeds)
    tree = prepared.engine.with_data(data).sample(settings)
    return tree["posterior"].dataset


def said(prepared: PreparedPanel, draws: xr.Dataset, seeds: Collection[str] | None = None) -> xr.Dataset:
    """Return draws with what the experts say in each; parameters and result as for `learn`."""
    found = draws.merge(prepared.predict(draws, prepared.known(seeds)))
    effects = prepared.built.effects
    # Given the draw, an expert's effect is about normal: many answers tell it.
    rng = np.random.default_rng(0)
    drawn = {name: found[name] + found[f"{name}_sd"] * rng.standard_normal(found[name].shape) for name in effects}
    found = found.drop_vars([f"{name}_sd" for name in effects]).assign(drawn)
    if "log_skill" in effects:
        found = found.assign(skill=np.exp(found["log_skill"])).drop_vars("log_skill")
    return found


def _known(encoded: xr.Dataset, seeds: Collection[str] | None) -> NDArray[np.float64]:
    known = encoded["realisation"].notnull().values
    chosen = known if seeds is None else known & np.isin(encoded["judged"].values, list(seeds))
    return chosen.astype(float)
