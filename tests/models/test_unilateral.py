"""The curse and the urn on one axis: what is shared, and how far beliefs err, decides which dominates."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from blackball.inference.derive import derived
from blackball.inference.engine import compile_model
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import intervention
from blackball.panel import read_panel
from blackball.risk_model import load_model
from blackball.shipped import shipped

ACTORS = np.array([1, 2, 3, 5, 10, 20])
HEADLINES = {"curse", "urn", "curse_per_urn"}
DOMINATES = {"curse_dominates"}
REMEDIES = {"curse_if_pooled", "curse_by_majority", "best_threshold", "curse_at_best_threshold", "avoided_by_threshold"}


type When = Callable[..., dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return load_model("unilateral").build(read_panel(shipped("data") / "unilateral"), None)


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, 150, seed=1)


@pytest.fixture(scope="module")
def prior(model: pm.Model, draws: xr.Dataset) -> xr.Dataset:
    return derived(model, draws)


@pytest.fixture(scope="module")
def when(model: pm.Model, draws: xr.Dataset) -> When:
    """Outcomes by actors with every quantity fixed."""
    compute = intervention(model, ["error", "shared_beliefs", "misaligned", "shared_fate"])

    def fixed(error: float, shared_beliefs: float, misaligned: float, shared_fate: float) -> dict[str, np.ndarray]:
        values = {
            "error": error,
            "shared_beliefs": shared_beliefs,
            "misaligned": misaligned,
            "shared_fate": shared_fate,
        }
        found = compute(draws.isel(draw=[0]), values)
        return {name: found[name].values[0, 0] for name in HEADLINES | DOMINATES | REMEDIES}

    return fixed


def test_curse_urn_and_which_of_them_dominates_are_reported_by_actors(model: pm.Model, prior: xr.Dataset) -> None:
    outcomes = {v.name: v.tag.outcome for v in model.deterministics if getattr(v.tag, "outcome", None)}
    assert {name for name, found in outcomes.items() if found.headline} == HEADLINES
    assert outcomes.keys() - HEADLINES == DOMINATES | REMEDIES
    assert prior["curse"]["actors"].values.tolist() == ACTORS.tolist()
    assert compile_model(model).name == "flat"


def test_both_grow_with_the_number_and_one_actor_has_nobody_to_share_with(prior: xr.Dataset) -> None:
    assert not any(bool(prior[name].isnull().any()) for name in prior)
    for name in ("curse", "urn"):
        assert bool(((prior[name] > 0) & (prior[name] < 1)).all())
        assert bool((prior[name].diff("actors") > 0).all())
    assert np.allclose(prior["urn"].sel(actors=1), prior["misaligned"])
    assert np.allclose(prior["curse"].sel(actors=1), stats.norm.cdf(-1 / prior["error"]), atol=1e-7)
    assert bool((prior["curse_dominates"] == (prior["curse"] > prior["urn"])).all())
    assert bool((prior["curse_dominates"] == (prior["curse_per_urn"] > 1)).all())


def test_the_oracles_of_both(when: When) -> None:
    found = when(error=1.0, shared_beliefs=0.0, misaligned=0.05, shared_fate=0.0)
    assert np.allclose(found["curse"], 1 - 0.8413447**ACTORS, atol=1e-6)
    assert np.allclose(found["urn"][[0, 1, 2, 4]], [0.05, 0.0975, 0.142625, 0.401263], atol=1e-6)
    alike = when(error=1.0, shared_beliefs=1.0, misaligned=0.05, shared_fate=1.0)
    assert np.allclose(alike["curse"], 0.1586553, atol=1e-6)
    assert np.allclose(alike["urn"], 0.05)


def test_the_actors_and_draws_of_a_simulation_agree(when: When) -> None:
    rng, runs, most = np.random.default_rng(7), 200_000, 10
    error, shared, bad, fate = 0.9, 0.4, 0.08, 0.3
    value = when(error=error, shared_beliefs=shared, misaligned=bad, shared_fate=fate)
    common, own = rng.standard_normal((runs, 1)), rng.standard_normal((runs, most))
    estimates = -1 + error * (np.sqrt(shared) * common + np.sqrt(1 - shared) * own)
    share = rng.beta(bad * (1 - fate) / fate, (1 - bad) * (1 - fate) / fate, runs)
    simulated = {
        ("curse", 4): (estimates > 0).any(1),
        ("curse_if_pooled", 4): estimates.mean(1) > 0,
        ("curse_by_majority", 1): (estimates[:, :5] > 0).sum(1) > 2,
        ("curse_at_best_threshold", 4): (estimates > value["best_threshold"][4]).any(1),
        ("urn", 4): rng.binomial(most, share) > 0,
    }
    for (name, place), happened in simulated.items():
        assert abs(value[name][place] - happened.mean()) < 4 * happened.std() / np.sqrt(runs), name
    # Negative control: beliefs that share nothing, with estimates as wide, are told apart.
    apart = (-1 + error * rng.standard_normal((runs, most)) > 0).any(1)
    assert abs(value["curse"][4] - apart.mean()) > 40 * apart.std() / np.sqrt(runs)


@pytest.mark.parametrize(("bad", "error"), [(0.05, 0.6080), (0.2, 1.1882)])
def test_with_nothing_shared_the_number_of_actors_does_not_matter(when: When, bad: float, error: float) -> None:
    alone = {"shared_beliefs": 0.0, "shared_fate": 0.0, "misaligned": bad}
    assert stats.norm.cdf(-1 / error) == pytest.approx(bad, abs=1e-4)
    assert when(error=error * 1.01, **alone)["curse_dominates"].tolist() == [1] * 6
    assert when(error=error * 0.99, **alone)["curse_dominates"].tolist() == [0] * 6


@pytest.mark.parametrize("shared_beliefs", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("shared_fate", [0.0, 0.5, 1.0])
def test_beliefs_that_err_little_leave_the_urn_dominant_whatever_is_shared(
    when: When, shared_beliefs: float, shared_fate: float
) -> None:
    small = when(error=0.2, shared_beliefs=shared_beliefs, misaligned=0.05, shared_fate=shared_fate)
    assert small["curse_dominates"].tolist() == [0] * 6
    assert small["curse"].max() < 1e-4


def test_what_is_shared_decides_for_many(when: When) -> None:
    # One actor errs with .040, one draw is bad with .05: the urn leads until beliefs differ where draws do not.
    few = {"error": 0.57, "misaligned": 0.05}
    beliefs_differ = when(shared_beliefs=0.0, shared_fate=0.5, **few)
    assert beliefs_differ["curse_dominates"].tolist() == [0, 1, 1, 1, 1, 1]
    assert beliefs_differ["curse"][-1] > 2 * beliefs_differ["urn"][-1]
    # One actor errs with .067: the curse leads until draws differ where beliefs do not.
    more = {"error": 0.67, "misaligned": 0.05}
    draws_differ = when(shared_beliefs=0.7, shared_fate=0.0, **more)
    assert draws_differ["curse_dominates"].tolist() == [1, 1, 0, 0, 0, 0]
    assert draws_differ["urn"][-1] > 2 * draws_differ["curse"][-1]


def test_shared_beliefs_hold_back_the_curse_and_shared_fate_the_urn(when: When) -> None:
    found = [when(error=0.8, shared_beliefs=r, misaligned=0.05, shared_fate=r) for r in (0.0, 0.2, 0.6, 0.8, 1.0)]
    for less, more in pairwise(found):
        for name in ("curse", "urn"):
            assert (less[name][1:] > more[name][1:]).all()
            assert less[name][0] == pytest.approx(more[name][0], abs=1e-7)


def test_each_remedy_helps_against_the_curse(prior: xr.Dataset) -> None:
    many = prior.sel(actors=[2, 3, 5, 10, 20])
    assert bool((many["curse_if_pooled"] < many["curse"]).all())
    assert bool((many["best_threshold"] > 0).all())
    assert bool((prior["best_threshold"].diff("actors") > 0).all())
    assert np.allclose(prior["avoided_by_threshold"], prior["curse"] - prior["curse_at_best_threshold"])
    assert bool((many["avoided_by_threshold"] > 0).all())
    # One actor, who asks only whether its own estimate is positive, is not cursed.
    assert np.allclose(prior["best_threshold"].sel(actors=1), 0, atol=1e-7)
    for voters in (3, 5):
        voted = prior["curse_by_majority"].sel(voters=voters)
        assert bool((voted < prior["curse"].sel(actors=voters)).all())
        assert bool((voted < prior["curse"].sel(actors=1) + 1e-8).all())
