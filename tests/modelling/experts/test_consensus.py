"""The consensus density against SciPy, with and without censoring."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
from pytensor.xtensor import as_xtensor
from scipy import stats

from blackball.modelling.experts.consensus import FEATURES, consensus_logp, consensus_random, noise, t4_cdf

ROW = {"counts": 1.0, "width": 0.8, "widen": 1.0, "point": 0.0, "censored": 0.0, "low": -1.0, "high": 1.0}


def row(**changed: float) -> list[float]:
    return [{**ROW, **changed}[name] for name in FEATURES]


def logp(location: float, centre: float, scale: float, answer: list[float]) -> float:
    values = [pt.constant(np.array([x], dtype=float)) for x in (location, centre, scale, answer)]
    return float(consensus_logp(*values).eval()[0])


def scale(answer: list[float], point: float = 0.7) -> float:
    table = as_xtensor(np.array([[answer]]), dims=("judged", "expert", "feature"))
    value = {"width": as_xtensor(0.6), "extra_width": as_xtensor(0.5)}
    return float(noise(table, value, as_xtensor(point)).values.eval().item())


def test_t4_cdf_is_students() -> None:
    z = np.linspace(-40, 40, 161)
    assert np.allclose(t4_cdf(pt.constant(z)).eval(), stats.t.cdf(z, 4), rtol=1e-9, atol=1e-15)


def test_a_stated_width_enters_in_quadrature() -> None:
    assert scale(row()) == pytest.approx(np.hypot(0.6 * 0.8, 0.5))
    assert scale(row(widen=2.0)) == pytest.approx(2 * np.hypot(0.6 * 0.8, 0.5))


def test_a_bare_point_takes_the_learned_width() -> None:
    assert scale(row(point=1.0)) == pytest.approx(np.hypot(0.6 * 0.8 * 0.7, 0.5))


def test_a_location_has_students_density() -> None:
    found = logp(0.4, -0.3, 1.1, row())
    assert found == pytest.approx(stats.t.logpdf(0.4, 4, loc=-0.3, scale=1.1), rel=1e-12)


def test_an_exact_zero_is_all_below_half_a_grain() -> None:
    found = logp(-3.0, -1.0, 1.1, row(censored=1.0, low=-1e6, high=-2.0))
    assert found == pytest.approx(stats.t.logcdf(-2.0, 4, loc=-1.0, scale=1.1), rel=1e-9)


def test_who_did_not_answer_says_nothing() -> None:
    assert logp(0.0, 5.0, 1.0, row(counts=0.0)) == 0.0


def test_draws_have_the_density() -> None:
    rng = np.random.default_rng(3)
    many = np.full(4000, 0.3), np.full(4000, 1.1), np.tile(row(), (4000, 1))
    draws = consensus_random(*many, rng)
    assert stats.kstest(draws, stats.t(4, loc=0.3, scale=1.1).cdf).pvalue > 1e-3
    assert stats.kstest(draws, stats.t(4, loc=0.3, scale=2.2).cdf).pvalue < 1e-3
