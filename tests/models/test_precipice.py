"""A race in equilibrium: knowing more can raise the risk, and the risk is that of one winner."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import intervention
from blackball.panel import read_panel
from blackball.risk_model import load_model
from blackball.shipped import shipped

TEAMS = [2, 3, 5, 10]
Race = Callable[[float, float], xr.Dataset]
ALL = {"none": "any_unsafe_without_information", "private": "any_unsafe_with_private_information"}


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return load_model("precipice").build(read_panel(shipped("data") / "precipice"), None)


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, 1000, seed=1)


@pytest.fixture(scope="module")
def prior(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    return derived(model, draws)


@pytest.fixture(scope="module")
def race(model: pm.Model, draws: xr.Dataset) -> Race:
    """Return the outcomes for known mu and enmity."""
    compute, one = intervention(model, ["mu", "enmity"]), draws.isel(draw=[0])
    return lambda mu, enmity: compute(one, {"mu": mu, "enmity": enmity})


def test_only_the_risk_of_the_winner_is_a_headline(model: pm.Model, prior: xr.Dataset) -> None:
    outcomes = {v.name: v.tag.outcome for v in model.deterministics if getattr(v.tag, "outcome", None)}
    assert {name for name, found in outcomes.items() if found.headline} == {"risk"}
    assert outcomes.keys() == {"risk", *ALL.values()}
    assert set(prior["risk"].dims) == {"chain", "draw", "information", "teams"}
    assert prior["information"].values.tolist() == ["none", "private", "public"]
    assert prior["teams"].values.tolist() == TEAMS
    assert set(model.coords["judged"]) == {"enmity", "risk_of_five"}


def test_every_outcome_is_a_probability(prior: xr.Dataset) -> None:
    for name in ("risk", *ALL.values()):
        assert bool(((prior[name] >= 0) & (prior[name] <= 1)).all()), name


@pytest.mark.parametrize(
    ("mu", "enmity", "teams", "expected"),
    [(1.0, 1.0, 2, (0.5, 0.667, 0.667)), (4.0, 1.0, 2, (0, 0.083, 0.229)), (2.0, 0.5, 5, (0.2, 0.444, 0.452)),
     (1.0, 1.0, 5, (0.8, 0.833, 0.833)), (0.5, 0.5, 2, (0.5, 0.778, 0.667))],
)  # fmt: skip
def test_the_published_cases_come_out(
    race: Race, mu: float, enmity: float, teams: int, expected: tuple[float, ...]
) -> None:
    found = race(mu, enmity)["risk"].sel(teams=teams)
    assert np.allclose(found.values.ravel(), expected, atol=6e-4)


def test_knowing_more_is_never_safer_than_knowing_nothing(prior: xr.Dataset) -> None:
    none, private, public = (prior["risk"].sel(information=known) for known in ("none", "private", "public"))
    assert bool((private >= none - 1e-12).all())
    assert bool((public >= none - 1e-12).all())
    # It costs a lot: for five teams it adds a tenth or more in many draws.
    assert float((private - none > 0.1).sel(teams=5).mean()) > 0.3
    assert float((public - none > 0.1).sel(teams=5).mean()) > 0.3


def test_private_and_public_information_have_no_one_order(prior: xr.Dataset) -> None:
    gap = prior["risk"].sel(information="private") - prior["risk"].sel(information="public")
    assert bool(((gap > 0.01).any("draw") & (gap < -0.01).any("draw")).all())


def test_private_information_is_never_the_safer_where_capability_counts_for_little(
    model: pm.Model, draws: xr.Dataset
) -> None:
    change = intervention(model, ["mu"])
    for mu in (0.02, 0.5, 1.0):
        risk = change(draws, {"mu": mu})["risk"]
        assert bool((risk.sel(information="private") >= risk.sel(information="public") - 1e-12).all()), mu
    # Beyond, it may be.
    risk = change(draws, {"mu": 1.5})["risk"]
    assert bool((risk.sel(information="private") < risk.sel(information="public") - 0.01).any())


def test_public_information_is_never_the_safer_where_enmity_is_full(model: pm.Model, draws: xr.Dataset) -> None:
    change = intervention(model, ["enmity"])
    for enmity, never in ((1.0, True), (0.9, False)):
        risk = change(draws, {"enmity": enmity})["risk"]
        safer = risk.sel(information="public") < risk.sel(information="private") - 1e-12
        assert bool(safer.any()) != never, enmity


def test_less_enmity_moves_the_order_of_private_and_public_information_either_way(race: Race) -> None:
    def gap(mu: float, enmity: float, teams: int) -> float:
        risk = race(mu, enmity)["risk"].sel(teams=teams)
        return float((risk.sel(information="private") - risk.sel(information="public")).item())

    assert gap(2.0, 1.0, 5) == pytest.approx(0.6667 - 0.6719, abs=1e-4)
    assert gap(2.0, 0.5, 5) == pytest.approx(0.4444 - 0.4520, abs=1e-4)
    assert gap(2.0, 0.5, 5) < gap(2.0, 1.0, 5)
    assert gap(1.0, 0.5, 5) > gap(1.0, 1.0, 5) + 0.01


def test_enmity_raises_the_risk_and_capability_lowers_it(model: pm.Model, draws: xr.Dataset) -> None:
    for name, sign in (("enmity", 1), ("mu", -1)):
        change = intervention(model, [name])
        for low, high in pairwise(change(draws, {name: value})["risk"] for value in (0.05, 0.2, 0.5, 1.0)):
            assert bool((sign * (high - low) >= -1e-12).all()), name
            assert float((sign * (high - low) > 1e-6).mean()) > 0.1, name


def test_more_teams_raise_the_risk_but_not_always_with_private_information(prior: xr.Dataset) -> None:
    change = prior["risk"].diff("teams")
    assert bool((change.sel(information=["none", "public"]) >= -1e-12).all())
    private = change.sel(information="private", teams=3)
    assert 0.02 < float((private < -1e-3).mean()) < 0.6
    # It falls only where enmity is small, or where capability counts for so much that the ablest can be wholly safe.
    explained = (prior["enmity"] < 0.2) | (prior["mu"] > 1 + prior["enmity"])
    assert bool((explained | (private >= 0)).all())


@pytest.mark.parametrize("mu", [0.05, 1.0, 20.0])
def test_a_race_without_enmity_is_safe(race: Race, mu: float) -> None:
    found = race(mu, 0.0)
    for name in ("risk", *ALL.values()):
        assert float(abs(found[name]).max()) == 0, name


def test_where_all_deploy_risk_is_no_less_and_the_race_is_not_counted_twice(prior: xr.Dataset) -> None:
    for known, name in ALL.items():
        winner = prior["risk"].sel(information=known)
        assert bool((prior[name] >= winner - 1e-12).all()), name
        assert float((prior[name] > winner + 0.05).mean()) > 0.2, name
    # Without information all teams are equally safe; with private information losers are less safe than the winner,
    # so that even compounding the winner's risk is not the risk of all.
    winner = prior["risk"].sel(information="private")
    compounded = 1 - (1 - winner) ** prior["teams"]
    assert bool((prior[ALL["private"]] >= compounded - 1e-12).all())
    assert float((prior[ALL["private"]] > compounded + 0.01).mean()) > 0.2


def test_agrees_with_races_that_are_run(race: Race) -> None:
    rng, runs, mu, enmity, n = np.random.default_rng(5), 400_000, 1.6, 0.3, 3
    capability = rng.uniform(0, mu, (runs, n))
    safety = np.minimum(1, capability / (1 + enmity * (n - 1)))
    winner = (capability - safety).argmax(axis=1)
    unsafe = rng.random((runs, n)) > safety
    found = race(mu, enmity).sel(teams=n)
    risk = found["risk"].sel(information="private").item()
    error = 0.5 / np.sqrt(runs)
    assert abs(risk - unsafe[np.arange(runs), winner].mean()) < 4 * error
    assert abs(found[ALL["private"]].item() - unsafe.any(axis=1).mean()) < 4 * error
    # Negative control: any one team is not the winner.
    assert abs(risk - unsafe[:, 0].mean()) > 40 * error
