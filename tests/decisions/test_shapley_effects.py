"""Shapley effects where they are known in closed form, also of correlated quantities."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.decisions.shapley_effects import shapley_effects

COUNT, BATCHES = 4000, 8


def batches(inputs, outputs):
    return np.split(inputs, BATCHES), np.split(outputs, BATCHES)


def gaussian(covariance, seed=1):
    covariance = np.asarray(covariance)
    return np.random.default_rng(seed).multivariate_normal(np.zeros(len(covariance)), covariance, COUNT)


def closed_form(slopes, covariance):
    """Average over all orders what each input adds to Var(E[slopes @ x | x_u]) (Owen & Prieur 2017)."""
    slopes, covariance = np.asarray(slopes), np.asarray(covariance)

    def explained(known):
        if not known:
            return 0.0
        cross = (covariance @ slopes)[known]
        return cross @ np.linalg.solve(covariance[np.ix_(known, known)], cross)

    count = len(slopes)
    orders = list(permutations(range(count)))
    shares = np.zeros(count)
    for order in orders:
        for place, name in enumerate(order):
            shares[name] += explained(list(order[: place + 1])) - explained(list(order[:place]))
    return shares / len(orders) / (slopes @ covariance @ slopes)


def test_two_correlated_inputs_have_the_published_formula():
    rho, (a, b) = 0.7, (1.0, 2.0)
    inputs = gaussian([[1, rho], [rho, 1]])
    found = shapley_effects(*batches(inputs, inputs @ np.array([[a], [b]])))
    variance = a**2 + b**2 + 2 * rho * a * b
    half = rho * a * b + rho**2 * (b**2 - a**2) / 2
    known = (a**2 + half) / variance
    assert known == pytest.approx(closed_form([a, b], [[1, rho], [rho, 1]])[0])
    assert abs(found.shares[0, 0] - known) < 4 * found.mcse[0, 0]
    assert abs(found.shares[1, 0] - (1 - known)) < 4 * found.mcse[1, 0]
    # Negative control: the shares of independent inputs.
    assert abs(found.shares[0, 0] - a**2 / (a**2 + b**2)) > 4 * found.mcse[0, 0]


def test_five_correlated_inputs_have_the_closed_form():
    slopes = np.array([1.0, -0.5, 2.0, 0.0, 1.0])
    covariance = 0.6 ** abs(np.subtract.outer(np.arange(5), np.arange(5)))
    inputs = gaussian(covariance, seed=2)
    found = shapley_effects(*batches(inputs, (inputs @ slopes)[:, None]))
    known = closed_form(slopes, covariance)
    assert (abs(found.shares[:, 0] - known) < 4 * found.mcse[:, 0]).all()
    assert known[3] > 0.02  # it does nothing, yet tells of its neighbours
    assert found.unexplained[0] == pytest.approx(0, abs=0.005)
    # Negative control: signs of the slopes matter where inputs are correlated.
    assert (abs(found.shares[:, 0] - closed_form(abs(slopes), covariance)) > 4 * found.mcse[:, 0]).any()


def test_what_acts_only_together_is_shared_equally():
    inputs = np.random.default_rng(4).normal(size=(COUNT, 4))
    outputs = np.stack([inputs[:, 0] + inputs[:, 1] * inputs[:, 2], inputs[:, 0]], axis=1)
    found = shapley_effects(*batches(inputs, outputs))
    assert (abs(found.shares - np.array([[0.5, 0.25, 0.25, 0], [1, 0, 0, 0]]).T) < 4 * found.mcse + 1e-3).all()


def test_noise_is_nobodys():
    rng = np.random.default_rng(5)
    inputs = rng.normal(size=(COUNT, 20))
    outputs = (inputs[:, 0] + rng.normal(size=COUNT))[:, None]
    found = shapley_effects(*batches(inputs, outputs))
    assert found.unexplained[0] == pytest.approx(0.5, abs=0.05)
    assert found.shares[1:, 0].sum() < 0.03


def test_the_error_is_that_of_repetitions():
    repeated = [
        shapley_effects(*batches(one, one @ np.array([[1.0], [1.0], [0.5]])))
        for one in (gaussian([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]], seed) for seed in range(40))
    ]
    spread = np.std([one.shares[:, 0] for one in repeated], axis=0, ddof=1)
    stated = np.sqrt(np.mean([one.mcse[:, 0] ** 2 for one in repeated], axis=0))
    # 40 repetitions know a spread within 11 %, and 8 batches a variance so within 27 %, averaged over 40.
    assert (abs(stated / spread - 1) < 4 * np.hypot(0.11, 0.27 / np.sqrt(40))).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.floats(0.1, 3))
def test_shares_are_shares(seed, count, power):
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(800, count)) @ rng.normal(size=(count, count))
    outputs = np.stack([np.exp(power * inputs[:, 0]), rng.normal(size=800), np.zeros(800)], axis=1)
    found = shapley_effects(np.split(inputs, 4), np.split(outputs, 4), orders=4)
    shares = found.shares[:, :2]
    assert ((shares >= 0) & (shares <= 1)).all()
    np.testing.assert_allclose(shares.sum(axis=0) + found.unexplained[:2], 1)
    assert (found.unexplained[:2] > -1e-9).all()
    assert np.isnan(found.shares[:, 2]).all()
    assert np.isnan(found.unexplained[2])


def test_copies_ties_and_constants_do_no_harm():
    rng = np.random.default_rng(6)
    one, coin = rng.normal(size=COUNT), rng.integers(0, 2, COUNT).astype(float)
    inputs = np.stack([one, one, coin, np.ones(COUNT)], axis=1)
    found = shapley_effects(*batches(inputs, (one + coin)[:, None]))
    np.testing.assert_allclose(found.shares[:, 0], [0.4, 0.4, 0.2, 0], atol=0.02)


def test_with_too_few_draws_nothing_is_said():
    inputs = np.random.default_rng(7).normal(size=(100, 10))
    found = shapley_effects(np.split(inputs, 4), np.split(inputs[:, :1], 4))
    assert np.isnan(found.shares).all()
    assert np.isnan(found.mcse).all()
    assert np.isnan(found.unexplained).all()


def test_the_same_seed_gives_the_same_orders():
    inputs = gaussian([[1, 0.5], [0.5, 1]])
    first, again = (shapley_effects(*batches(inputs, inputs[:, :1]), seed=3) for _ in range(2))
    assert (first.shares == again.shares).all()
