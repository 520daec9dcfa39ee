"""How many draws are acceptable: inspection, research and a stopping rule against the plain urn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.decisions.stopping import stopping
from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import what_if
from blackball.mechanisms import controlled
from blackball.mechanisms.evaluate import evaluate
from blackball.panel import read_panel
from blackball.regimes import read_regimes
from blackball.risk_model import load_model
from blackball.shipped import shipped

DRAWS = [1, 10, 30]
REGIMES = ["uncontrolled", "inspected", "research", "controlled"]
GROWTH, BUDGET, ALPHA = 1.3, 0.01, 0.1
KNOWN = {"misaligned": 0.08, "scale": 1.5, "gain": 0.6, "transfer": 0.4, "aware": 0.5, "halts": 0.7, "wins": 0.4}


@pytest.fixture(scope="module")
def model() -> pm.Model:
    data = shipped("data")
    regimes = read_regimes(data / "controlled-draws.toml")
    return load_model("controlled-draws").build(read_panel(data / "controlled-draws"), regimes)


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, 500, seed=1)


@pytest.fixture(scope="module")
def prior(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    return derived(model, draws)


def test_the_headlines_are_catastrophe_and_acceptable_draws(model: pm.Model, prior: xr.Dataset) -> None:
    outcomes = {v.name: v.tag.outcome for v in model.deterministics if getattr(v.tag, "outcome", None)}
    headlines = {name for name, found in outcomes.items() if found.headline}
    assert headlines == {"catastrophe", "acceptable_draws"}
    assert outcomes.keys() - headlines == {"released", "aligned_halted", "next_draw"}
    assert set(prior["catastrophe"].dims) == {"chain", "draw", "regime", "draws"}
    assert prior["draws"].values.tolist() == DRAWS
    assert prior["regime"].values.tolist() == REGIMES
    assert prior["draw_number"].values.tolist() == list(range(1, 31))
    rule = model["next_draw"].tag.stopping
    assert (rule.dim, rule.tolerance, rule.alpha) == ("draw_number", BUDGET, ALPHA)


def test_outcomes_are_in_their_ranges(prior: xr.Dataset) -> None:
    for name in ("catastrophe", "released", "aligned_halted", "next_draw"):
        assert bool(((prior[name] >= 0) & (prior[name] <= 1)).all()), name
    assert bool(prior["acceptable_draws"].isin(np.arange(31)).all())
    assert bool((prior["catastrophe"].diff("draws") >= -1e-12).all())


def test_the_budget_and_the_catastrophe_agree(prior: xr.Dataset) -> None:
    for n in DRAWS:
        within = prior["catastrophe"].sel(draws=n) <= BUDGET
        assert bool((within == (prior["acceptable_draws"] >= n)).all()), n
        assert 0.05 < float(within.sel(regime="controlled").mean()) < 0.95


def test_the_uncontrolled_urn_is_not_inspected_and_does_no_research(prior: xr.Dataset) -> None:
    urn = prior.sel(regime="uncontrolled")
    assert np.allclose(urn["released"], 1)
    assert np.allclose(urn["aligned_halted"], 0)
    first = urn["misaligned"] * urn["wins"]
    assert np.allclose(urn["catastrophe"].sel(draws=1), first)
    assert np.allclose(urn["next_draw"].sel(draw_number=1), first)


def test_each_step_of_control_lowers_the_risk(model: pm.Model, draws: xr.Dataset, prior: xr.Dataset) -> None:
    # All else equal, so that only what the regimes set is left: inspection, and the share put to research.
    equal = what_if(model, draws, {name: KNOWN[name] for name in ("aware", "halts", "wins")})
    ordered = [equal["catastrophe"].sel(regime=name) for name in REGIMES]
    for less, more in pairwise(ordered):
        assert bool((more <= less + 1e-12).all())
    # Inspection helps from the first draw on, research from the second.
    assert bool((ordered[1] < ordered[0]).all())
    assert np.allclose(ordered[2].sel(draws=1), ordered[1].sel(draws=1))
    assert bool((ordered[2].sel(draws=30) < ordered[1].sel(draws=30)).all())
    # As the regimes file states them, the controlled process is the safest on average.
    mean = prior["catastrophe"].mean(("chain", "draw"))
    assert bool((mean.sel(regime="controlled") == mean.min("regime")).all())
    assert bool((mean.sel(regime="uncontrolled") == mean.max("regime")).all())


def test_inspection_has_a_price(prior: xr.Dataset) -> None:
    assert bool((prior["aligned_halted"].drop_sel(regime="uncontrolled") > 0).all())
    assert 0.02 < float(prior["aligned_halted"].sel(regime="controlled").mean()) < 0.3


@pytest.mark.parametrize("off", [{"gain": 0.0}, {"transfer": 0.0}, {"research_share": 0.0}])
def test_without_gains_research_buys_nothing(model: pm.Model, draws: xr.Dataset, off: dict[str, float]) -> None:
    found = what_if(model, draws, {**off, **{name: KNOWN[name] for name in ("aware", "halts", "wins")}})
    for name in ("catastrophe", "acceptable_draws", "next_draw"):
        inspected = found[name].sel(regime="inspected")
        assert np.allclose(found[name].sel(regime="research"), inspected), name
        assert np.allclose(found[name].sel(regime="controlled"), inspected), name


def test_a_great_gain_leaves_only_the_first_draw(model: pm.Model, draws: xr.Dataset) -> None:
    found = what_if(model, draws, {"gain": 1e3, "transfer": 1.0})["catastrophe"].sel(regime="controlled")
    assert np.allclose(found.sel(draws=30), found.sel(draws=1), rtol=1e-6)


def test_at_scale_zero_it_is_the_mechanism_of_controlled_draws(
    model: pm.Model, draws: xr.Dataset, prior: xr.Dataset
) -> None:
    found = what_if(model, draws, {"scale": 0.0})
    share = (1 - found["aligned_halted"]) * xr.DataArray([0, 0, 0.3, 0.8], dims="regime")
    arguments = {
        "bad": prior["misaligned"],
        "draws": xr.DataArray(np.array(DRAWS, float), coords={"draws": DRAWS}, dims="draws"),
        "gain": prior["gain"],
        "share": share,
        "transfer": prior["transfer"],
        "consequence": found["released"] * prior["wins"],
    }
    expected = evaluate(controlled.any_bad_controlled, arguments)
    assert np.allclose(*xr.broadcast(found["catastrophe"], expected), atol=1e-12)
    # Negative control: growth matters.
    assert not np.allclose(*xr.broadcast(prior["catastrophe"], expected), atol=1e-2)


def simulated(rng: np.random.Generator, released: float, share: float, n: int, runs: int) -> float:
    """Return how often n draws end in catastrophe, run one by one."""
    transfers = rng.random(runs) < KNOWN["transfer"]
    disaster = np.zeros(runs, bool)
    for i in range(n):
        odds = KNOWN["misaligned"] / (1 - KNOWN["misaligned"])
        log_odds = (
            np.log(odds) + KNOWN["scale"] * i * np.log10(GROWTH) - np.where(transfers, KNOWN["gain"] * share * i, 0)
        )
        bad = rng.random(runs) < 1 / (1 + np.exp(-log_odds))
        disaster |= bad & (rng.random(runs) < released) & (rng.random(runs) < KNOWN["wins"])
    return float(disaster.mean())


def test_agrees_with_draws_made_one_by_one(model: pm.Model, draws: xr.Dataset) -> None:
    runs, rng = 100_000, np.random.default_rng(11)
    found = what_if(model, draws.isel(draw=[0]), KNOWN).isel(chain=0, draw=0).sel(regime="controlled")
    released, halted = found["released"].item(), found["aligned_halted"].item()
    share = 0.8 * (1 - halted)
    risk, error = found["catastrophe"].sel(draws=10).item(), 0.5 / np.sqrt(runs)
    assert abs(risk - simulated(rng, released, share, 10, runs)) < 4 * error
    # Negative controls: without research, and with one draw fewer.
    assert abs(risk - simulated(rng, released, 0, 10, runs)) > 10 * error
    assert abs(risk - simulated(rng, released, share, 9, runs)) > 4 * error


def test_inspection_is_blind_to_behaviour_that_knows_of_it(model: pm.Model, draws: xr.Dataset) -> None:
    blind, open_ = (what_if(model, draws, {"aware": value, "halts": 1.0})["released"] for value in (1.0, 0.0))
    inspected = [name for name in REGIMES if name != "uncontrolled"]
    assert bool((blind.sel(regime=inspected) > open_.sel(regime=inspected)).all())
    # Nothing that a test sees helps where nobody can halt.
    assert np.allclose(what_if(model, draws, {"halts": 0.0})["released"], 1)


def test_each_posterior_draw_lives_in_one_world(model: pm.Model) -> None:
    many = prior_draws(model, 4000, seed=3)
    found = what_if(model, many, {"transfer": 0.3, "scale": 0.0, "gain": 1.0})["next_draw"]
    process = found.sel(regime="controlled")
    better = process.sel(draw_number=30) < process.sel(draw_number=1)
    assert abs(float(better.mean()) - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 4000)
    # In the others nothing changes.
    assert bool((better | np.isclose(process.sel(draw_number=30), process.sel(draw_number=1))).all())


def test_without_growth_the_rule_could_forbid_only_the_first_draw(model: pm.Model, draws: xr.Dataset) -> None:
    flat = what_if(model, draws, {"scale": 0.0})["next_draw"]
    allowed = [stopping(flat, tolerance=tolerance, alpha=ALPHA).allowed for tolerance in (0.003, BUDGET, 0.03)]
    assert {int(count) for found in allowed for count in found} == {0, 30}
    # With growth a process ends in between, and research takes it further.
    grown = what_if(model, draws, {"scale": 2.0, "gain": 0.5, "transfer": 0.9})["next_draw"]
    rule = stopping(grown, tolerance=0.05, alpha=0.2).allowed
    counts = [int(rule.sel(regime=name)) for name in REGIMES]
    assert counts == sorted(counts)
    assert 0 < counts[1] < 30
    assert counts[3] > counts[1]
