"""A model ready to sample: built for a panel and regimes, and compiled once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from blackball.inference.cruxes import check_cruxes
from blackball.inference.engine import Engine, compile_model
from blackball.inference.settings import Progress, quiet

if TYPE_CHECKING:
    import pymc as pm
    from numpy.typing import NDArray

    from blackball.panel import Panel
    from blackball.regimes import Regimes
    from blackball.risk_model import RiskModel

__all__ = ["Built", "Prepared", "build", "compiled", "data_of", "prepare"]

PLACES = ("variable", "at", "regime", "given", "reference", "support", "lower_bound", "upper_bound", "camp")


@dataclass(frozen=True)
class Built:
    """A model with what it was built from.

    Attributes
    ----------
    risk : RiskModel
    panel : Panel
    regimes : Regimes or None
    experts : str
        Name of the expert model.
    model : pymc.Model
    """

    risk: RiskModel
    panel: Panel
    regimes: Regimes | None
    experts: str
    model: pm.Model


@dataclass(frozen=True)
class Prepared(Built):
    """A model that is compiled as well.

    Attributes
    ----------
    engine : Engine
    """

    engine: Engine

    def with_panel(self, panel: Panel, progress: Progress = quiet) -> Prepared:
        """Return the model with another panel in place of this one.

        A panel that judges the same cells by the same experts is new data for the same compiled model; any other
        is compiled anew.

        Raises
        ------
        BlackballError
            As `prepare`.
        """
        model = self.risk.build(panel, self.regimes, self.experts)
        if _structure(model) != _structure(self.model):
            return prepare(self.risk, panel, self.regimes, self.experts, progress)
        return replace(self, panel=panel, model=model, engine=self.engine.with_data(data_of(model)))


def prepare(
    risk: RiskModel,
    panel: Panel,
    regimes: Regimes | None = None,
    experts: str = "mixture",
    progress: Progress = quiet,
) -> Prepared:
    """Build and compile a risk model; parameters as for `build`, which see."""
    return compiled(build(risk, panel, regimes, experts, progress), progress)


def build(
    risk: RiskModel,
    panel: Panel,
    regimes: Regimes | None = None,
    experts: str = "mixture",
    progress: Progress = quiet,
) -> Built:
    """Build a risk model.

    Parameters
    ----------
    risk : RiskModel
    panel : Panel
    regimes : Regimes, optional
    experts : {"mixture", "consensus"}
    progress : Progress

    Raises
    ------
    BlackballError
        If panel, regimes and model do not fit together.
    """
    progress("build", 0, 0)
    model = risk.build(panel, regimes, experts)
    check_cruxes(model, risk.cruxes)
    return Built(risk, panel, regimes, experts, model)


def compiled(built: Built, progress: Progress = quiet) -> Prepared:
    """Compile a model that is built."""
    progress("compile", 0, 0)
    return Prepared(built.risk, built.panel, built.regimes, built.experts, built.model, compile_model(built.model))


def data_of(model: pm.Model) -> dict[str, NDArray[np.float64]]:
    """Return the data variables of a model, by name."""
    return {variable.name: np.asarray(variable.get_value()) for variable in model.data_vars}


def _structure(model: pm.Model) -> object:
    """Return what must be equal for one compiled model to serve both: labels, variables and shapes of data."""
    labels = {dim: tuple(map(str, names or ())) for dim, names in model.coords.items()}
    shapes = {name: array.shape for name, array in data_of(model).items()}
    variables = tuple(rv.name for rv in model.basic_RVs)
    # Which value each cell judges, and who shares a camp, are part of the graph and not of its data.
    encoded = model["judgements"].tag.judged.encoded
    places = {name: tuple(map(str, encoded[name].values)) for name in PLACES}
    seeds = tuple(encoded["realisation"].notnull().values)
    return labels, shapes, variables, places, seeds
