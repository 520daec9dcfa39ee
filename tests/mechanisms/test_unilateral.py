import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc, log_ndtr, ndtr
from scipy.stats import norm

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, unilateral

from .slopes import slopes

NAMES = ("value", "threshold", "error", "actors", "shared")
SLOPES = slopes(unilateral.someone_acts, **dict.fromkeys(NAMES, ()))
POOLED_SLOPES = slopes(unilateral.pooled_acts, **dict.fromkeys(NAMES, ()))


def of_five(value, threshold, error, shared):
    return unilateral.majority_acts(value, threshold, error, 5, shared)


def of_101(value, threshold, error, shared):
    return unilateral.majority_acts(value, threshold, error, 101, shared)


def alone(value, threshold, error, actors):
    return unilateral.someone_acts(value, threshold, error, actors)


FIVE_SLOPES = slopes(of_five, **dict.fromkeys(("value", "threshold", "error", "shared"), ()))


def acts(value=-1.0, threshold=0.0, error=1.0, actors=5.0, shared=0.0):
    arguments = dict(zip(NAMES, (value, threshold, error, actors, shared), strict=True))
    return float(evaluate(unilateral.someone_acts, arguments))


def densely(short, exceeds, shared):
    """Average over what actors share, on a grid fine beside the steepest step."""
    z = np.linspace(-9, 9, 20_001)
    return np.trapezoid(exceeds((short - np.sqrt(shared) * z) / np.sqrt(1 - shared)) * norm.pdf(z), z)


def simulated(value, threshold, error, actors, shared, runs, rng):
    """Estimates of each actor in each run: a fault that all share and one of its own."""
    common = np.sqrt(shared) * rng.standard_normal((runs, 1))
    own = np.sqrt(1 - shared) * rng.standard_normal((runs, actors))
    return value + error * (common + own) > threshold, value + error * (common + own)


def test_the_curse_grows_with_the_number_of_actors():
    actors = xr.DataArray(np.arange(1.0, 11.0), dims="n")
    by_number = evaluate(alone, {"value": -2.0, "threshold": 0.0, "error": 2.0, "actors": actors})
    np.testing.assert_allclose(by_number, 1 - ndtr(1.0) ** actors, rtol=1e-12)
    np.testing.assert_allclose(by_number, 1 - 0.8413447**actors, atol=1e-6)
    assert float(by_number[0]) == pytest.approx(0.1587, abs=1e-4)
    of_r = {"value": -2.0, "threshold": 0.0, "error": 2.0, "actors": actors, "shared": 0.0}
    np.testing.assert_allclose(evaluate(unilateral.someone_acts, of_r), by_number, atol=1e-8)


@pytest.mark.parametrize("actors", [0.5, 1.0, 7.0, 1e4])
@pytest.mark.parametrize("short", [-1.5, 0.0, 1.0, 3.0])
def test_actors_who_err_together_are_one_actor(actors, short):
    assert acts(value=-short, actors=actors, shared=1.0) == pytest.approx(ndtr(-short), abs=1e-8)


@pytest.mark.parametrize("shared", [1e-4, 0.1, 0.3, 0.6, 0.699, 0.7, 0.9, 0.99, 0.9999])
@pytest.mark.parametrize("actors", [0.1, 0.5, 1.0, 3.0, 30.0, 3000.0])
def test_within_a_hundred_millionth_of_a_dense_integral(shared, actors):
    for short in (-3.0, -0.5, 0.0, 1.0, 2.5, 5.0):
        exact = densely(short, lambda level: -np.expm1(actors * log_ndtr(level)), shared)
        assert abs(acts(value=-short, actors=actors, shared=shared) - exact) < 1e-8


@pytest.mark.parametrize("shared", [0.01, 0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(("mechanism", "actors"), [(of_five, 5), (of_101, 101)])
def test_a_majority_is_within_a_hundred_millionth_of_a_dense_integral(mechanism, actors, shared):
    half = (actors + 1) / 2
    for short in (-1.0, 0.0, 0.4, 2.0):
        got = float(evaluate(mechanism, {"value": -short, "threshold": 0.0, "error": 1.0, "shared": shared}))
        assert abs(got - densely(short, lambda level: betainc(half, half, ndtr(-level)), shared)) < 1e-8


@pytest.mark.parametrize("shared", [0.0, 0.4, 0.85, 1.0])
def test_actors_one_by_one_agree_and_ignoring_what_they_share_is_caught(shared):
    rng, runs = np.random.default_rng(11), 100_000
    yes, estimates = simulated(-0.7, 0.2, 1.3, 5, shared, runs, rng)
    arguments = {"value": -0.7, "threshold": 0.2, "error": 1.3, "shared": shared}
    everyone = {**arguments, "actors": 5.0}
    for happened, mechanism, given_arguments in [
        (yes.any(axis=1), unilateral.someone_acts, everyone),
        (yes.sum(axis=1) > 2.5, of_five, arguments),
        (np.median(estimates, axis=1) > 0.2, of_five, arguments),
        (estimates.mean(axis=1) > 0.2, unilateral.pooled_acts, everyone),
    ]:
        share = happened.mean()
        allowed = 4 * np.sqrt(share * (1 - share) / runs)
        assert abs(float(evaluate(mechanism, given_arguments)) - share) < allowed
        independent = float(evaluate(mechanism, {**given_arguments, "shared": 0.0}))
        assert (abs(independent - share) > allowed) == (shared > 0)


def test_remedies_beat_the_curse_and_pooling_is_the_average():
    short = 1.0
    everyone = {"value": -1.0, "threshold": 0.0, "error": 1.0, "actors": 5.0, "shared": 0.0}
    majority = float(unilateral.majority_acts(-1.0, 0.0, 1.0, 5).eval())
    pooled = float(evaluate(unilateral.pooled_acts, everyone))
    assert majority == pytest.approx(betainc(3, 3, ndtr(-short)), rel=1e-12)
    assert pooled == pytest.approx(ndtr(-short * np.sqrt(5)), rel=1e-12)
    assert pooled < majority < ndtr(-short) < acts()
    assert float(unilateral.majority_acts(-1.0, 0.0, 1.0, 1).eval()) == pytest.approx(ndtr(-short))


unit = st.floats(0, 1)
level = st.floats(-5, 5)


@settings(deadline=None)  # the first example compiles
@given(level, level, st.floats(0.05, 20), st.floats(0, 1000), unit, st.floats(0, 3))
def test_more_actors_more_value_or_a_lower_threshold_make_the_act_likelier(value, threshold, error, actors, r, more):
    chance = acts(value, threshold, error, actors, r)
    assert -1e-15 <= chance <= 1 + 1e-15
    assert acts(value, threshold, error, actors + more, r) >= chance - 1e-8
    assert acts(value + more, threshold, error, actors, r) >= chance - 1e-8
    assert acts(value, threshold + more, error, actors, r) <= chance + 1e-8


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.7, 0.9, 1.0])
@pytest.mark.parametrize("actors", [0.0, 0.05, 1.0, 1e4])
@pytest.mark.parametrize(("value", "error"), [(-1.0, 1.0), (0.0, 1e-3), (1e9, 1.0), (-1e9, 1e-300)])
def test_gradients_are_finite(value, error, actors, shared):
    chance, gradient = SLOPES(value=value, threshold=0.0, error=error, actors=actors, shared=shared)
    assert 0 <= chance <= 1
    assert actors > 0 or chance == 0
    assert all(np.isfinite(slope).all() for slope in gradient.values())
    rest = {"value": value, "threshold": 0.0, "error": error, "shared": shared}
    for remedy, gradient in (FIVE_SLOPES(**rest), POOLED_SLOPES(**rest, actors=max(actors, 1.0))):
        assert 0 <= remedy <= 1 + 1e-15
        assert all(np.isfinite(slope).all() for slope in gradient.values())


@pytest.mark.parametrize("shared", [0.0, 0.3, 0.69, 0.71, 0.95])
def test_gradients_agree_with_differences(shared):
    at = {"value": -0.4, "threshold": 0.3, "error": 1.2, "actors": 4.0, "shared": shared}
    _, gradient = SLOPES(**at)
    for name in NAMES[:4]:
        up, down = (acts(**at | {name: at[name] + step}) for step in (1e-5, -1e-5))
        assert gradient[name] == pytest.approx((up - down) / 2e-5, abs=1e-6)
    # One-sided at r = 0, where the second differences make up for the missing side.
    ahead = [acts(**at | {"shared": shared + k * 1e-5}) for k in range(3)]
    assert gradient["shared"] == pytest.approx((4 * ahead[1] - ahead[2] - 3 * ahead[0]) / 2e-5, abs=2e-5)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (unilateral.someone_acts, (0.0, 0.0, 0.0, 1.0), r"error is 0: it must be above 0"),
        (unilateral.someone_acts, (0.0, 0.0, 1.0, -1.0), r"actors is -1: it must be at least 0"),
        (unilateral.someone_acts, (0.0, 0.0, 1.0, 1.0, 1.1), r"shared is 1\.1: it must lie in \[0, 1\]"),
        (unilateral.majority_acts, (0.0, 0.0, 1.0, 4), r"actors is 4: for a majority it must be an odd whole number"),
        (unilateral.majority_acts, (0.0, 0.0, 1.0, -3), r"actors is -3"),
        (unilateral.majority_acts, (0.0, 0.0, 1.0, 2.5), r"actors is 2\.5"),
        (unilateral.majority_acts, (0.0, 0.0, -1.0, 3), r"error is -1"),
        (unilateral.majority_acts, (0.0, 0.0, 1.0, 3, -0.1), r"shared is -0\.1"),
        (unilateral.pooled_acts, (0.0, 0.0, 1.0, 0.5), r"actors is 0\.5: it must be at least 1"),
        (unilateral.expected_value, (lambda value: value, 0.0, 0.0), r"sd is 0: it must be above 0"),
    ],
)
def test_numbers_outside_their_range_are_refused(function, arguments, message):
    with pytest.raises(ModelError, match=message):
        function(*arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.nan, 0.0, 1.0, 3.0), "value is nan: it must be finite"),
        ((-np.inf, 0.0, 1.0, 3.0), "value is -inf: it must be finite"),
        ((0.0, np.inf, 1.0, 3.0), "threshold is inf: it must be finite"),
        ((0.0, 0.0, np.inf, 3.0), "error is inf: it must be above 0 and finite"),
    ],
)
def test_numbers_that_are_not_finite_are_refused(arguments, message):
    with pytest.raises(ModelError, match=message):
        unilateral.someone_acts(*arguments)


def test_a_majority_is_of_any_odd_whole_number():
    of_numpy = unilateral.majority_acts(0.5, 0.0, 1.0, np.int64(3)).eval()
    assert float(of_numpy) == float(unilateral.majority_acts(0.5, 0.0, 1.0, 3).eval())
    for wrong in (True, np.int64(4), 3.0):
        with pytest.raises(ModelError, match=f"actors is {wrong}: "):
            unilateral.majority_acts(0.5, 0.0, 1.0, wrong)
