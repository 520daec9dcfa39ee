import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from blackball.errors import ModelError
from blackball.mechanisms import evaluate
from blackball.mechanisms.thief import best_adaptivity, effort, thief_draws, thief_misalignment

from .slopes import slopes

PROJECTS = ("project",)
EFFORT_SLOPES = slopes(effort, hazard=PROJECTS, adaptivity=(), present=PROJECTS)
DRAWS_SLOPES = slopes(thief_draws, pace=(), years=(), lag=())
MISALIGNMENT_SLOPES = slopes(thief_misalignment, bad=(), excess=())
hazards = st.lists(st.floats(0, 20), min_size=3, max_size=3)
masks = st.lists(st.sampled_from([0.0, 0.25, 1.0]), min_size=3, max_size=3)


def shares(hazard, adaptivity, present=(1.0, 1.0, 1.0)):
    hazard, present = xr.DataArray(hazard, dims="project"), xr.DataArray(list(present), dims="project")
    return evaluate(effort, {"hazard": hazard, "adaptivity": adaptivity, "present": present}).to_numpy()


def best(dilution):
    return float(evaluate(best_adaptivity, {"dilution": dilution}))


def misalignment(bad, excess):
    return float(evaluate(thief_misalignment, {"bad": bad, "excess": excess}))


def draws(pace, years, lag):
    return float(evaluate(thief_draws, {"pace": pace, "years": years, "lag": lag}))


def test_no_adaptivity_splits_evenly_and_endless_adaptivity_takes_the_weakest():
    np.testing.assert_allclose(shares([0.1, 0.5, 1.3], 0.0), 1 / 3)
    np.testing.assert_allclose(shares([0.1, 0.5, 1.3], 1.0), np.array([0.1, 0.5, 1.3]) / 1.9)
    np.testing.assert_array_equal(shares([0.1, 0.5, 1.3], np.inf), [0, 0, 1])
    np.testing.assert_allclose(shares([1.0, np.inf, 1.3], 2.0), [0, 1, 0], atol=1e-30)


@pytest.mark.parametrize("adaptivity", [0.0, 1.0, 1000.0])
def test_a_project_that_does_not_exist_gets_no_effort(adaptivity):
    of_two = shares([0.1, 0.5, 100.0], adaptivity, [1, 1, 0])
    assert of_two[2] == 0
    only_two = xr.DataArray([0.1, 0.5], dims="project")
    np.testing.assert_allclose(of_two[:2], evaluate(effort, {"hazard": only_two, "adaptivity": adaptivity}))
    np.testing.assert_array_equal(shares([0.1, 0.5, 1.3], adaptivity, [0, 0, 0]), 0)


@settings(deadline=None)  # the first example compiles
@given(hazards, st.floats(0, 1000), masks)
def test_effort_is_a_share(hazard, adaptivity, present):
    share = shares(hazard, adaptivity, present)
    assert share.sum() == pytest.approx(float(any(present)))
    assert (share >= 0).all()
    assert (share[np.array(present) == 0] == 0).all()


def test_the_best_adaptivity_rises_to_the_weakest_link_alone():
    assert best(0.0) == 1
    assert best(0.5) == 2
    assert best(0.75) == 4
    assert best(1.0) == best(3.0) == 1e6
    np.testing.assert_allclose(shares([0.1, 1.2999, 1.3], best(1.0)), [0, 0, 1], atol=1e-30)


def test_a_thief_draws_after_a_lag_and_not_before():
    assert draws(2.0, 5.0, 1.5) == 7
    assert draws(2.0, 1.5, 1.5) == 0
    assert draws(2.0, 1.0, 1.5) == 0


def test_excess_adds_to_the_log_odds():
    assert misalignment(0.05, 1.2) == pytest.approx(expit(logit(0.05) + 1.2), rel=1e-14)
    assert misalignment(0.05, 0.0) == 0.05
    assert misalignment(0.0, 700.0) == 0
    assert misalignment(1.0, 0.0) == 1


@settings(deadline=None)  # the first example compiles
@given(st.floats(0, 1), st.floats(0, 50), st.floats(0, 50))
def test_a_thief_is_never_safer_than_whom_it_stole_from(bad, excess, more):
    once = misalignment(bad, excess)
    assert bad * (1 - 1e-12) <= once <= misalignment(bad, excess + more) * (1 + 1e-12) <= 1 + 1e-12


@settings(deadline=None)  # the first example compiles
@given(st.floats(0, 10), st.floats(0, 80), st.floats(0, 80), st.floats(0, 10))
def test_draws_rise_with_time_and_pace_and_fall_with_the_lag(pace, years, lag, more):
    now = draws(pace, years, lag)
    assert 0 <= draws(pace, years, lag + more) <= now
    assert now <= draws(pace, years + more, lag)
    assert now <= draws(pace + more, years, lag)


@pytest.mark.parametrize("present", [[0, 0, 0], [1, 0, 0], [1, 0.5, 1]])
@pytest.mark.parametrize("adaptivity", [0.0, 2.0, 1e6, np.inf])
@pytest.mark.parametrize("hazard", [[0.0, 0.0, 0.0], [0.0, 0.4, 2.0], [1.0, 1.0, np.inf]])
def test_gradients_of_effort_are_finite(hazard, adaptivity, present):
    value, gradient = EFFORT_SLOPES(hazard=hazard, adaptivity=adaptivity, present=present)
    assert ((value >= 0) & (value <= 1)).all()
    assert all(np.isfinite(slope).all() for slope in gradient.values())


@pytest.mark.parametrize(("years", "slope"), [(1.0, 0.0), (2.0, None), (3.0, 2.0)])
def test_gradients_of_draws_are_finite_also_at_the_end_of_the_lag(years, slope):
    _, gradient = DRAWS_SLOPES(pace=2.0, years=years, lag=2.0)
    assert all(np.isfinite(each).all() for each in gradient.values())
    assert slope is None or gradient["years"] == -gradient["lag"] == slope


@pytest.mark.parametrize("bad", [0.0, 0.05, 1.0])
@pytest.mark.parametrize("excess", [0.0, 1.0, 800.0])
def test_gradients_of_misalignment_are_finite(bad, excess):
    value, gradient = MISALIGNMENT_SLOPES(bad=bad, excess=excess)
    assert (value == bad) or (0 < bad < 1 and excess > 0)
    assert all(np.isfinite(slope).all() for slope in gradient.values())


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (effort, (-0.1, 1.0), r"hazard is -0\.1: it must be at least 0"),
        (effort, (0.1, -1.0), r"adaptivity is -1: it must be at least 0"),
        (effort, (0.1, 1.0, "project", 1.5), r"present is 1\.5: it must lie in \[0, 1\]"),
        (best_adaptivity, (-0.5,), r"dilution is -0\.5: it must be at least 0"),
        (thief_draws, (-1.0, 1.0, 1.0), r"pace is -1"),
        (thief_draws, (1.0, -1.0, 1.0), r"years is -1"),
        (thief_draws, (1.0, 1.0, -1.0), r"lag is -1"),
        (thief_misalignment, (1.2, 1.0), r"bad is 1\.2"),
        (thief_misalignment, (0.2, -1.0), r"excess is -1"),
    ],
)
def test_numbers_outside_their_range_are_refused(function, arguments, message):
    with pytest.raises(ModelError, match=message):
        function(*arguments)
