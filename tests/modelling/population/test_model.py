"""Many panels in one model have the density of each by itself."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest

from blackball.inference.derive import log_densities
from blackball.modelling.experts import hyperpriors
from blackball.modelling.panel_model import panel_model
from blackball.modelling.population import PRIORS, VARIES, population_model
from blackball.panel import Panel
from tests.conftest import MakePanel, quantiles


@pytest.fixture
def panels(make_panel: MakePanel) -> list[Panel]:
    """Two panels, of three experts and two, with two seeds and three."""
    made = []
    for name, experts, seeds in (("first", "abc", 2), ("second", "de", 3)):
        asked = [{"question": f"{name}{i}", "support": "real", "realisation": 0.5 * i} for i in range(seeds)]
        rows = [
            row
            for i in range(seeds)
            for place, expert in enumerate(experts)
            for row in quantiles(expert, f"{name}{i}", (-2.0 - place, 0.4 * i + 0.2 * place, 1.5 + i))
        ]
        made.append(make_panel(rows, asked, list(experts), name))
    return made


def likelihood(model: pm.Model, **values: np.ndarray) -> np.ndarray:
    """Return the log likelihood of each row at one point; what is not named is at 0."""
    import xarray as xr

    point = {}
    for rv in model.free_RVs:
        dims = model.named_vars_to_dims[rv.name]
        shape = tuple(model.dim_lengths[dim].eval() for dim in dims)
        point[rv.name] = (("chain", "draw", *dims), values.get(rv.name, np.zeros(shape))[None, None])
    draws = xr.Dataset(point, coords={"chain": [0], "draw": [0]})
    return log_densities(model, draws)[0]["judgements"].values[0, 0]


def test_the_rows_of_the_mixture_are_those_of_each_panel_alone(panels: list[Panel]) -> None:
    together = population_model(panels, "mixture")
    aptitude = np.array([0.3, -0.4, 0.8, 1.1, -0.2])
    joint = likelihood(together, aptitude=aptitude, between=np.array([1.0]))
    priors = PRIORS["mixture"]
    hyper = hyperpriors("mixture").assign(
        median=("hyperparameter", [median for _, median, _ in priors.values()]),
        log=("hyperparameter", [scale == "log" for scale, _, _ in priors.values()]),
    )
    assert list(hyper["hyperparameter"].values) == list(priors)
    alone = [
        likelihood(panel_model(panel, hyper=hyper).model, aptitude=own)
        for panel, own in zip(panels, (aptitude[:3], aptitude[3:]), strict=True)
    ]
    assert joint == pytest.approx(np.concatenate(alone), rel=1e-10)


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_a_panel_that_is_left_out_informs_nothing(panels: list[Panel], experts: str) -> None:
    model = population_model(panels, experts)
    model["learned"].set_value(np.array([0.0, 1.0]))
    rows = likelihood(model, between=np.array([0.5])).reshape(5, -1)
    assert (rows[:2] == 0).all()
    assert (rows[2:].sum(axis=1) != 0).all()


@pytest.mark.parametrize("experts", ["mixture", "consensus"])
def test_what_varies_is_a_parameter_on_the_log_scale(experts: str) -> None:
    assert set(VARIES[experts]) <= {name for name, (scale, _, _) in PRIORS[experts].items() if scale == "log"}
    assert set(PRIORS[experts]) == set(hyperpriors(experts)["hyperparameter"].values)
