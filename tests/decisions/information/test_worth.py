"""The value of information against closed forms, nested Monte Carlo and what must hold in every sample."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from blackball.decisions.information import evpi, evppi, evsi
from blackball.errors import ModelError

SIZE = 2**16


def over_chains(values, *dims):
    """Lay samples out over four chains."""
    array = np.asarray(values, dtype=float)
    return xr.DataArray(array.reshape(4, -1, *array.shape[1:]), dims=("chain", "draw", *dims))


def loss_of(*losses):
    return over_chains(np.stack(np.broadcast_arrays(*losses), axis=-1), "regime")


def unit_normal_loss(mean, sd):
    """Return E[max(x, 0)] - max(E[x], 0) for a normal x (Raiffa & Schlaifer 1961)."""
    u = abs(mean) / sd
    return sd * (stats.norm.pdf(u) - u * stats.norm.sf(u))


@pytest.fixture(scope="module")
def normals():
    """Three independent standard normals and a noise, evenly spread so that means of them vary little."""
    points = stats.qmc.Sobol(4, rng=3).random(SIZE)
    return stats.norm.ppf(points.T)


@pytest.fixture(scope="module")
def linear(normals):
    """Two regimes, one of which costs a linear function of two of the three."""
    a, b, _, _ = normals
    return loss_of(0.0, 0.3 + 0.6 * a + 1.0 * b)


def near(found, expected):
    return abs(found / expected - 1) < 0.02


def test_perfect_information_is_the_unit_normal_loss(linear):
    found = evpi(linear).gain
    assert near(found, unit_normal_loss(0.3, np.hypot(0.6, 1.0)))
    assert not near(found, unit_normal_loss(0.3, 1.0))


@pytest.mark.parametrize(("place", "weight"), [(0, 0.6), (1, 1.0)])
def test_one_parameter_known_is_the_unit_normal_loss(linear, normals, place, weight):
    found = evppi(linear, over_chains(normals[place]))
    assert near(found.gain, unit_normal_loss(0.3, weight))
    assert not near(found.gain, unit_normal_loss(0.3, 1.05 * weight))
    assert near(1 - found.sharper, np.sqrt(1 - weight**2 / 1.36) or 1.0)


def test_parameters_known_together_add_up(linear, normals):
    both = over_chains(normals[:2].T, "element")
    assert near(evppi(linear, both).gain, unit_normal_loss(0.3, np.hypot(0.6, 1.0)))
    assert evppi(linear, both).sharper > 0.98


@pytest.mark.parametrize("noise", [0.5, 2.0])
def test_one_noisy_answer_is_the_unit_normal_loss(linear, normals, noise):
    about = over_chains(normals[1])
    found = evsi(linear, about, over_chains(normals[1] + noise * normals[3]))
    assert near(found.gain, unit_normal_loss(0.3, 1 / np.sqrt(1 + noise**2)))
    assert not near(found.gain, unit_normal_loss(0.3, 1.0))
    share = 1 / (1 + noise**2) / 1.36
    assert found.sharper == pytest.approx(1 - np.sqrt(1 - share), rel=0.03)


def test_what_does_not_matter_is_worth_nothing():
    rng = np.random.default_rng(5)
    loss = loss_of(0.0, 0.02 + rng.normal(size=4000), rng.normal(size=4000))
    for seed in range(10):
        found = evppi(loss, over_chains(np.random.default_rng(100 + seed).normal(size=4000)))
        assert found.gain <= 3 * found.gain_mcse + 1e-12
        assert found.sharper <= 3 * found.sharper_mcse + 1e-12
    # Found and tried out on the same draws, chance would look like knowledge.
    chance = np.random.default_rng(0).integers(0, 400, size=4000)
    groups = xr.DataArray(loss.to_numpy().reshape(4000, 3), dims=("draw", "regime")).groupby(
        xr.DataArray(chance, dims="draw", name="chance")
    )
    naive = float(loss.mean(("chain", "draw")).min() - groups.mean().min("regime").mean())
    assert naive > 0.1 * evpi(loss).gain


def test_the_error_is_that_of_repeated_samples():
    gains, errors = [], []
    for seed in range(60):
        a, b = np.random.default_rng(seed).normal(size=(2, 2000))
        found = evppi(loss_of(0.0, 0.6 * a + b + 0.3), over_chains(a))
        gains.append(found.gain)
        errors.append(found.gain_mcse)
    assert np.std(gains) / np.mean(errors) == pytest.approx(1.0, abs=4 / np.sqrt(2 * 60))
    # Never more than the truth, and hardly less.
    truth = unit_normal_loss(0.3, 0.6)
    assert np.mean(gains) < truth + 3 * np.std(gains) / np.sqrt(60)
    assert np.mean(gains) > 0.93 * truth


def problem(rng, size, known=None):
    """Two dependent parameters and three regimes, in which what is known matters in curves and by interaction."""
    phi = rng.normal(size=size) if known is None else np.full(size, known)
    psi = 0.5 * phi + rng.normal(size=size)
    return phi, psi, np.stack([np.zeros(size), np.sin(2 * phi) + psi - 0.3, 0.5 * phi * psi - 0.1], axis=-1)


def nested(outer, inner, rng, ignoring=False):
    """Return the value of knowing the first parameter by nested Monte Carlo, with its standard error."""
    means = []
    for phi in rng.normal(size=outer):
        _, psi, losses = problem(rng, inner, phi)
        if ignoring:  # as if the other parameter did not depend on it
            losses = np.stack([np.zeros(inner), np.sin(2 * phi) + psi - 0.5 * phi - 0.3, 0 * psi - 0.1], axis=-1)
        means.append(losses.mean(axis=0))
    means = np.array(means)
    avoided = means[:, np.argmin(means.mean(axis=0))] - means.min(axis=1)
    return avoided.mean(), avoided.std() / np.sqrt(outer)


def test_one_parameter_agrees_with_nested_monte_carlo():
    phi, _, losses = problem(np.random.default_rng(1), 20000)
    found = evppi(over_chains(losses, "regime"), over_chains(phi))
    value, error = nested(3000, 2000, np.random.default_rng(2))
    assert abs(found.gain - value) < 3 * np.hypot(found.gain_mcse, error)
    wrong, error = nested(3000, 500, np.random.default_rng(2), ignoring=True)
    assert abs(found.gain - wrong) > 5 * np.hypot(found.gain_mcse, error)


@st.composite
def problems(draw):
    """A linear problem of two to four regimes, not always with normal parameters or fine answers."""
    seed = draw(st.integers(0, 10_000))
    regimes = draw(st.integers(2, 4))
    noise = draw(st.floats(0.1, 5.0))
    tail = draw(st.sampled_from([3.0, 30.0]))
    rng = np.random.default_rng(seed)
    parameters = rng.standard_t(tail, size=(1200, 3))
    losses = parameters @ rng.normal(size=(3, regimes)) + rng.normal(size=regimes)
    answer = parameters[:, 0] + noise * rng.normal(size=1200)
    return over_chains(losses, "regime"), over_chains(parameters[:, 0]), over_chains(answer)


@given(problems())
@settings(max_examples=40, derandomize=True, deadline=None)
def test_no_answer_is_worth_more_than_what_it_is_about_nor_that_more_than_everything(made):
    loss, parameter, answer = made
    everything, exactly, roughly = evpi(loss), evppi(loss, parameter), evsi(loss, parameter, answer)
    assert 0 <= exactly.gain <= everything.gain
    assert 0 <= roughly.gain <= everything.gain
    assert 0 <= exactly.sharper <= 1
    assert everything.sharper == pytest.approx(1, abs=1e-7)
    assert roughly.gain <= exactly.gain + 4 * np.hypot(roughly.gain_mcse, exactly.gain_mcse)
    assert roughly.sharper <= exactly.sharper + 4 * np.hypot(roughly.sharper_mcse, exactly.sharper_mcse)


def test_the_scale_on_which_a_parameter_is_told_does_not_matter(linear, normals):
    once = evppi(linear, over_chains(normals[0]))
    assert evppi(linear, over_chains(np.exp(3 * normals[0]))) == once
    assert evppi(linear, over_chains(normals[0] ** 2)) != once


def test_a_parameter_of_two_values_is_two_cases():
    rng = np.random.default_rng(4)
    true = rng.random(4000) < 0.3
    loss = loss_of(0.0, np.where(true, 1.0, -0.2) + rng.normal(size=4000))
    found = evppi(loss, over_chains(true))
    assert abs(found.gain - 0.7 * 0.2) < 4 * found.gain_mcse


def test_what_never_varies_is_worth_nothing(linear):
    found = evppi(linear, xr.full_like(linear.isel(regime=0), 3.0))
    assert (found.gain, found.sharper) == (0.0, 0.0)


def test_one_regime_leaves_nothing_to_choose(linear, normals):
    alone = linear.isel(regime=[1])
    assert (evpi(alone).gain, evppi(alone, over_chains(normals[1])).gain) == (0.0, 0.0)
    assert evppi(alone, over_chains(normals[1])).sharper > 0.4


@pytest.mark.parametrize(
    ("loss", "parameter", "says"),
    [
        (loss_of(np.zeros(80), np.ones(80)).isel(regime=0), None, "chain, draw and regime, not chain, draw"),
        (loss_of(np.zeros(80), np.full(80, np.nan)), None, "not finite in every draw"),
        (loss_of(np.zeros(20), np.ones(20)), None, "has 20 draws: the value of information needs 40"),
        (loss_of(np.zeros(80), np.ones(80)), over_chains(np.zeros(84)), "other draws than the loss"),
        (loss_of(np.zeros(80), np.ones(80)), over_chains(np.full(80, np.nan)), "not a number in every draw"),
    ],
)
def test_draws_that_cannot_be_used_are_refused(loss, parameter, says):
    with pytest.raises(ModelError, match=says):
        evpi(loss) if parameter is None else evppi(loss, parameter)
