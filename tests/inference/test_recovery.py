"""`consensus` recovers what a simulated panel measures, and does not without its shared error."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.inference.derive import derived
from blackball.inference.engine import Engine, compile_model
from blackball.inference.settings import Settings
from blackball.modelling import judged, quantities, real
from tests.conftest import make_panel_in, quantiles

ITEMS = [f"i{number}" for number in range(60)]
EXPERTS = [f"e{number}" for number in range(6)]
# Nominal coverage of a 90 % interval less four binomial standard errors at 60 items.
LEAST = 0.9 - 4 * np.sqrt(0.9 * 0.1 / len(ITEMS))


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[pm.Model, Engine, np.ndarray]:
    """Simulate a panel whose members err together, and compile the model that it judges."""
    rng = np.random.default_rng(20)
    truth = rng.normal(0, 2, len(ITEMS))
    together = rng.standard_t(2.8, len(ITEMS))
    alone = 0.8 * rng.standard_t(4, (len(ITEMS), len(EXPERTS))) + rng.normal(0, 0.3, len(EXPERTS))
    centre = truth[:, None] + together[:, None] + alone
    rows = [
        row
        for item, locations in zip(ITEMS, centre, strict=True)
        for expert, location in zip(EXPERTS, locations, strict=True)
        for row in quantiles(expert, item, (location - 1.6, location, location + 1.6))
    ]
    asked = [{"question": i, "variable": "x", "at": f"item={i}", "support": "real", "unit": "u"} for i in ITEMS]
    panel = make_panel_in(tmp_path_factory.mktemp("recovery"), rows, asked, EXPERTS)
    with pm.Model() as model:
        quantities({"x": real(dict.fromkeys(ITEMS, (-6.0, 6.0)), dim="item", unit="u", source="s")})
        judged(panel, "consensus")
    return model, compile_model(model), truth


def coverage(model: pm.Model, engine: Engine, truth: np.ndarray) -> float:
    """Return the share of items whose 90 % interval holds the truth."""
    found = engine.sample(Settings(draws=500, tune=500, chains=4, seed=3, target_accept=0.9))["posterior"].dataset
    x: xr.DataArray = derived(model, found)["x"]
    low, high = x.quantile([0.05, 0.95], dim=("chain", "draw")).values
    return float(((low < truth) & (truth < high)).mean())


def test_intervals_hold_the_truth_as_often_as_they_say(
    simulated: tuple[pm.Model, Engine, np.ndarray],
) -> None:
    assert coverage(*simulated) >= LEAST


def test_without_the_shared_error_they_miss(simulated: tuple[pm.Model, Engine, np.ndarray]) -> None:
    model, engine, truth = simulated
    data = {variable.name: np.array(variable.get_value()) for variable in model.data_vars}
    shared = list(model.coords["hyperparameter"]).index("shared_sd")
    data["population_centre"][shared], data["population_spread"][shared] = np.log(1e-3), 0.0
    sure = engine.with_data(data)
    assert coverage(model, sure, truth) < LEAST
