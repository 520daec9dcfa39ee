"""Posterior draws weighed anew against the posterior that another prior would have given, in closed form."""

import numpy as np
import pytest
import xarray as xr

from blackball.decisions.reweigh import Belief, effective_draws, weights
from blackball.errors import InputError

DRAWS = 40_000
OBSERVED, NOISE = 2.5, 0.8
BELIEF = Belief(centre=1.5, width=0.6)


def posterior_of(centre, width):
    """Mean and sd of z ~ N(centre, width) once OBSERVED ~ N(z, NOISE) is seen."""
    precision = 1 / width**2 + 1 / NOISE**2
    return (centre / width**2 + OBSERVED / NOISE**2) / precision, precision**-0.5


def drawn():
    """Draws of two quantities: one was observed, one was not."""
    mean, sd = posterior_of(0.0, 1.0)
    rng = np.random.default_rng(5)
    values = np.stack([mean + sd * rng.normal(size=DRAWS), rng.normal(size=DRAWS)], axis=1)
    return xr.DataArray(values, dims=("sample", "quantity"), coords={"quantity": ["seen", "unseen"]})


@pytest.mark.parametrize("name", ["seen", "unseen"])
def test_weighed_draws_are_the_posterior_under_the_other_prior(name):
    draws = drawn()
    weight = weights(draws, {name: BELIEF})
    score = draws.sel(quantity=name)
    mean, sd = posterior_of(BELIEF.centre, BELIEF.width) if name == "seen" else (BELIEF.centre, BELIEF.width)
    found = (weight * score).sum()
    spread = np.sqrt((weight**2 * (score - found) ** 2).sum())
    assert abs(found - mean) < 4 * spread
    assert float(np.sqrt((weight * (score - mean) ** 2).sum())) == pytest.approx(sd, rel=0.03)
    # Left alone, or weighed by the belief without dividing by the prior, the draws are told apart.
    assert abs(score.mean() - mean) > 10 * spread
    naive = np.exp(-((score - BELIEF.centre) ** 2) / (2 * BELIEF.width**2))
    assert abs((naive * score).sum() / naive.sum() - mean) > 10 * spread


def test_beliefs_about_independent_quantities_multiply():
    draws = drawn()
    both = weights(draws, {"seen": BELIEF, "unseen": Belief(0.7, 0.9)})
    product = weights(draws, {"seen": BELIEF}) * weights(draws, {"unseen": Belief(0.7, 0.9)})
    np.testing.assert_allclose(both, product / product.sum(), rtol=1e-10)


def test_who_believes_the_prior_keeps_every_draw():
    draws = drawn()
    for beliefs in ({}, {"seen": Belief()}):
        weight = weights(draws, beliefs)
        np.testing.assert_allclose(weight, 1 / DRAWS, rtol=1e-12)
        assert effective_draws(weight) == pytest.approx(DRAWS)


def test_a_far_belief_leaves_few_draws_and_no_nan():
    weight = weights(drawn(), {"seen": Belief(-40.0, 0.2)})
    assert float(weight.sum()) == pytest.approx(1)
    assert effective_draws(weight) < 5


@pytest.mark.parametrize(
    ("beliefs", "says"),
    [
        ({"nothing": Belief()}, "'nothing': is no quantity that can be weighed (valid: seen, unseen)"),
        ({"seen": Belief(0.0, 1.5)}, "a width in (0, 1]"),
        ({"seen": Belief(0.0, 0.0)}, "a width in (0, 1]"),
        ({"seen": Belief(np.nan, 1.0)}, "a finite centre"),
    ],
)
def test_a_belief_that_makes_no_sense_is_refused(beliefs, says):
    with pytest.raises(InputError) as refused:
        weights(drawn(), beliefs)
    assert says in str(refused.value)
