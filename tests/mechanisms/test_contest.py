import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from blackball.errors import ModelError
from blackball.mechanisms import contest, evaluate

from .slopes import slopes


def led(attack, defence, months, scale, offence_advantage, decisiveness):
    return contest.win(attack, contest.lead(defence, months, scale), offence_advantage, decisiveness)


NAMES = ("attack", "defence", "months", "scale", "offence_advantage", "decisiveness")
SLOPES = slopes(led, **dict.fromkeys(NAMES, ()))
ROUTE_SLOPES = slopes(contest.any_route, win=("route",))
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


@settings(deadline=None)  # the first example compiles
@given(resources, resources, st.floats(-5, 5), st.floats(0, 5), st.floats(0, 5))
def test_each_argument_pulls_its_way(attack, defence, omega, theta, more):
    arguments = {"attack": attack, "defence": defence, "offence_advantage": omega, "decisiveness": theta}
    chance = win(**arguments)
    assert 0 <= chance <= 1
    assert win(**arguments | {"attack": attack + more}) >= chance * (1 - 1e-12)
    assert win(**arguments | {"defence": defence + more}) <= chance * (1 + 1e-12)
    assert win(**arguments | {"offence_advantage": omega + more}) >= chance * (1 - 1e-12)
    # Resources that decide more help whoever has more of them.
    stronger = 1 if attack >= defence else -1
    assert stronger * (win(**arguments | {"decisiveness": theta + more}) - chance) >= -1e-12


def by_any(win, dim="route"):
    return float(evaluate(contest.any_route, {"win": xr.DataArray(win, dims=dim)}))


def test_any_route_suffices():
    assert by_any([0.1, 0.4, 0.2]) == pytest.approx(1 - 0.9 * 0.6 * 0.8)
    assert by_any([0.3, 1.0]) == 1
    assert by_any([0.0, 0.0]) == 0
    assert by_any([0.3]) == pytest.approx(0.3)
    assert by_any([1e-18, 2e-18]) == pytest.approx(3e-18, rel=1e-12)


def test_another_dim_can_count_routes():
    assert float(contest.any_route(xr.DataArray([0.5, 0.5], dims="way"), dim="way").eval()) == pytest.approx(0.75)


def test_routes_agree_with_a_simulation_and_the_easiest_route_alone_does_not():
    rng, runs = np.random.default_rng(3), 200_000
    omega, theta, attack, defence = np.array([-2.0, -0.5, -1.0]), 1.3, 1.0, 1.5
    # The attacker wins a route if its advantage, in log odds, beats a logistic shock.
    shocks = rng.logistic(size=(runs, 3))
    share = (shocks < omega + theta * np.log(attack / defence)).any(axis=1).mean()
    by_route = evaluate(
        led,
        EVEN
        | {"attack": attack, "defence": defence, "decisiveness": theta}
        | {"offence_advantage": xr.DataArray(omega, dims="route")},
    ).to_numpy()
    allowed = 4 * np.sqrt(share * (1 - share) / runs)
    assert abs(by_any(by_route) - share) < allowed
    assert abs(by_route.max() - share) > allowed


@settings(deadline=None)  # the first example compiles
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(0, 2), st.floats(0, 1))
def test_more_by_any_route_is_more(win, route, more):
    chance, raised = by_any(win), list(win)
    raised[route] += (1 - win[route]) * more
    assert max(win) - 1e-12 <= chance <= by_any(raised) + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize("win", [[0.0, 0.0], [0.3, 1.0], [1.0, 1.0], [0.5, 0.2]])
def test_gradients_of_routes_are_what_the_others_leave(win):
    value, gradient = ROUTE_SLOPES(win=win)
    assert value == pytest.approx(1 - (1 - win[0]) * (1 - win[1]), abs=1e-15)
    np.testing.assert_allclose(gradient["win"], [1 - win[1], 1 - win[0]], atol=1e-15)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"attack": -1.0}, r"attack is -1: it must be at least 0"),
        ({"defence": -1.0}, r"defence is -1"),
        ({"decisiveness": -0.5}, r"decisiveness is -0\.5"),
        ({"months": -2.0}, r"months is -2"),
        ({"scale": 0.0}, r"scale is 0: it must be above 0"),
    ],
)
def test_numbers_outside_their_range_are_refused(change, message):
    with pytest.raises(ModelError, match=message):
        led(**EVEN | change)


def test_a_chance_outside_its_range_is_refused():
    with pytest.raises(ModelError, match=r"win is 1\.2: it must lie in \[0, 1\]"):
        contest.any_route(xr.DataArray([0.3, 1.2], dims="route"))


def test_routes_without_their_dim_and_odds_that_are_no_number_are_refused():
    with pytest.raises(ModelError, match="win has no dim 'route'; it has: none"):
        contest.any_route(0.3)
    with pytest.raises(ModelError, match="offence_advantage is nan: it must be finite"):
        contest.win(1.0, 1.0, np.nan, 1.0)
    with pytest.raises(ModelError, match="attack is inf: it must be at least 0 and finite"):
        contest.win(np.inf, 1.0, 0.0, 1.0)
