"""The consensus density against SciPy, with and without censoring."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
from scipy import stats

from blackball.modelling.consensus import consensus_logp, consensus_random, t4_cdf


def logp(location: float, centre: float, row: list[float], skill: float = 1.2, width: float = 0.7) -> float:
    values = [pt.constant(np.array(x, dtype=float)) for x in ([location], [centre], [row], skill, width)]
    return float(consensus_logp(*values).eval()[0])


def test_t4_cdf_is_students() -> None:
    z = np.linspace(-40, 40, 161)
    assert np.allclose(t4_cdf(pt.constant(z)).eval(), stats.t.cdf(z, 4), rtol=1e-9, atol=1e-15)


def test_a_stated_width_enters_in_quadrature() -> None:
    scale = 1.2 * np.hypot(0.8, 0.5)
    found = logp(0.4, -0.3, [1, 0.8, 0.5, 0, 0, -1, 1])
    assert found == pytest.approx(stats.t.logpdf(0.4, 4, loc=-0.3, scale=scale), rel=1e-12)


def test_a_bare_point_takes_the_learned_width() -> None:
    scale = 1.2 * np.hypot(0.8 * 0.7, 0.5)
    found = logp(0.4, -0.3, [1, 0.8, 0.5, 1, 0, -1, 1])
    assert found == pytest.approx(stats.t.logpdf(0.4, 4, loc=-0.3, scale=scale), rel=1e-12)


def test_an_exact_zero_is_all_below_half_a_grain() -> None:
    scale = 1.2 * np.hypot(0.8, 0.5)
    found = logp(-3.0, -1.0, [1, 0.8, 0.5, 0, 1, -1e6, -2.0])
    assert found == pytest.approx(stats.t.logcdf(-2.0, 4, loc=-1.0, scale=scale), rel=1e-9)


def test_who_did_not_answer_says_nothing() -> None:
    assert logp(0.0, 5.0, [0, 1, 0.5, 0, 0, -1, 1]) == 0.0


def test_draws_have_the_density() -> None:
    table = np.array([1, 0.8, 0.5, 0, 0, -1, 1])
    rng = np.random.default_rng(3)
    draws = consensus_random(np.full(4000, 0.3), np.tile(table, (4000, 1)), np.array(1.2), np.array(0.7), rng)
    assert stats.kstest(draws, stats.t(4, loc=0.3, scale=1.2 * np.hypot(0.8, 0.5)).cdf).pvalue > 1e-3
