import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, research

from .slopes import slopes

probabilities = st.floats(0, 1)
DRAWN = xr.DataArray(np.arange(4.0), dims="draw_number")
CASE = ("case",)
IMPROVED = slopes(research.improved, **dict.fromkeys(("bad", "gain", "share", "drawn"), CASE))
SCALED = ("bad", "research", "scale", "compute_ratio", "long_horizon")
SCALED_SLOPES = slopes(research.scaled_misalignment, **dict.fromkeys(SCALED, CASE))


def improved(bad, gain, share, drawn=DRAWN):
    return evaluate(research.improved, {"bad": bad, "gain": gain, "share": share, "drawn": drawn}).to_numpy()


def scaled(bad, effort=0.0, scale=0.0, compute_ratio=1.0, long_horizon=0.0):
    values = (bad, effort, scale, compute_ratio, long_horizon)
    return float(evaluate(research.scaled_misalignment, dict(zip(SCALED, values, strict=True))))


def logit(p):
    return np.log(p) - np.log1p(-p)


def test_each_aligned_draw_takes_the_same_log_odds_away():
    p = improved(0.3, 1.5, 0.4)
    assert p[0] == pytest.approx(0.3)
    np.testing.assert_allclose(logit(p), logit(0.3) - 0.6 * np.arange(4))


@pytest.mark.parametrize("edge", [0.0, 1.0])
@pytest.mark.parametrize("gain", [0.0, 2.0, 1e6, math.inf])
def test_certain_draws_stay_certain(edge, gain):
    assert improved(edge, gain, 1.0).tolist() == [edge] * 4


def test_an_infinite_gain_leaves_only_the_first_draw_risky():
    np.testing.assert_allclose(improved(0.3, math.inf, 0.5), [0.3, 0, 0, 0], atol=1e-65)
    np.testing.assert_allclose(improved(0.3, math.inf, 0.0), 0.3)


@settings(deadline=None)  # the first example compiles
@given(probabilities, st.floats(0, 1e300), probabilities)
def test_aligned_draws_never_make_the_next_one_worse(bad, gain, share):
    p = improved(bad, gain, share)
    assert (np.diff(p) <= 1e-15 * p[:-1]).all()
    assert ((p >= 0) & (p <= bad * (1 + 1e-15))).all()


def test_a_chance_near_one_keeps_the_digits_of_its_complement():
    rest = 2.0**-50
    arguments = {"bad": 1 - rest, "gain": 2.0, "share": 1.0, "drawn": 3.0}
    good = evaluate(lambda **known: research.improved_with_complement(**known)[1], arguments)
    assert float(good) == pytest.approx(rest / (math.exp(-6) * (1 - rest) + rest), rel=1e-14, abs=0)


def test_terms_of_misalignment_add_up_in_log_odds():
    p = scaled(0.1, 0.7, 0.4, 1e3, 0.25)
    assert logit(p) == pytest.approx(logit(0.1) - 0.7 + 0.4 * 3 + 0.25)
    assert scaled(0.1) == pytest.approx(0.1)
    assert scaled(0.1, scale=0.5, compute_ratio=0.01) < 0.1 < scaled(0.1, scale=-0.5, compute_ratio=0.01)


def test_displaced_effort_does_no_research():
    displaced = xr.DataArray([0.0, 0.25, 1.0], dims="case")
    done = evaluate(research.research_left, {"effort": 2.0, "displaced": displaced})
    np.testing.assert_allclose(done, [2.0, 1.5, 0.0])


@settings(deadline=None)  # the first example compiles
@given(probabilities, st.floats(0, 1e300), st.floats(-1e100, 1e100), st.floats(1e-30, 1e30))
def test_misalignment_is_a_probability_everywhere(bad, effort, scale, compute_ratio):
    assert 0 <= scaled(bad, effort, scale, compute_ratio) <= 1


def test_gradients_are_those_of_log_odds_and_finite_at_the_edges():
    p, gain, share, drawn = np.array([(0.3, 1.5, 0.4, 2.0), (0.9, 0.2, 1.0, 5.0)]).T
    values, gradient = IMPROVED(bad=p, gain=gain, share=share, drawn=drawn)
    slope = values * (1 - values)
    np.testing.assert_allclose(gradient["bad"], slope / (p * (1 - p)))
    np.testing.assert_allclose(gradient["gain"], -slope * share * drawn)
    np.testing.assert_allclose(gradient["share"], -slope * gain * drawn)
    np.testing.assert_allclose(gradient["drawn"], -slope * gain * share)
    edges = np.array([(p, g, u, k) for p in (0.0, 1.0) for g in (0, 1e5) for u in (0, 1) for k in (0, 64)]).T
    _, gradient = IMPROVED(**dict(zip(("bad", "gain", "share", "drawn"), edges, strict=True)))
    assert all(np.isfinite(slope).all() for slope in gradient.values())


def test_gradients_of_scale_are_those_of_log_odds_and_finite_at_the_edges():
    cases = np.array([(0.2, 0.5, 0.4, 100.0, 0.1), (0.0, 0.0, 0.0, 1.0, 0.0), (1.0, 1e4, 1e4, 1e-6, 0.0)]).T
    values, gradient = SCALED_SLOPES(**dict(zip(SCALED, cases, strict=True)))
    assert all(np.isfinite(slope).all() for slope in gradient.values())
    slope = values[0] * (1 - values[0])
    exact = [slope / 0.16, -slope, 2 * slope, 0.4 * slope / (100 * math.log(10)), slope]
    np.testing.assert_allclose([gradient[name][0] for name in SCALED], exact)
    assert values[1:].tolist() == [0.0, 1.0]


IMPROVED_WRONG = [
    ({"bad": 1.2}, r"bad is 1\.2: it must lie in \[0, 1\]"),
    ({"gain": -0.1}, r"gain is -0\.1: it must be at least 0"),
    ({"share": 2}, r"share is 2: it must lie in \[0, 1\]"),
    ({"drawn": -1}, r"drawn is -1: it must be at least 0"),
]


@pytest.mark.parametrize(("wrong", "told"), IMPROVED_WRONG)
def test_an_impossible_improvement_is_refused(wrong, told):
    known = {"bad": 0.1, "gain": 1.0, "share": 0.5, "drawn": 2.0} | wrong
    with pytest.raises(ModelError, match=told):
        research.improved(**known)
    with pytest.raises(ModelError, match=told):
        evaluate(research.improved, known)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"bad": -0.1}, r"bad is -0\.1"),
        ({"research": -1.0}, r"research is -1: it must be at least 0"),
        ({"compute_ratio": 0.0}, r"compute_ratio is 0: it must be at least 1e-30"),
    ],
)
def test_an_impossible_scale_is_refused(wrong, told):
    known = {"bad": 0.1, "research": 1.0, "scale": 0.5, "compute_ratio": 2.0} | wrong
    with pytest.raises(ModelError, match=told):
        research.scaled_misalignment(**known)


def test_impossible_research_is_refused():
    with pytest.raises(ModelError, match=r"effort is -1: it must be at least 0"):
        research.research_left(-1.0, 0.5)
    with pytest.raises(ModelError, match=r"displaced is 1\.5: it must lie in \[0, 1\]"):
        research.research_left(1.0, 1.5)


@pytest.mark.parametrize("name", ["scale", "long_horizon"])
def test_log_odds_that_are_no_number_are_refused(name):
    arguments = {"bad": 0.1, "research": 0.0, "scale": 0.5, "compute_ratio": 10.0, "long_horizon": 0.0}
    with pytest.raises(ModelError, match=f"{name} is nan: it must be finite"):
        research.scaled_misalignment(**(arguments | {name: math.nan}))
