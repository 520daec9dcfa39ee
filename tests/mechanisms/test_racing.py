import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, racing

from .slopes import slopes


def raced(bad, draws, gap, tau, merge, spillover, beta, gamma):
    x = racing.pressure(racing.rivalry(gap, tau, merge, spillover))
    return racing.raced_misalignment(bad, x, beta) * racing.raced_draws(draws, x, gamma)


NAMES = ("bad", "draws", "tau", "merge", "spillover", "beta", "gamma")
SLOPES = slopes(raced, gap=("rival",), **dict.fromkeys(NAMES, ()))


def rivalry(gap, tau=6.0, merge=0.0, spillover=0.0):
    gaps = xr.DataArray(gap, dims="rival")
    rest = {"tau": tau, "merge": merge, "spillover": spillover}
    return float(evaluate(racing.rivalry, {"gap": gaps} | rest))


def test_level_rivals_count_fully_and_distant_ones_not_at_all():
    assert rivalry([0.0, 0.0]) == 2.0
    assert rivalry([0.0, np.inf]) == 1.0
    assert rivalry([6.0]) == pytest.approx(math.exp(-1))


def test_a_believed_clause_or_a_race_to_the_top_ends_the_race():
    assert rivalry([0.0, 3.0], merge=1.0) == 0.0
    assert rivalry([0.0, 3.0], spillover=1.0) == 0.0
    assert rivalry([0.0], merge=0.5, spillover=0.5) == 0.25


def test_pressure_saturates():
    x = evaluate(racing.pressure, {"rivalry": xr.DataArray([0.0, 1.0, 9.0], dims="n")})
    np.testing.assert_allclose(x, [0.0, 0.5, 0.9])


def test_racing_shifts_log_odds():
    p = evaluate(racing.raced_misalignment, {"bad": 0.05, "pressure": 0.5, "beta": 1.2})
    assert math.log(p / (1 - p)) == pytest.approx(math.log(0.05 / 0.95) + 0.6)
    assert float(evaluate(racing.raced_draws, {"draws": 4.0, "pressure": 0.5, "gamma": 1.0})) == pytest.approx(
        4 * math.exp(0.5)
    )


@settings(deadline=None)  # the first example compiles
@given(st.floats(0, 1), st.floats(0, 0.99), st.floats(0, 5))
def test_racing_never_lowers_misalignment(p, x, beta):
    raised = float(evaluate(racing.raced_misalignment, {"bad": p, "pressure": x, "beta": beta}))
    assert p * (1 - 1e-12) <= raised <= 1


@pytest.mark.parametrize("bad", [0.0, 0.05, 1.0])
def test_gradients_are_finite_and_certain_draws_stay_certain(bad):
    arguments = {"draws": 0.0, "gap": [0.0, 5.0], "tau": 6.0, "merge": 1.0, "spillover": 0.0, "beta": 1.0}
    _, gradient = SLOPES(bad=bad, gamma=1.0, **arguments)
    assert all(np.isfinite(slope).all() for slope in gradient.values())
    value, _ = SLOPES(bad=bad, gamma=0.0, **(arguments | {"draws": 1.0, "merge": 0.0}))
    assert (value == bad) == (bad in {0.0, 1.0})


def test_a_rival_that_does_not_exist_leaves_finite_gradients():
    rest = {"bad": 0.05, "draws": 2.0, "tau": 6.0, "merge": 0.2, "spillover": 0.1, "beta": 1.0, "gamma": 0.5}
    value, gradient = SLOPES(gap=[4.0, np.inf], **rest)
    alone, by_one = SLOPES(gap=[4.0], **rest)
    assert value == alone
    assert all(np.isfinite(slope).all() for slope in gradient.values())
    assert gradient["tau"] == pytest.approx(by_one["tau"])
    assert gradient["gap"][1] == 0.0


def test_enormous_pressure_on_draws_that_are_never_bad_stays_finite():
    arguments = {"draws": 1.0, "gap": [0.0], "tau": 6.0, "merge": 0.0, "spillover": 0.0, "beta": 2000.0, "gamma": 0.0}
    value, gradient = SLOPES(bad=0.0, **arguments)
    assert value == 0.0
    assert all(np.isfinite(slope).all() for slope in gradient.values())


def test_rivalry_counts_the_rivals_that_press_in_a_simulation():
    # A follower presses if a setback of the leader, of random length, would let it catch up.
    rng = np.random.default_rng(5)
    gap, tau, size = np.array([1.0, 4.0, 9.0]), 5.0, (200_000, 3)
    chances = {"believed": 0.7, "value_aligned": 0.5, "comes_close": 0.6}
    catches_up = rng.exponential(tau, size) > gap
    assists = np.all([rng.random(size) < chance for chance in chances.values()], axis=0)
    imitates = (rng.random(size) < 0.4) & (rng.random(size) < 0.5)
    pressing = (catches_up & ~assists & ~imitates).sum(axis=1)
    error = pressing.std() / math.sqrt(len(pressing))
    merge = float(evaluate(racing.merge_and_assist, chances))
    spillover = float(evaluate(racing.race_to_the_top, {"conspicuous": 0.4, "imitated": 0.5}))
    assert abs(rivalry(gap, tau, merge, spillover) - pressing.mean()) < 4 * error
    # A clause that is taken at its word, without asking whether anyone believes it, is caught.
    taken_at_its_word = chances["value_aligned"] * chances["comes_close"]
    assert abs(rivalry(gap, tau, taken_at_its_word, spillover) - pressing.mean()) > 4 * error


@settings(deadline=None)  # the first example compiles
@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 1), st.floats(0, 1))
def test_another_rival_never_lowers_pressure_and_remedies_never_raise_it(gap, other, merge, spillover):
    one, two = rivalry([gap, np.inf], 6.0, merge, spillover), rivalry([gap, other], 6.0, merge, spillover)
    assert 0 <= one <= two <= rivalry([gap, other]) <= 2
    x = evaluate(racing.pressure, {"rivalry": xr.DataArray([one, two], dims="n")})
    assert 0 <= x[0] <= x[1] < 1


@settings(deadline=None)  # the first example compiles
@given(st.floats(0, 1e4), st.floats(0, 0.99), st.floats(0, 5))
def test_racing_never_lowers_draws(n, x, gamma):
    assert float(evaluate(racing.raced_draws, {"draws": n, "pressure": x, "gamma": gamma})) >= n


def test_numbers_outside_their_range_are_refused():
    gaps = xr.DataArray([1.0, -2.0], dims="rival")
    with pytest.raises(ModelError, match=r"gap is -2: it must be at least 0"):
        racing.rivalry(gaps, 6.0)
    with pytest.raises(ModelError, match=r"merge is 1\.1: it must lie in \[0, 1\]"):
        rivalry([1.0], merge=1.1)
    with pytest.raises(ModelError, match=r"spillover is -0\.1"):
        rivalry([1.0], spillover=-0.1)
    with pytest.raises(ModelError, match=r"rivalry is -1: it must be at least 0"):
        racing.pressure(-1.0)
    with pytest.raises(ModelError, match=r"pressure is 2: it must lie in \[0, 1\]"):
        racing.raced_misalignment(0.5, 2.0, 1.0)
    with pytest.raises(ModelError, match=r"bad is 1\.5"):
        racing.raced_misalignment(1.5, 0.5, 1.0)
    with pytest.raises(ModelError, match=r"beta is -1: it must be at least 0"):
        racing.raced_misalignment(0.5, 0.5, -1.0)
    with pytest.raises(ModelError, match=r"draws is -1"):
        racing.raced_draws(-1.0, 0.5, 1.0)
    with pytest.raises(ModelError, match=r"gamma is -1: it must be at least 0"):
        racing.raced_draws(1.0, 0.5, -1.0)


def test_rivals_without_their_dim_and_endless_rivalry_are_refused():
    with pytest.raises(ModelError, match=r"gap \(times merge and spillover\) has no dim 'rival'; it has: none"):
        racing.rivalry(3.0, 6.0)
    with pytest.raises(ModelError, match="rivalry is inf: it must be at least 0 and finite"):
        racing.pressure(np.inf)
