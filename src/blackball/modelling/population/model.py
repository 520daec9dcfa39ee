"""The model that many panels inform at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.consensus import FEATURES as CONSENSUS
from blackball.modelling.experts.consensus import consensus_table, noise
from blackball.modelling.experts.consensus import observe as observe_measurements
from blackball.modelling.experts.mixture import FEATURES as MIXTURE
from blackball.modelling.experts.mixture import mixture_table, recalibrated
from blackball.modelling.experts.mixture import observe as observe_truths
from blackball.modelling.population.parameters import parameters
from blackball.modelling.population.stacked_panels import stack_panels
from blackball.panel import Panel

__all__ = ["population_model"]


def population_model(panels: Sequence[Panel], experts: str) -> pm.Model:
    """Build the model of many panels with seeds.

    Parameters
    ----------
    panels : sequence of Panel
    experts : {"mixture", "consensus"}

    Returns
    -------
    pymc.Model
        A panel whose entry of the data variable `learned` is 0 informs nothing.
    """
    make_table, features = (mixture_table, MIXTURE) if experts == "mixture" else (consensus_table, CONSENSUS)
    stacked = stack_panels(panels, make_table, features)
    coords = {
        "judged": np.arange(stacked.sizes["judged"]),
        "expert": np.arange(stacked.sizes["expert"]),
        "feature": list(features),
        "person": np.arange(int(stacked["person"].max()) + 1),
    }
    with pm.Model(coords=coords) as model:
        value = parameters(experts, stacked["panel"])
        learned = pmd.Data("learned", np.ones(len(panels)), dims="panel").isel(panel=stacked["panel"])
        (_judge if experts == "mixture" else _measure)(stacked, value, learned)
    return model


def _judge(stacked: xr.Dataset, value: Mapping[str, XTensorVariable], learned: XTensorVariable) -> None:
    """Let truths be drawn from one of the experts."""
    logs = value["weight_spread"] * _person("aptitude", stacked)
    answer = recalibrated(_data("answers", stacked), value, logs, as_xtensor(1.0))
    observe_truths(_data("truth", stacked), learned, _data("location", stacked), answer, value["degrees"])


def _measure(stacked: xr.Dataset, value: Mapping[str, XTensorVariable], learned: XTensorVariable) -> None:
    """Let experts measure truths with error."""
    table = _data("answers", stacked)
    kept = as_xtensor(np.array([float(name == "counts") for name in CONSENSUS]), dims=("feature",))
    alike = pmd.StudentT("shared", nu=value["shared_degrees"], mu=0.0, sigma=1.0, dims="judged")
    centre = _data("truth", stacked) + value["shared_sd"] * alike + value["bias_sd"] * _person("own_bias", stacked)
    scale = pmd.math.exp(value["skill_sd"] * _person("aptitude", stacked)) * noise(table, value, as_xtensor(1.0))
    observe_measurements(centre, scale, table * (1 - kept + kept * learned), _data("location", stacked))


def _person(name: str, stacked: xr.Dataset) -> XTensorVariable:
    """Create a standard normal for every expert of every panel, laid out as the answers are."""
    return pmd.Normal(name, 0.0, 1.0, dims="person").isel(person=stacked["person"])


def _data(name: str, stacked: xr.Dataset) -> XTensorVariable:
    return pmd.Data(name, stacked[name].values, dims=stacked[name].dims)
