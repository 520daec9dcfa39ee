from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackball.panel.rounding import Z95, digits, expert_grains, rounded


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def test_digits_are_counted_up_to_six():
    assert digits([0, 1, 0.5, 0.25, 0.003, 0.000001, 1 / 3]).tolist() == [0, 0, 1, 2, 3, 6, 7]


@pytest.mark.parametrize(
    ("values", "grain"),
    [
        ([0.5], 0.1),
        ([0.05], 0.01),
        ([0.125], 0.001),
        ([0.1, 0.2, 0.35], 0.01),
        ([0.1] * 9 + [0.123], 0.1),  # nine in ten
        ([0.1] * 8 + [0.123], 0.001),  # eight in nine
        ([0.0] * 50 + [0.002], 0.001),  # zeros say nothing
        ([0.0, 1.0], 0.01),
        ([1 / 3], 1e-6),
    ],
)
def test_grain_of_one_expert(values, grain):
    assert expert_grains(["ann"] * len(values), values)["ann"] == pytest.approx(grain, rel=1e-12)


def test_experts_have_grains_of_their_own():
    grains = expert_grains(["bob", "ann", "bob", "cyd"], [0.1, 0.01, 0.3, 1.0])
    assert grains.to_dict() == pytest.approx({"ann": 0.01, "bob": 0.1, "cyd": 0.01})


def test_a_number_stands_for_all_that_round_to_it():
    stands = rounded(0.3, 0.1)
    assert stands.low == pytest.approx(logit(0.25))
    assert stands.high == pytest.approx(logit(0.35))
    assert stands.median == pytest.approx(logit(0.3))
    assert stands.lower == pytest.approx((logit(0.3) - logit(0.255)) / Z95)
    assert stands.upper == pytest.approx((logit(0.345) - logit(0.3)) / Z95)


def test_zero_and_one_stand_for_what_rounds_to_them():
    zero, one = rounded(0.0, 0.01), rounded(1.0, 0.01)
    assert zero.low == -math.inf
    assert zero.high == pytest.approx(logit(0.005))
    assert zero.median == pytest.approx(logit(0.0025))
    assert zero.lower == pytest.approx((logit(0.0025) - logit(0.00025)) / Z95)
    assert zero.upper == pytest.approx((logit(0.00475) - logit(0.0025)) / Z95)
    assert [one.low, one.high, one.median] == pytest.approx([-zero.high, math.inf, -zero.median])
    assert [one.lower, one.upper] == pytest.approx([zero.upper, zero.lower])


def test_an_unrounded_number_stands_for_itself():
    stands = rounded([0.3, 0.7], 0.0)
    assert stands.low.tolist() == stands.median.tolist() == stands.high.tolist()
    assert stands.lower.tolist() == stands.upper.tolist() == [0.0, 0.0]


def test_an_unrounded_zero_is_infinitely_far():
    stands = rounded([0.0, 1.0], 0.0)
    assert stands.median.tolist() == stands.low.tolist() == [-math.inf, math.inf]
    assert stands.lower.tolist() == stands.upper.tolist() == [0.0, 0.0]


@given(st.integers(0, 1000), st.sampled_from([1.0, 0.1, 0.01, 0.001]))
def test_order_inside_the_interval_is_sane(thousandths, grain):
    stands = rounded(thousandths / 1000, grain)
    assert stands.low < stands.median < stands.high
    assert np.isfinite(stands.median)
    assert stands.lower > 0
    assert stands.upper > 0
