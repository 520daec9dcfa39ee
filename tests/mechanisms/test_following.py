import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, following, racing

from .slopes import slopes

SLOPES = slopes(following.follower_effect, gap=("rival",), tau=())

chances = st.floats(0, 1)


def follower(gap, tau=6.0):
    return float(evaluate(following.follower_effect, {"gap": gap, "tau": tau}))


def merge(believed, value_aligned, comes_close):
    arguments = {"believed": believed, "value_aligned": value_aligned, "comes_close": comes_close}
    return float(evaluate(following.merge_and_assist, arguments))


def spillover(conspicuous, imitated):
    return float(evaluate(following.race_to_the_top, {"conspicuous": conspicuous, "imitated": imitated}))


def test_a_follower_one_step_behind_still_presses_the_leader():
    assert follower(0.0) == 1.0
    assert follower(1.0) == pytest.approx(math.exp(-1 / 6))
    assert follower(6.0) == pytest.approx(math.exp(-1))
    assert follower(np.inf) == 0.0


def test_one_follower_is_the_rivalry_of_one_rival():
    gap = xr.DataArray([4.0], dims="rival")
    assert float(evaluate(racing.rivalry, {"gap": gap, "tau": 6.0})) == follower(4.0)


def test_every_link_of_a_remedy_is_needed():
    assert merge(1.0, 1.0, 1.0) == spillover(1.0, 1.0) == 1.0
    assert merge(0.0, 1.0, 1.0) == merge(1.0, 0.0, 1.0) == merge(1.0, 1.0, 0.0) == 0.0
    assert spillover(0.0, 1.0) == spillover(1.0, 0.0) == 0.0
    assert merge(0.5, 0.8, 0.3) == pytest.approx(0.12)
    assert spillover(0.5, 0.4) == pytest.approx(0.2)


@settings(deadline=None)  # the first example compiles
@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_followers_press_less_the_farther_behind_and_the_sooner_a_lead_reassures(gap, more, tau, longer):
    assert 0 <= follower(gap + more, tau) <= follower(gap, tau) <= 1
    assert follower(gap, tau) <= follower(gap, tau + longer)


@settings(deadline=None)  # the first example compiles
@given(chances, chances, chances, chances)
def test_remedies_are_chances_no_likelier_than_their_weakest_link(believed, value_aligned, comes_close, more):
    assert 0 <= merge(believed, value_aligned, comes_close) <= min(believed, value_aligned, comes_close)
    assert merge(min(believed, more), value_aligned, comes_close) <= merge(believed, value_aligned, comes_close)
    assert 0 <= spillover(believed, more) <= min(believed, more)


def test_gradients_are_finite_even_for_a_rival_that_does_not_exist():
    values, gradient = SLOPES(gap=[0.0, 5.0, np.inf], tau=6.0)
    np.testing.assert_allclose(values, [1.0, math.exp(-5 / 6), 0.0])
    np.testing.assert_allclose(gradient["gap"], [-1 / 6, -math.exp(-5 / 6) / 6, 0.0])
    np.testing.assert_allclose(gradient["tau"], math.exp(-5 / 6) * 5 / 36)


def test_numbers_outside_their_range_are_refused():
    with pytest.raises(ModelError, match=r"gap is -1: it must be at least 0"):
        following.follower_effect(-1.0, 6.0)
    with pytest.raises(ModelError, match=r"tau is 0: it must be above 0"):
        follower(1.0, tau=0.0)
    with pytest.raises(ModelError, match=r"comes_close is 1\.5: it must lie in \[0, 1\]"):
        merge(0.5, 0.5, 1.5)
    with pytest.raises(ModelError, match=r"imitated is nan: it must lie in \[0, 1\]"):
        following.race_to_the_top(0.5, math.nan)
