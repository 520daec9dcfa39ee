from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackball.pools import Distribution
from tests.pools.made import distributions

SHARES = st.floats(0.001, 0.999)
FLAT = Distribution(np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.0, 0.5, 0.5, 1.0]))


def at(predicted: Distribution, share: float) -> float:
    """Return the value that lies this share of the way from one end to the other."""
    return float(predicted.points[0] + share * (predicted.points[-1] - predicted.points[0]))


@given(distributions(), SHARES)
def test_a_value_is_the_quantile_at_the_probability_up_to_it(predicted, share):
    value = at(predicted, share)
    assert predicted.quantile(predicted.cdf(value)) == pytest.approx(value, abs=1e-9)


def test_the_level_of_a_point_gives_that_point_to_the_last_bit():
    """A realisation may equal a quantile, and then the last bit decides in which interval it fell."""
    tenths = [-2.0, -0.9, 0.1, 0.7, 3.9]
    levels = [0.05, 0.5, 0.95, 1.0]
    assert Distribution(np.array(tenths), np.array([0.0, *levels])).quantile(levels).tolist() == tenths[1:]


@given(distributions(flat=True), SHARES)
def test_the_probability_up_to_a_quantile_is_its_level(predicted, level):
    assert predicted.cdf(predicted.quantile(level)) == pytest.approx(level, abs=1e-9)


@given(distributions(flat=True), SHARES, SHARES)
def test_probabilities_never_fall(predicted, first, second):
    low, high = sorted((at(predicted, first), at(predicted, second)))
    assert predicted.cdf(low) <= predicted.cdf(high)


def test_where_several_values_have_a_level_the_quantile_is_the_lowest():
    assert FLAT.quantile(0.5) == 1
    assert FLAT.quantile([0.25, 0.75]).tolist() == [0.5, 3]


def test_nothing_lies_below_the_first_point_and_all_below_the_last():
    assert FLAT.cdf([-1, 0, 4, 5]).tolist() == [0, 0, 1, 1]


@given(distributions(flat=True))
def test_density_times_width_adds_up_to_one(predicted):
    middles, widths = (predicted.points[1:] + predicted.points[:-1]) / 2, np.diff(predicted.points)
    assert sum(predicted.density(x) * w for x, w in zip(middles, widths, strict=True)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("value", "density"), [(-0.1, 0), (0, 0.5), (0.5, 0.5), (1, 0.5), (1.5, 0), (2, 0), (3, 0.25), (4, 0.25), (4.1, 0)]
)
def test_at_a_point_the_density_is_that_below_it_and_at_the_lowest_that_above(value, density):
    assert FLAT.density(value) == density


@given(distributions(flat=True))
def test_the_mean_is_the_integral_of_what_lies_above(predicted):
    x = np.union1d(np.linspace(predicted.points[0], predicted.points[-1], 2001), predicted.points)
    above = np.trapezoid(1 - predicted.cdf(x), x)
    assert predicted.mean() == pytest.approx(predicted.points[0] + above)
