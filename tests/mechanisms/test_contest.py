import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from blackball.mechanisms import contest, evaluate

from .slopes import slopes


def led(attack, defence, months, scale, offence_advantage, decisiveness):
    return contest.win(attack, contest.lead(defence, months, scale), offence_advantage, decisiveness)


NAMES = ("attack", "defence", "months", "scale", "offence_advantage", "decisiveness")
SLOPES = slopes(led, **dict.fromkeys(NAMES, ()))
EVEN = {
    "attack": 2.0,
    "defence": 2.0,
    "months": 0.0,
    "scale": 12.0,
    "offence_advantage": 0.7,
    "decisiveness": 1.5,
}
resources = st.floats(0.01, 100)


def win(**changes):
    return float(evaluate(led, EVEN | changes))


@pytest.mark.parametrize("omega", [-2.0, -0.01, 0.0, 0.01, 3.0])
def test_between_equals_only_the_offence_advantage_counts(omega):
    assert win(offence_advantage=omega) == pytest.approx(expit(omega))
    assert (win(offence_advantage=omega) > 0.5) == (omega > 0)


def test_a_lead_buys_nothing_when_resources_do_not_decide():
    assert win(decisiveness=0.0, months=36.0) == win(decisiveness=0.0)
    assert win(months=3.0) < win()


def test_matches_the_ratio_form():
    exact = 1 / (1 + np.exp(-0.7) * (6.0 / 2.0) ** 1.5)
    assert win(defence=4.0, months=6.0) == pytest.approx(exact)


@settings(deadline=None)  # the first example compiles
@given(resources, resources, st.floats(-5, 5), st.floats(0, 5), st.floats(0, 48), st.floats(0, 48))
def test_a_longer_lead_never_hurts_the_defender(attack, defence, omega, theta, months, more):
    common = {"attack": attack, "defence": defence, "offence_advantage": omega, "decisiveness": theta}
    behind, ahead = win(months=months, **common), win(months=months + more, **common)
    assert 0 <= ahead <= behind * (1 + 1e-12) <= 1 + 1e-12


def test_dims_broadcast_by_name():
    omega = xr.DataArray([0.0, 1.0], dims="route")
    attack = xr.DataArray([1.0, 2.0, 3.0], dims="regime")
    assert evaluate(led, EVEN | {"attack": attack, "offence_advantage": omega}).sizes == {
        "regime": 3,
        "route": 2,
    }


@pytest.mark.parametrize(("attack", "defence", "expected"), [(0.0, 1.0, 0.0), (1.0, 0.0, 1.0), (0.0, 0.0, expit(0.7))])
def test_nothing_against_something_with_finite_gradients(attack, defence, expected):
    value, gradient = SLOPES(**(EVEN | {"attack": attack, "defence": defence}))
    assert value == pytest.approx(expected, abs=1e-15)
    assert all(np.isfinite(slope).all() for slope in gradient.values())
