import math
from functools import partial

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from pytensor.xtensor.type import xtensor

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, precipice, urn

from .slopes import slopes

CASE = ("case",)
DIMS = {"teams": CASE, "mu": CASE, "enmity": CASE}
PRIVATE = partial(precipice.risk, "private")
PUBLIC = partial(precipice.risk, "public")
EVERY = [(structure, information) for structure in precipice.STRUCTURES for information in precipice.INFORMATION]
EVERY.remove(("all_deploy", "public"))
SLOPES = {which: slopes(partial(precipice.deployed, *which), **DIMS) for which in EVERY}

ORACLES = {
    (2, 1, 1): (0.500, 0.667, 0.667),
    (2, 4, 1): (0.000, 0.083, 0.229),
    (5, 2, 0.5): (0.200, 0.444, 0.452),
    (5, 1, 1): (0.800, 0.833, 0.833),
    (2, 0.5, 0.5): (0.500, 0.778, 0.667),
}
RACES = [*ORACLES, (3, 1, 0.2)]

teams = st.floats(1, 100)
weights = st.floats(-7, 7).map(math.exp)
enmities = st.floats(0, 1)


def unsafe(structure, information, n, mu, e):
    n, mu, e = np.broadcast_arrays(n, mu, e)
    values, _ = SLOPES[structure, information](teams=n.ravel(), mu=mu.ravel(), enmity=e.ravel())
    return values.reshape(n.shape)


winner = partial(unsafe, "winner_only")
everyone = partial(unsafe, "all_deploy")


# The game itself, played on a grid of safeties without any of its equilibria.

CHOICE = np.linspace(0, 1, 1001)


def play_without_information(n, mu, e):
    """Let one team answer the safety of all others, who move towards its answer, until it is their own."""
    capability = mu * (np.arange(2000) + 0.5) / 2000
    advantage = np.linspace(-1, 1, 801)
    wins = [np.mean(np.clip((capability + a) / mu, 0, 1) ** (n - 1)) for a in advantage]
    safety = 0.5
    for _ in range(300):
        win = np.interp(safety - CHOICE, advantage, wins)
        answer = CHOICE[np.argmax(win * CHOICE + (1 - win) * (1 - e) * safety)]
        safety += 0.1 * (answer - safety)
    return safety


def play_with_private_information(n, mu, e):
    """Let each capability answer rivals whose safety is linear in theirs, who move towards those answers.

    Returns the slope they settle on, and for ten capabilities their safety, their best answer, and what it gains.
    """
    share = np.linspace(0, 1, 2001)
    best_of_rivals = np.diff(share ** (n - 1))
    capability = np.linspace(0.1, 1, 10) * mu
    slope = 0.5
    for _ in range(80):
        of_rivals = np.minimum(1, slope * share * mu)
        safe_rival = np.append(0, np.cumsum(best_of_rivals * (of_rivals[1:] + of_rivals[:-1]) / 2))

        def payoff(safety, of_rivals=of_rivals, safe_rival=safe_rival):
            beaten = np.interp(capability[:, None] - safety, share * mu - of_rivals, share)
            return beaten ** (n - 1) * safety + (1 - e) * (safe_rival[-1] - np.interp(beaten, share, safe_rival))

        payoffs = payoff(CHOICE)
        answer = CHOICE[np.argmax(payoffs, axis=1)]
        safety = np.minimum(1, slope * capability)
        gain = payoffs.max(1) - payoff(safety[:, None])[:, 0]
        free = answer < 1
        slope += 0.5 * ((answer * capability)[free].sum() / (capability[free] ** 2).sum() - slope)
    return slope, safety, answer, gain


def leaders_safety(leads, e, step=5e-4):
    """Let the second team undercut and the leader catch up again, in turn, until undercutting does not pay."""
    leader = np.ones_like(leads)
    while True:
        second = leader - leads - step  # the safest that wins: a draw goes to the leader
        undercuts = second > (1 - e) * leader
        if not undercuts.any():
            return leader
        catches_up = np.minimum(1, second + leads)
        assert (catches_up >= (1 - e) * second)[undercuts].all()
        leader = np.where(undercuts, catches_up, leader)


def capabilities(n, mu, races=100_000):
    return np.sort(np.random.default_rng(11).uniform(0, mu, size=(races, n)), axis=1)


@pytest.fixture(scope="module")
def settled():
    """What the game with private information settles on, by race."""
    return {race: play_with_private_information(*race) for race in RACES}


@pytest.mark.parametrize("race", ORACLES)
def test_winners_risks_are_the_known_ones(race):
    risks = [float(winner(information, *race)) for information in precipice.INFORMATION]
    np.testing.assert_allclose(risks, ORACLES[race], atol=5e-4)


@pytest.mark.parametrize("race", RACES)
def test_best_responses_without_information_agree(race):
    n = race[0]
    safety = play_without_information(*race)
    assert winner("none", *race) == pytest.approx(1 - safety, abs=0.01)
    assert everyone("none", *race) == pytest.approx(1 - safety**n, abs=0.01)


@pytest.mark.parametrize("race", RACES)
def test_best_responses_with_private_information_agree(race, settled):
    slope, safety, answer, gain = settled[race]
    # Nobody gains by another safety, whatever its shape.
    assert abs(gain).max() < 1e-4
    np.testing.assert_allclose(answer, safety, atol=0.01)
    drawn = np.minimum(1, slope * capabilities(*race[:2]))
    assert winner("private", *race) == pytest.approx(1 - drawn[:, -1].mean(), abs=0.01)
    assert everyone("private", *race) == pytest.approx(1 - drawn.prod(axis=1).mean(), abs=0.01)


@pytest.mark.parametrize("race", RACES)
def test_the_race_down_with_public_information_agrees(race):
    n, mu, e = race
    drawn = capabilities(n, mu, races=10_000)
    safety = leaders_safety(drawn[:, -1] - drawn[:, -2], e)
    assert winner("public", *race) == pytest.approx(1 - safety.mean(), abs=0.01)


@pytest.mark.parametrize("race", [(2, 1, 1), (2, 0.5, 0.5), (3, 1, 0.2)])
def test_the_winners_risk_put_into_the_urn_counts_teams_twice(race, settled):
    n = race[0]
    safety = np.minimum(1, settled[race][0] * capabilities(*race[:2]))
    fails = np.random.default_rng(12).random(safety.shape) > safety
    risk = float(winner("private", *race))
    doubled = float(evaluate(urn.any_bad_independent, {"bad": risk, "draws": n}))
    for seen in (fails[:, -1], fails.any(axis=1)):
        error = seen.std() / math.sqrt(len(seen))
        assert abs(doubled - seen.mean()) > 0.01 + 4 * error
    assert fails[:, -1].mean() == pytest.approx(risk, abs=0.01)


@settings(deadline=None)
@given(teams, weights, enmities)
def test_risks_are_chances_and_all_are_no_safer_than_one(n, mu, e):
    without, private, public = (winner(information, n, mu, e) for information in precipice.INFORMATION)
    # What teams know never helps, but public information may be better or worse than private.
    assert 0 <= without <= min(private, public) + 1e-12
    assert max(private, public) <= 1 + 1e-12
    for information, one in (("none", without), ("private", private)):
        assert one - 1e-12 <= everyone(information, n, mu, e) <= 1


def test_public_information_is_sometimes_better_and_sometimes_worse_than_private():
    assert winner("public", 2, 0.5, 0.5) < winner("private", 2, 0.5, 0.5) - 0.1
    assert winner("public", 2, 4, 1) > winner("private", 2, 4, 1) + 0.1


@pytest.mark.parametrize("which", EVERY)
@settings(deadline=None)
@given(n=teams, mu=weights, other_mu=weights, e=enmities, other_e=enmities)
def test_enmity_raises_and_capability_lowers_the_risk(which, n, mu, other_mu, e, other_e):
    (low, high), (abler_low, abler_high) = unsafe(*which, n, np.sort([[mu], [other_mu]], 0), np.sort([e, other_e]))
    assert abler_low <= low + 1e-12
    assert low <= high + 1e-12
    assert abler_low <= abler_high + 1e-12
    assert abler_high <= high + 1e-12


@pytest.mark.parametrize("which", [which for which in EVERY if which != ("winner_only", "private")])
@settings(deadline=None)
@given(n=teams, other_n=teams, mu=weights, e=enmities)
def test_more_teams_raise_the_risk(which, n, other_n, mu, e):
    fewer, more = unsafe(*which, np.sort([n, other_n]), mu, e)
    assert fewer <= more + 1e-12


@settings(deadline=None)
@given(n=st.floats(2, 100), more=st.floats(0, 100), mu=enmities.filter(bool), spare=enmities)
def test_more_teams_raise_the_private_risk_where_enmity_is_not_small(n, more, mu, spare):
    e = 1 / (1 + n**2) + spare * (1 - 1 / (1 + n**2))  # and mu <= 1 <= K
    fewer, many = winner("private", np.array([n, n + more]), mu, e)
    assert fewer <= many + 1e-12


def test_more_teams_may_lower_the_private_risk():
    assert winner("private", 3, 1, 0.05) < winner("private", 2, 1, 0.05) - 0.04
    assert winner("private", 3, 50, 1) < winner("private", 2, 50, 1) / 2


@pytest.mark.parametrize("which", EVERY)
def test_one_team_or_no_enmity_is_no_race_and_the_risk_is_continuous_in_teams(which):
    mu = np.geomspace(1e-3, 1e3, 13)
    np.testing.assert_array_equal(unsafe(*which, 1, mu, 0.7), 0.0)
    np.testing.assert_array_equal(unsafe(*which, 3, mu, 0.0), 0.0)
    for n in (1, 2):
        np.testing.assert_allclose(unsafe(*which, n + 1e-9, mu, 0.7), unsafe(*which, n, mu, 0.7), atol=1e-7)


def test_only_private_information_jumps_where_enmity_ends():
    n, mu, e = 3.0, np.array([0.5, 1.0, 4.0]), 1e-9
    np.testing.assert_allclose(winner("none", n, mu, e), 0.0, atol=1e-8)
    np.testing.assert_allclose(winner("public", n, mu, e), n * e / (2 * mu), rtol=1e-6)
    np.testing.assert_allclose(winner("private", n, mu, e), [1 - 3 * 0.5 / 4, 1 - 3 / 4, 4.0**-3 / 4], atol=1e-8)


@pytest.mark.parametrize("which", EVERY)
def test_gradients_are_finite_everywhere(which):
    kinks = [(n, mu, e) for n in (1, 1.5, 2, 5, 100) for e in (0, 1e-14, 0.25, 1) for mu in (e, n * e, 1 + e * (n - 1))]
    edges = [(n, mu, e) for n in (1, 2, 50) for e in (0, 0.3, 1) for mu in (1e-90, 1e-3, 1, 1e3, 1e90)]
    n, mu, e = np.array([race for race in kinks + edges if race[1] > 0], dtype=float).T
    values, gradient = SLOPES[which](teams=n, mu=mu, enmity=e)
    assert ((values >= 0) & (values <= 1 + 1e-12)).all()
    assert all(np.isfinite(slope).all() for slope in gradient.values())


@pytest.mark.parametrize("which", EVERY)
def test_gradients_are_those_of_the_values(which):
    rng = np.random.default_rng(13)
    race = {"teams": rng.uniform(1, 20, 300), "mu": np.exp(rng.normal(size=300)), "enmity": rng.uniform(0.01, 1, 300)}
    _, gradient = SLOPES[which](**race)
    for name, slope in gradient.items():
        h = 1e-6
        above, below = (SLOPES[which](**race | {name: race[name] + side})[0] for side in (h, -h))
        np.testing.assert_allclose(slope, (above - below) / (2 * h), rtol=1e-5, atol=1e-7)


def test_public_risk_is_accurate_where_its_formula_is_not():
    n, x = (grid.ravel() for grid in np.meshgrid([2.0, 2.5, 7.0, 40.0], np.geomspace(1e-12, 1, 60)))
    nodes, of = np.polynomial.legendre.leggauss(60)
    exact = [np.sum(of / 2 * -np.expm1(k * np.log1p(-share * (nodes + 1) / 2))) for k, share in zip(n, x, strict=True)]
    np.testing.assert_allclose(winner("public", n, 1.0, x), exact, rtol=1e-9)


def test_names_choose_one_structure_and_one_information():
    race = {"teams": 3.0, "mu": 0.7, "enmity": 0.6}
    named = {
        "none": precipice.risk_without_information,
        "private": precipice.risk_with_private_information,
        "public": precipice.risk_with_public_information,
    }
    assert set(named) == set(precipice.INFORMATION)
    assert precipice.STRUCTURES == ("winner_only", "all_deploy")
    for information, function in named.items():
        assert evaluate(function, race) == winner(information, 3.0, 0.7, 0.6)
    assert evaluate(partial(precipice.all_deploy, "private"), race) == everyone("private", 3.0, 0.7, 0.6)


def test_dims_broadcast():
    race = {
        "teams": xr.DataArray([2.0, 5.0], dims="regime"),
        "mu": 1.0,
        "enmity": xr.DataArray([0.5, 1.0], dims="draw"),
    }
    assert evaluate(PUBLIC, race).dims == ("regime", "draw")


def test_unknown_names_are_refused_with_those_that_exist():
    with pytest.raises(ModelError, match=r"information is 'secret': it must be one of none, private, public"):
        precipice.risk("secret", 2, 1, 1)
    with pytest.raises(ModelError, match=r"structure is 'some': it must be one of winner_only, all_deploy"):
        precipice.deployed("some", "none", 2, 1, 1)
    with pytest.raises(ModelError, match=r"information is 'secret': for all_deploy it must be one of none, private"):
        precipice.all_deploy("secret", 2, 1, 1)
    with pytest.raises(ModelError, match=r"teams that know they have lost have no best safety"):
        precipice.deployed("all_deploy", "public", 2, 1, 1)


@pytest.mark.parametrize("information", precipice.INFORMATION)
def test_numbers_outside_their_range_are_refused(information):
    with pytest.raises(ModelError, match=r"teams is 0\.5: it must be at least 1"):
        precipice.risk(information, 0.5, 1, 1)
    with pytest.raises(ModelError, match=r"mu is 0: it must be at least 1e-06"):
        precipice.risk(information, 2, 0, 1)
    with pytest.raises(ModelError, match=r"enmity is 1\.2: it must lie in \[0, 1\]"):
        precipice.risk(information, 2, xtensor("mu", dims=(), dtype="float64"), 1.2)
    with pytest.raises(ModelError, match=r"enmity is -1"):
        evaluate(PRIVATE, {"teams": 2.0, "mu": 1.0, "enmity": -1.0})


def test_endless_teams_and_mu_without_a_gradient_are_refused():
    with pytest.raises(ModelError, match="teams is inf: it must be at least 1 and finite"):
        precipice.risk_without_information(np.inf, 1.0, 0.5)
    with pytest.raises(ModelError, match="mu is 1e-300: it must be at least 1e-06 and finite"):
        precipice.risk_without_information(3.0, 1e-300, 0.5)
