"""Learn the population of panels back from panels simulated from it."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from blackball.errors import InputError
from blackball.inference import Settings
from blackball.inference.panels import learn_population, prepare_population
from blackball.inference.panels.population import Population
from tests.conftest import MakePanel, quantiles
from tests.inference.panels.simulated import simulated_panel

SHORT = Settings(draws=300, tune=400, chains=4)
STUDIES, SEEDS, EXPERTS = 24, 16, 4


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    """Panels in which truths lie half as far from an expert as stated, and weights differ by a spread of 1.5."""
    folder, rng = tmp_path_factory.mktemp("population"), np.random.default_rng(7)
    weights = np.exp(1.5 * rng.standard_normal((STUDIES, EXPERTS)))
    panels = [simulated_panel(folder / f"study{i}", own.tolist(), SEEDS, rng) for i, own in enumerate(weights)]
    return prepare_population(panels, "mixture")


@pytest.fixture(scope="module")
def learned(population: Population) -> xr.Dataset:
    return learn_population(population, settings=SHORT)[0]


@pytest.mark.parametrize(("name", "truth"), [("width", 0.5), ("degrees", 4.0), ("weight_spread", 1.5)])
def test_population_values_are_recovered(learned: xr.Dataset, name: str, truth: float) -> None:
    row = learned.sel(hyperparameter=name)
    off = float(abs(np.log(row["median"]) - np.log(truth)) / row["sd"])
    assert off < 4
    assert float(row["sd"]) < 0.6  # and they are learned, not assumed


def test_values_that_were_not_simulated_are_told_apart(learned: xr.Dataset) -> None:
    row = learned.sel(hyperparameter="width")
    assert float(abs(np.log(row["median"]) - np.log(1.0)) / row["sd"]) > 4


def test_panels_that_are_left_out_inform_nothing(population: Population) -> None:
    one = learn_population(population, population.names[1:], SHORT)[0]
    assert float(one["sd"].sel(hyperparameter="width")) > 2 * 0.1
    assert float(one["sd"].sel(hyperparameter="weight_spread")) > 0.5


def test_panels_without_seeds_are_named(make_panel: MakePanel) -> None:
    panel = make_panel(quantiles("e", "x", (1, 2, 3)), [{"question": "x", "support": "real"}], ["e"], "bare")
    event = make_panel(
        quantiles("e", "y", (0.1, 0.2, 0.3)),
        [{"question": "y", "support": "probability", "realisation": 1}],
        ["e"],
        "event",
    )
    for bare in (panel, event):
        with pytest.raises(InputError, match=rf"^{bare.name}: has no seeds to learn from: quantities whose"):
            prepare_population([bare])
    with pytest.raises(InputError, match=r"unknown expert model; .*valid names: consensus, mixture"):
        prepare_population([panel], "mixtures")
