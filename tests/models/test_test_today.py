"""A failed test bounds the future from above; a passed test bounds nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from blackball.inference.derive import derived, log_densities
from blackball.inference.engine import compile_model
from blackball.inference.prior import prior_draws
from blackball.inference.settings import Settings
from blackball.inference.what_if import what_if
from blackball.panel import Panel, read_panel
from blackball.risk_model import load_model
from blackball.shipped import shipped
from tests.conftest import MakePanel, quantiles
from tests.inference.mcse import mcse

CAUGHT = [0, 5, 10, 15, 20]
PANEL = shipped("data") / "test-today"
RATE = np.array([0.05, 0.95])  # prior of each sensitivity, 5 % and 95 % points
DRAWS = ("chain", "draw")


def built(panel: Panel) -> pm.Model:
    return load_model("test-today").build(panel, None)


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return built(read_panel(PANEL))


@pytest.fixture(scope="module")
def prior(model: pm.Model) -> xr.Dataset:
    return derived(model, prior_draws(model, 500, seed=1))


@pytest.fixture(scope="module")
def sampled(model: pm.Model) -> xr.Dataset:
    """Draws of the free variables: the one real fit."""
    settings = Settings(draws=500, tune=500, chains=4, seed=1, target_accept=0.9)
    return compile_model(model).sample(settings)["posterior"].dataset


@pytest.fixture(scope="module")
def posterior(model: pm.Model, sampled: xr.Dataset) -> xr.Dataset:
    return derived(model, sampled)


def test_each_campaign_is_reported_beside_what_carries_over(model: pm.Model, prior: xr.Dataset) -> None:
    headlines = {v.name: v.type.dims for v in model.deterministics if getattr(v.tag, "outcome", None)}
    by_campaign = dict.fromkeys(("sens_ahead", "missed_ahead", "missed_by_all"), ("caught_of_20",))
    assert headlines == {**by_campaign, "carried_over": (), "false_alarm": ()}
    assert all(model[name].tag.outcome.headline for name in headlines)
    assert prior["sens_ahead"]["caught_of_20"].values.tolist() == [str(k) for k in CAUGHT]
    assert model["caught_organisms_events"].get_value().tolist() == CAUGHT


def test_nothing_is_caught_ahead_that_is_not_caught_today_and_carried_over(prior: xr.Dataset) -> None:
    assert not any(bool(prior[name].isnull().any()) for name in prior)
    assert bool((prior["sens_ahead"] <= np.minimum(prior["sens_today"], prior["carried_over"])).all())
    # A system that knows that it is tested is missed, any other as often as the technique fails.
    missed = prior["aware"] + (1 - prior["aware"]) * (1 - prior["sens_ahead"])
    assert np.allclose(prior["missed_ahead"], missed)


def test_at_the_ends_only_what_is_left_counts(model: pm.Model) -> None:
    draws = prior_draws(model, 200, seed=2)
    sure = what_if(model, draws, {"transfer": 1.0, "induced": 1.0, "sens_today": 1.0, "aware": 0.0})
    assert float(abs(sure["missed_ahead"]).max()) < 1e-12
    for change in ({"aware": 1.0}, {"transfer": 0.0}, {"induced": 0.0}, {"sens_today": 0.0}):
        assert np.allclose(what_if(model, draws, change)["missed_ahead"], 1.0), change


@pytest.mark.parametrize("transfer", [(0.02, 0.1, 0.4), (0.3, 0.5, 0.7), (0.6, 0.9, 0.98)])
def test_a_failed_test_pulls_the_future_down_whatever_transfers(
    make_panel: MakePanel, transfer: Sequence[float]
) -> None:
    rows = quantiles("e", "transfer", transfer)
    other = built(make_panel(rows, [{"question": "transfer", "support": "probability"}], ["e"]))
    draws = prior_draws(other, 4000, seed=3)
    believed = np.exp(log_densities(other, draws)[0]["judgements"].sum("judged"))
    found = derived(other, draws)
    counted = xr.apply_ufunc(lambda rate: stats.binom.pmf(CAUGHT, 20, rate), found["sens_today"])
    before, after = (found["sens_ahead"].weighted(weight) for weight in (believed, believed * counted))
    mean = after.mean(DRAWS) / before.mean(DRAWS)
    assert float(mean.sel(caught_of_20="0")) < 0.2
    upper = after.quantile(0.95, dim=DRAWS) / before.quantile(0.95, dim=DRAWS)
    assert float(upper.sel(caught_of_20="0")) < 0.2
    # A passed test raises the mean, but at most to what carries over, and lowers the upper end never.
    assert 1 < float(mean.sel(caught_of_20="20")) < 2.5
    assert 1 < float(upper.sel(caught_of_20="20")) < 2


def by_quadrature(caught: int) -> float:
    """Return the posterior mean of a rate with the logit-normal prior after `caught` of 20."""
    grid = np.linspace(-14, 14, 20001)
    rate = 1 / (1 + np.exp(-grid))
    sd = np.log(RATE[1] / RATE[0]) / stats.norm.ppf(0.95)
    weight = stats.norm.pdf(grid, 0, sd) * stats.binom.pmf(caught, 20, rate)
    return float(weight @ rate / weight.sum())


@pytest.mark.parametrize("caught", CAUGHT)
def test_the_sensitivity_of_today_is_what_its_count_says(posterior: xr.Dataset, caught: int) -> None:
    today = posterior["sens_today"].sel(caught_of_20=str(caught))
    assert abs(float(today.mean()) - by_quadrature(caught)) < 4 * mcse(today)
    # The prior is nearly uniform, for which the posterior is Beta(k + 1, n - k + 1).
    assert float(today.mean()) == pytest.approx((caught + 1) / 22, abs=0.02)
    # Negative control: the count of another campaign is told apart.
    assert abs(float(today.mean()) - by_quadrature((caught + 5) % 25)) > 10 * mcse(today)


def test_a_failed_test_bounds_the_future_and_a_passed_one_does_not(
    model: pm.Model, sampled: xr.Dataset, posterior: xr.Dataset
) -> None:
    upper = posterior["sens_ahead"].quantile(0.95, DRAWS)
    assert float(upper.sel(caught_of_20="0")) == pytest.approx(0.055, abs=0.015)
    spread = posterior["sens_ahead"].std(DRAWS) / posterior["carried_over"].std(DRAWS)
    assert float(spread.sel(caught_of_20="0")) < 0.15
    assert 0.9 < float(spread.sel(caught_of_20="20")) < 1.05
    # Were goals that arise by themselves as easy to see as induced ones, the spread would be that of transfer.
    natural = what_if(model, sampled, {"induced": 1.0})["sens_ahead"].sel(caught_of_20="20")
    assert 0.9 < float(natural.std() / posterior["transfer"].std()) < 1.05


def test_no_count_of_today_says_what_carries_over(model: pm.Model, posterior: xr.Dataset) -> None:
    # Ranks of transfer and of each sensitivity go their own ways.
    transfer = posterior["transfer"].values.ravel()
    for today in posterior["sens_today"].transpose("caught_of_20", ...).values:
        assert abs(stats.spearmanr(transfer, today.ravel()).statistic) < 0.1
    # It stays what prior and judgement say without any count.
    draws = prior_draws(model, 8000, seed=4)
    believed = np.exp(log_densities(model, draws)[0]["judgements"].sum("judged"))
    alone = derived(model, draws)["transfer"].weighted(believed)
    for level in (0.05, 0.5, 0.95):
        expected = float(alone.quantile(level, dim=DRAWS))
        assert float(posterior["transfer"].quantile(level)) == pytest.approx(expected, abs=0.03)


def test_more_channels_miss_less_and_what_is_outside_is_not_seen(model: pm.Model) -> None:
    draws = prior_draws(model, 200, 3)
    inside = what_if(model, draws, {"outside_control": 0.0})
    assert bool((inside["missed_by_all"] <= inside["missed_ahead"]).all())
    blind = what_if(model, draws, {"outside_control": 0.0, "probe": 0.0, "obfuscated": 1.0})
    assert np.allclose(blind["missed_by_all"], blind["missed_ahead"])
    assert np.allclose(what_if(model, draws, {"outside_control": 1.0})["missed_by_all"], 1.0)
