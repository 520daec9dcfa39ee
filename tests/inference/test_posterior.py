"""One fit held against quadrature: pooling, evidence, transfer, and two camps."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from blackball.inference.derive import derived
from blackball.inference.engine import compile_model
from blackball.inference.settings import Settings
from blackball.mechanisms import inspection
from blackball.modelling import evidence, judged, outcome, probability, quantities, real
from blackball.modelling.experts import hyperpriors
from tests.conftest import quantiles
from tests.inference.mcse import mcse

WIDE = (-4.0, 4.0)
SD = 4 / stats.norm.ppf(0.95)
RATE = (0.05, 0.9)
TRANSFER = (0.2, 0.8)
ANSWERS = {"a": (-2.0, -1.0, 0.0), "b": (1.0, 2.0, 3.0)}
CAMPS = {"a": (-4.2, -4.0, -3.8), "c": (-4.3, -4.0, -3.7), "b": (3.8, 4.0, 4.2), "d": (3.7, 4.0, 4.3)}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[xr.Dataset, xr.Dataset]:
    """Fit one model that holds every case side by side; return the draws and the encoded panel."""
    from tests.conftest import make_panel_in

    rows = [row for expert, values in ANSWERS.items() for row in quantiles(expert, "x", values)]
    rows += [row for expert, values in CAMPS.items() for row in quantiles(expert, "split", values)]
    asked = [{"question": name, "support": "real", "unit": "unit"} for name in ("x", "split")]
    people = [("a", "left"), ("b", "right"), ("c", "left"), ("d", "right")]
    panel = make_panel_in(tmp_path_factory.mktemp("posterior"), rows, asked, people)
    with pm.Model() as model:
        q = quantities(
            {
                "x": real(WIDE, unit="unit", source="s"),
                "split": real((-8, 8), unit="unit", source="s"),
                "failed": probability(RATE, source="s"),
                "passed": probability(RATE, source="s"),
                "transfer_failed": probability(TRANSFER, source="s"),
                "transfer_passed": probability(TRANSFER, source="s"),
            }
        )
        for name, caught in (("failed", 0), ("passed", 20)):
            evidence(f"test_{name}", q[name], events=caught, trials=20)
            outcome(f"ahead_{name}", inspection.sensitivity_ahead(q[name], q[f"transfer_{name}"]))
        judged(panel)
    draws = compile_model(model).sample(Settings(draws=2000, tune=500, chains=4, seed=5, target_accept=0.9))
    found = draws["posterior"].dataset
    return derived(model, found), model["judgements"].tag.judged.encoded


def by_pool(encoded: xr.Dataset) -> tuple[float, float]:
    """Return mean and sd of the prior times the pool of `x`, on a grid, averaged over the population of panels."""
    hyper = hyperpriors("mixture").to_dataframe()
    cell = encoded.sel(judged="x")
    cell = cell.isel(expert=np.flatnonzero(cell["answered"].values))
    unit, centre = float(cell["unit"]), float(cell["centre"])
    grid = np.linspace(-25, 25, 4001)
    rng = np.random.default_rng(6)
    width, extra, degrees = (
        np.exp(np.log(hyper["median"][name]) + hyper["sd"][name] * rng.standard_normal(4000))[:, None]
        for name in ("width", "extra_width", "degrees")
    )
    # Both experts answer alike but for the sign, so that their weights are equal.
    pool = sum(
        stats.t.pdf((grid - centre) / unit, degrees, loc=location, scale=np.hypot(width * stated, extra))
        for location, stated in zip(cell["location"].values, cell["lower"].values, strict=True)
    )
    weight = stats.norm.pdf(grid, 0, SD) * pool.mean(axis=0)
    weight /= weight.sum()
    mean = float(weight @ grid)
    return mean, float(np.sqrt(weight @ (grid - mean) ** 2))


def test_prior_and_pool_multiply(fitted: tuple[xr.Dataset, xr.Dataset]) -> None:
    draws, encoded = fitted
    mean, sd = by_pool(encoded)
    assert abs(float(draws["x"].mean()) - mean) < 4 * mcse(draws["x"])
    second = (draws["x"] - mean) ** 2
    assert abs(float(second.mean()) - sd**2) < 4 * mcse(second)
    # Negative control: the prior alone is told apart at once.
    assert abs(sd - SD) > 0.5


def by_quadrature(caught: int) -> tuple[float, float]:
    """Return posterior mean and sd of a rate with the logit-normal prior after `caught` of 20."""
    grid = np.linspace(-14, 14, 20001)
    ends = np.log(RATE) - np.log1p(-np.array(RATE))
    prior = stats.norm.pdf(grid, ends.mean(), (ends[1] - ends[0]) / 2 / stats.norm.ppf(0.95))
    rate = 1 / (1 + np.exp(-grid))
    weight = prior * stats.binom.pmf(caught, 20, rate)
    weight /= weight.sum()
    mean = float(weight @ rate)
    return mean, float(np.sqrt(weight @ (rate - mean) ** 2))


@pytest.mark.parametrize(("name", "caught"), [("failed", 0), ("passed", 20)])
def test_counts_inform_a_rate_as_bayes_says(fitted: tuple[xr.Dataset, xr.Dataset], name: str, caught: int) -> None:
    draws, _ = fitted
    mean, _ = by_quadrature(caught)
    assert abs(float(draws[name].mean()) - mean) < 4 * mcse(draws[name])
    other, _ = by_quadrature(20 - caught)
    assert abs(float(draws[name].mean()) - other) > 40 * mcse(draws[name])


def test_a_failed_test_bounds_the_future_and_a_passed_one_does_not(
    fitted: tuple[xr.Dataset, xr.Dataset],
) -> None:
    draws, _ = fitted
    assert float(draws["ahead_failed"].quantile(0.95)) < 0.15
    ratio = float(draws["ahead_passed"].std() / draws["transfer_passed"].std())
    assert 0.85 < ratio < 1.05
    assert float(draws["ahead_passed"].mean()) > 5 * float(draws["ahead_failed"].mean())


def test_two_camps_stay_two_modes(fitted: tuple[xr.Dataset, xr.Dataset]) -> None:
    draws, _ = fitted
    split = draws["split"].values.ravel()
    near = [float((np.abs(split - mode) < 1.5).mean()) for mode in (-4.0, 0.0, 4.0)]
    assert near[0] > 0.2
    assert near[2] > 0.2
    # The middle, which neither camp believes, is rarer than either side.
    assert near[1] < 0.5 * min(near[0], near[2])
