"""Model organisms planted and caught: a failed test bounds the future, a passed one does not."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from blackball.errors import ModelError
from blackball.inference.derive import derived, log_densities
from blackball.inference.engine import compile_model
from blackball.inference.prior import prior_draws
from blackball.inference.settings import Settings
from blackball.mechanisms import inspection
from blackball.modelling import evidence, outcome, probability, quantities
from tests.inference.mcse import mcse

PLANTED = 20
TODAY = (0.05, 0.95)
PRIORS = {"low": (0.02, 0.3), "middle": (0.2, 0.8), "high": (0.7, 0.98), "wide": (0.03, 0.97)}
"""Central 90 % intervals of the chance that sensitivity transfers."""
INDUCED = (0.3, 0.7)
CELLS = 120


def rates(interval: tuple[float, float]) -> np.ndarray:
    """Return equally probable values of a logit-normal prior with a central 90 % interval."""
    ends = np.log(interval) - np.log1p(-np.array(interval))
    score = stats.norm.ppf((np.arange(CELLS) + 0.5) / CELLS)
    return 1 / (1 + np.exp(-(ends.mean() + score * np.diff(ends) / 2 / stats.norm.ppf(0.95))))


def moments(values: np.ndarray, weight: np.ndarray | float = 1.0) -> tuple[float, float]:
    weight = np.broadcast_to(weight, values.shape) / np.broadcast_to(weight, values.shape).sum()
    mean = float((weight * values).sum())
    return mean, float(np.sqrt((weight * (values - mean) ** 2).sum()))


def ahead(caught: int, transfer: str, induced: float | np.ndarray = 1.0) -> tuple[float, float]:
    """Return mean and sd of future sensitivity by quadrature, after `caught` of the planted were caught."""
    today = rates(TODAY)[:, None, None]
    future = today * rates(PRIORS[transfer])[:, None] * induced
    return moments(future, stats.binom.pmf(caught, PLANTED, today))


def before(transfer: str, induced: float | np.ndarray = 1.0) -> tuple[float, float]:
    return moments(rates(TODAY)[:, None, None] * rates(PRIORS[transfer])[:, None] * induced)


@pytest.mark.parametrize("transfer", PRIORS)
def test_a_failed_test_pulls_the_future_down_whatever_transfers(transfer: str) -> None:
    mean, sd = ahead(0, transfer)
    prior_mean, prior_sd = before(transfer)
    assert mean < 0.15 * prior_mean
    assert sd < 0.25 * prior_sd
    assert mean < 0.08


@pytest.mark.parametrize("transfer", PRIORS)
def test_a_passed_test_leaves_the_spread_of_what_transfers(transfer: str) -> None:
    _, sd = ahead(PLANTED, transfer)
    _, spread = moments(rates(PRIORS[transfer]))
    assert sd == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize("transfer", PRIORS)
def test_induced_goals_leave_the_future_less_sure_to_be_seen(transfer: str) -> None:
    mean, _ = ahead(PLANTED, transfer)
    weaker, _ = ahead(PLANTED, transfer, rates(INDUCED))
    assert weaker < 0.6 * mean


@pytest.fixture(scope="module")
def fitted() -> xr.Dataset:
    """Fit a model in which every case stands by itself."""
    with pm.Model() as model:
        table = {"induced": probability(INDUCED, source="s")}
        for case in ("failed", "passed", "organisms"):
            table[f"today_{case}"] = probability(TODAY, source="s")
            table[f"transfer_{case}"] = probability(PRIORS["middle"], source="s")
        q = quantities(table)
        for case, caught in (("failed", 0), ("passed", PLANTED), ("organisms", PLANTED)):
            evidence(f"test_{case}", q[f"today_{case}"], events=caught, trials=PLANTED)
            carried = q["induced"] if case == "organisms" else 1.0
            outcome(case, inspection.sensitivity_ahead(q[f"today_{case}"], q[f"transfer_{case}"], carried))
    draws = compile_model(model).sample(Settings(draws=1000, tune=500, chains=4, seed=8, target_accept=0.9))
    return derived(model, draws["posterior"].dataset)


@pytest.mark.parametrize(
    ("case", "caught", "induced"),
    [("failed", 0, 1.0), ("passed", PLANTED, 1.0), ("organisms", PLANTED, rates(INDUCED))],
)
def test_a_fit_has_the_moments_of_quadrature(
    fitted: xr.Dataset, case: str, caught: int, induced: float | np.ndarray
) -> None:
    mean, sd = ahead(caught, "middle", induced)
    second = (fitted[case] - mean) ** 2
    assert abs(float(fitted[case].mean()) - mean) < 4 * mcse(fitted[case])
    assert abs(float(second.mean()) - sd**2) < 4 * mcse(second)
    # Negative control: what is believed without the test is told apart at once.
    assert abs(float(fitted[case].mean()) - before("middle", induced)[0]) > 10 * mcse(fitted[case])


@pytest.mark.parametrize(("events", "trials"), [(-1, 20), (21, 20), (0, 0)])
def test_impossible_counts_are_refused(events: int, trials: int) -> None:
    with pm.Model():
        q = quantities({"today": probability(TODAY, source="s")})
        with pytest.raises(ModelError, match=rf"test: {events} events of {trials} trials; must be whole numbers"):
            evidence("test", q["today"], events=events, trials=trials)


def test_the_density_of_a_count_is_that_of_each_draw() -> None:
    with pm.Model() as model:
        rate = quantities({"today": probability({"a": TODAY, "b": TODAY}, dim="campaign", source="a test")})["today"]
        evidence("caught", rate, events=[3, 20], trials=PLANTED)
    draws = prior_draws(model, 50, 7)
    rates_drawn = derived(model, draws)["today"].values
    found = log_densities(model, draws)[0]["caught"]
    expected = stats.binom.logpmf([3, 20], PLANTED, rates_drawn)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_every_label_of_a_rate_needs_its_count() -> None:
    with pm.Model():
        rate = quantities({"today": probability({"a": TODAY, "b": TODAY}, dim="campaign", source="a test")})["today"]
        with pytest.raises(ModelError, match=r"caught: events has shape \(3,\), but the rate has dims \('campaign',\)"):
            evidence("caught", rate, events=[3, 20, 1], trials=PLANTED)


@pytest.mark.parametrize(("events", "trials"), [(2.9, 20), (2, 20.7), (float("nan"), 20)])
def test_counts_are_whole(events: float, trials: float) -> None:
    with pm.Model():
        rate = quantities({"today": probability(TODAY, source="a test")})["today"]
        with pytest.raises(ModelError, match=r"caught: .* must be whole numbers"):
            evidence("caught", rate, events=events, trials=trials)
