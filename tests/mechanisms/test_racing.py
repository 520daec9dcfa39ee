import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

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
