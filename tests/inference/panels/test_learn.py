"""What seeds say of experts: against importance sampling from the prior, written from the definition."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from scipy.special import softmax

from blackball.inference.panels.learn import PreparedPanel, learn, prepare_panel
from blackball.inference.settings import Settings
from blackball.modelling.experts import hyperpriors
from tests.inference.mcse import mcse
from tests.inference.panels.simulated import simulated_panel

SETTINGS = Settings(draws=1500, tune=500, chains=4)
SEEDS = 14


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> PreparedPanel:
    """A panel whose first expert is right most often, with the population's values taken as known."""
    folder = tmp_path_factory.mktemp("learn") / "panel"
    panel = simulated_panel(folder, [0.8, 0.1, 0.1], SEEDS, np.random.default_rng(4))
    hyper = hyperpriors("mixture")
    return prepare_panel(panel, hyper=hyper.assign(sd=0 * hyper["sd"] + 1e-9))


def by_importance(prepared: PreparedPanel, seeds: list[str]) -> np.ndarray:
    """Return the posterior mean weight of each expert, by weighting a million draws from the prior."""
    hyper = hyperpriors("mixture")["median"].to_series()
    encoded = prepared.built.quantities.sel(judged=seeds)
    rng = np.random.default_rng(5)
    logs = hyper["weight_spread"] * rng.standard_normal((200_000, encoded.sizes["expert"]))
    total = np.zeros(len(logs))
    for seed in seeds:
        cell = encoded.sel(judged=seed)
        width = np.hypot(hyper["width"] * cell["lower"].values, hyper["extra_width"])  # answers are symmetric
        own = hyper["narrow"] * np.log(cell["lower"].values / float(cell["usual_width"]))
        own = own + hyper["off_centre"] * cell["off_centre"].values
        density = stats.t.pdf(float(cell["realisation"]), hyper["degrees"], cell["location"].values, width)
        total += np.log(softmax(logs + own, axis=1) @ density)
    return np.exp(total - total.max()) @ softmax(logs, axis=1) / np.exp(total - total.max()).sum()


@pytest.mark.parametrize("count", [3, SEEDS])
def test_weights_are_what_bayes_says(prepared: PreparedPanel, count: int) -> None:
    seeds = [f"q{place}" for place in range(count)]
    weight = learn(prepared, seeds, SETTINGS)["weight"]
    expected = by_importance(prepared, seeds)
    for place in range(3):
        own = weight.isel(expert=place)
        assert abs(float(own.mean()) - expected[place]) < 4 * np.hypot(mcse(own), 0.002)
    # Negative control: nobody has a third of the weight, as without seeds.
    assert abs(float(weight.isel(expert=0).mean()) - 1 / 3) > 10 * mcse(weight.isel(expert=0))


def test_seeds_that_are_set_aside_leave_the_prior(prepared: PreparedPanel) -> None:
    weight = learn(prepared, [], SETTINGS)["weight"]
    for place in range(3):
        own = weight.isel(expert=place)
        assert abs(float(own.mean()) - 1 / 3) < 4 * mcse(own)


def test_what_is_predicted_does_not_hang_on_its_own_realisation(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = []
    for truth in (0.0, 50.0):
        folder = tmp_path_factory.mktemp("held") / "panel"
        panel = simulated_panel(folder, [0.5, 0.5], 4, np.random.default_rng(6))
        asked = panel.questions.assign(
            realisation=panel.questions["realisation"].where(panel.questions["question"] != "q0", truth)
        )
        moved = type(panel)(panel.name, panel.judgements, panel.experts, asked)
        draws = learn(prepare_panel(moved), ["q1", "q2", "q3"], Settings(draws=200, tune=200, chains=1))
        found.append(draws[["log_weight", "lower", "upper"]].sel(judged="q0"))
    xr.testing.assert_equal(*found)
