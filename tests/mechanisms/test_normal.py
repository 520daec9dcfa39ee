import numpy as np
import pytest
from pytensor.xtensor.type import as_xtensor
from scipy.special import log_ndtr, ndtr

from blackball.mechanisms import evaluate
from blackball.mechanisms.normal import average, inverse_mills, log_upper_tail, nodes, upper_tail

from .slopes import slopes

SCORES = np.array([-40.0, -8.0, -1.0, -1e-9, 0.0, 0.3, 5.0, 30.0])
LOG_SLOPES = slopes(log_upper_tail, score=("i",))
MILLS_SLOPES = slopes(inverse_mills, score=("i",))


def test_tails_are_exact_where_they_are_tiny():
    logs, gradient = LOG_SLOPES(score=SCORES)
    np.testing.assert_allclose(logs, log_ndtr(-SCORES), rtol=1e-12)
    np.testing.assert_allclose(gradient["score"], -np.exp(-(SCORES**2) / 2 - logs) / np.sqrt(2 * np.pi), rtol=1e-11)
    np.testing.assert_allclose([float(evaluate(upper_tail, {"score": x})) for x in SCORES], ndtr(-SCORES), rtol=1e-12)


def test_the_inverse_mills_ratio_is_the_slope_of_the_log_of_phi():
    ratio, gradient = MILLS_SLOPES(score=SCORES)
    np.testing.assert_allclose(ratio, np.exp(-(SCORES**2) / 2 - log_ndtr(SCORES)) / np.sqrt(2 * np.pi), rtol=1e-11)
    np.testing.assert_allclose(gradient["score"], -ratio * (SCORES + ratio), atol=1e-9)


@pytest.mark.parametrize("score", [-1e6, 1e6])
def test_far_tails_have_finite_gradients(score):
    for far in (LOG_SLOPES, MILLS_SLOPES):
        value, gradient = far(score=[score])
        assert np.isfinite(value).all()
        assert np.isfinite(gradient["score"]).all()


def test_averages_are_those_of_a_standard_normal_variable():
    for values, expected in [(nodes() ** 2, 1.0), (np.cos(nodes()), np.exp(-0.5)), (ndtr(2 * nodes() - 1), 0.3273604)]:
        got = average(as_xtensor(values, dims=("i",)), "i").eval()
        assert float(got) == pytest.approx(expected, abs=1e-6)
