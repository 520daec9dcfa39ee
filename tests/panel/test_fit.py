from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackball.panel.fit import fit_quantiles, scores

PATTERNS = [
    (0.05, 0.5, 0.95),
    (0.25, 0.5, 0.75),
    (0.1, 0.4, 0.9),
    (0.05, 0.25, 0.5, 0.75, 0.95),
    (0.02, 0.1, 0.7, 0.8),
]


@given(st.sampled_from(PATTERNS), st.floats(-5, 5), st.floats(0.01, 5), st.floats(0.01, 5))
def test_a_split_normal_is_recovered(levels, location, lower, upper):
    z = scores(levels)
    fitted = fit_quantiles(levels, location + np.where(z < 0, lower, upper) * z)
    assert [fitted.location[0], fitted.lower[0], fitted.upper[0]] == pytest.approx([location, lower, upper], abs=1e-9)
    assert fitted.residual[0] == pytest.approx(0, abs=1e-9)


def test_three_quantiles_with_the_median_are_met_exactly():
    fitted = fit_quantiles([0.1, 0.5, 0.95], [[-3, 0, 1]])
    z = scores([0.1, 0.95])
    assert fitted.location[0] == pytest.approx(0, abs=1e-12)
    assert [fitted.lower[0], fitted.upper[0]] == pytest.approx([-3 / z[0], 1 / z[1]])
    assert fitted.residual[0] == pytest.approx(0, abs=1e-12)


def test_two_quantiles_get_one_width():
    fitted = fit_quantiles([0.25, 0.75], [[-1, 3]])
    width = 2 / scores([0.75])[0]
    assert [fitted.location[0], fitted.lower[0], fitted.upper[0]] == pytest.approx([1, width, width])


def test_a_median_alone_has_no_width():
    fitted = fit_quantiles([0.5], [[1.5], [2.5]])
    assert fitted.location.tolist() == [1.5, 2.5]
    assert np.isnan([fitted.lower, fitted.upper]).all()


def test_a_lone_quantile_off_the_median_is_refused():
    with pytest.raises(ValueError, match="median"):
        fit_quantiles([0.9], [[1.5]])


def test_misfit_is_reported():
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    z = scores(levels)
    stated = z + np.array([0, 0, 0, 0.3, 0])
    fitted = fit_quantiles(levels, stated)
    again = fitted.location + np.where(z < 0, fitted.lower, fitted.upper) * z
    assert fitted.residual[0] == pytest.approx(np.abs(again - stated).max())
    assert fitted.residual[0] > 0.05


def test_a_negative_side_falls_back_on_one_width():
    fitted = fit_quantiles([0.1, 0.3, 0.9], [[0, 10, 10.1]])
    assert fitted.lower[0] == fitted.upper[0]
    assert fitted.lower[0] > 0
    assert fitted.residual[0] > 0


def test_equal_quantiles_have_no_width():
    fitted = fit_quantiles([0.05, 0.5, 0.95], [[-4.6, -4.6, -4.6]])
    assert fitted.location[0] == pytest.approx(-4.6)
    assert [fitted.lower[0], fitted.upper[0]] == [0, 0]


@given(
    st.sampled_from([*PATTERNS, (0.6, 0.7, 0.9), (0.05, 0.1)]),
    st.lists(st.floats(-30, 30), min_size=5, max_size=5),
)
def test_widths_are_never_negative(levels, values):
    fitted = fit_quantiles(levels, sorted(values)[: len(levels)])
    assert fitted.lower[0] >= 0
    assert fitted.upper[0] >= 0
