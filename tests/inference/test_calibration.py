"""Simulation-based calibration of a small risk model, P(catastrophe) included.

Talts, Betancourt, Simpson, Vehtari & Gelman, "Validating Bayesian inference algorithms with simulation-based
calibration" (arXiv 1804.06788): truths drawn from the prior rank uniformly among draws of their posterior.
"""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
from scipy import stats

from blackball.inference.derive import derived
from blackball.inference.engine import compile_model
from blackball.inference.prior import prior_draws
from blackball.mechanisms import urn
from blackball.modelling import judged, outcome, probability, quantities
from tests.conftest import make_panel_in, quantiles

SIMULATIONS = 120
THIN = 10
BINS = 8


@pytest.fixture(scope="module")
def ranks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Return the rank of each truth among 100 thinned draws, given its own data and given another's."""
    rows = [
        row
        for expert, shift in (("a", 0.7), ("b", 1.0), ("c", 1.3))
        for question, values in (("bad", (0.02, 0.08, 0.25)), ("catastrophe", (0.05, 0.2, 0.5)))
        for row in quantiles(expert, question, [value * shift for value in values])
    ]
    asked = [{"question": name, "support": "probability"} for name in ("bad", "catastrophe")]
    panel = make_panel_in(tmp_path_factory.mktemp("calibration"), rows, asked, ["a", "b", "c"])
    with pm.Model() as model:
        q = quantities(
            {"bad": probability((0.01, 0.4), source="s"), "shared_fate": probability((0.1, 0.9), source="s")}
        )
        outcome("catastrophe", urn.any_bad(q["bad"], 10.0, q["shared_fate"]))
        judged(panel, "consensus")
    return _ranks(model)


def _ranks(model: pm.Model) -> dict[str, np.ndarray]:
    engine = compile_model(model)
    rng = np.random.default_rng(8)
    names = [rv.name for rv in model.free_RVs]
    *free, locations = pm.draw(
        [*(model[name] for name in names), model["judgements"]],
        draws=SIMULATIONS,
        random_seed=rng,
        mode="FAST_COMPILE",
    )
    truths = prior_draws(model, SIMULATIONS, 1)
    for name, values in zip(names, free, strict=True):
        truths[name] = (truths[name].dims, values[None])
    truth = derived(model, truths)
    data = {variable.name: np.asarray(variable.get_value()) for variable in model.data_vars}
    found: dict[str, list[int]] = {}
    for number in range(SIMULATIONS):
        given = engine.with_data({**data, "location": locations[number]})
        draws = given.sample(draws=500, tune=300, chains=2, seed=number, target_accept=0.9)["posterior"].dataset
        posterior = derived(model, draws.isel(draw=slice(None, None, THIN)))
        for name in ("bad", "shared_fate", "catastrophe"):
            mine = float(truth[name][0, number])
            other = float(truth[name][0, (number + 1) % SIMULATIONS])
            found.setdefault(name, []).append(int((posterior[name] < mine).sum()))
            found.setdefault(f"{name} of another", []).append(int((posterior[name] < other).sum()))
    return {name: np.array(values) for name, values in found.items()}


def uniformity(ranks: np.ndarray) -> float:
    """Return the p-value of a chi-square test that ranks 0..100 are uniform."""
    counts, _ = np.histogram(ranks, bins=BINS, range=(-0.5, 100.5))
    return float(stats.chisquare(counts).pvalue)


@pytest.mark.parametrize("name", ["bad", "shared_fate", "catastrophe"])
def test_truths_rank_uniformly(ranks: dict[str, np.ndarray], name: str) -> None:
    assert uniformity(ranks[name]) > 1e-3


def test_truths_of_another_simulation_do_not(ranks: dict[str, np.ndarray]) -> None:
    assert uniformity(ranks["catastrophe of another"]) < 1e-3
