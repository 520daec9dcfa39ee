"""A premise about any of the deployed systems is not a premise about a given one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import what_if
from blackball.panel import read_panel
from blackball.risk_model import load_model
from blackball.shipped import shipped

PREMISES = ["timelines", "incentives", "alignment_hard", "high_impact_failures", "disempowerment", "existential"]
ANY, GIVEN = "high_impact_failures", "high_impact_failure_of_a_given_system"


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return load_model("power-seeking").build(read_panel(shipped("data") / "power-seeking"), None)


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, 500, seed=1)


@pytest.fixture(scope="module")
def prior(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    return derived(model, draws)


def test_both_readings_are_reported_and_only_that_of_any_system_is_judged(model: pm.Model) -> None:
    outcomes = {v.name: v.tag.outcome for v in model.deterministics if getattr(v.tag, "outcome", None)}
    headlines = {name for name, found in outcomes.items() if found.headline}
    assert headlines == {"catastrophe", GIVEN, "catastrophe_by_a_given_system"}
    assert outcomes.keys() - headlines == {ANY}
    assert set(model.coords["judged"]) == {*PREMISES, "catastrophe"}


def test_the_catastrophe_is_the_product_of_the_premises(prior: xr.Dataset) -> None:
    assert not any(bool(prior[name].isnull().any()) for name in prior)
    product = np.prod([prior[name] for name in PREMISES], axis=0)
    assert np.allclose(prior["catastrophe"], product)
    assert np.allclose(prior["catastrophe_by_a_given_system"] * prior[ANY], product * prior[GIVEN])


def test_any_of_the_systems_fails_at_least_as_often_as_a_given_one(prior: xr.Dataset) -> None:
    assert bool((prior["systems"] >= 1).all())
    assert bool((prior[ANY] >= prior[GIVEN] - 1e-12).all())
    # At most once for each system.
    assert bool((prior[ANY] <= prior[GIVEN] * prior["systems"] + 1e-12).all())
    # And the two are not the same thing: the wrong reading is out by a factor of two in many draws.
    assert 0.3 < float((prior[ANY] > 2 * prior[GIVEN]).mean()) < 1


def test_any_agrees_with_draws_from_urns_of_unknown_make_up(model: pm.Model, draws: xr.Dataset) -> None:
    rng = np.random.default_rng(7)
    runs, given, systems, shared = 200_000, 0.15, 12, 0.3
    share = rng.beta(given * (1 - shared) / shared, (1 - given) * (1 - shared) / shared, runs)
    found = float((rng.binomial(systems, share) > 0).mean())
    error = np.sqrt(found * (1 - found) / runs)
    one = draws.isel(draw=[0])
    value = what_if(model, one, {"given_system": given, "systems": float(systems), "shared_fate": shared})[ANY].item()
    assert abs(value - found) < 4 * error
    # Negative controls: independent systems, and one system more.
    independent = 1 - (1 - given) ** systems
    more = what_if(model, one, {"given_system": given, "systems": systems + 1.0, "shared_fate": shared})[ANY].item()
    assert abs(independent - found) > 40 * error
    assert abs(more - found) > 4 * error


def test_one_system_or_complete_shared_fate_makes_the_two_readings_one(model: pm.Model, draws: xr.Dataset) -> None:
    for change in ({"systems": 1.0}, {"shared_fate": 1 - 1e-9}):
        same = what_if(model, draws, change)
        assert np.allclose(same[ANY], same[GIVEN], rtol=1e-5), change
        assert np.allclose(same["catastrophe"], same["catastrophe_by_a_given_system"], rtol=1e-5), change


def test_more_systems_raise_any_and_leave_a_given_one_alone(model: pm.Model, draws: xr.Dataset) -> None:
    found = [what_if(model, draws, {"systems": n, "shared_fate": 0.5}) for n in (1.0, 3.0, 30.0, 1000.0)]
    for few, many in pairwise(found):
        assert bool((many["catastrophe"] > few["catastrophe"]).all())
        assert np.allclose(many["catastrophe_by_a_given_system"], few["catastrophe_by_a_given_system"])


def test_the_prior_of_any_failure_lets_the_judgements_speak(prior: xr.Dataset) -> None:
    low, middle, high = prior[ANY].quantile([0.05, 0.5, 0.95])
    assert float(low) < 0.05
    assert 0.35 < float(middle) < 0.65
    assert float(high) > 0.95
