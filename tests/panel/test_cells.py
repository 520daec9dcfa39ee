from __future__ import annotations

import math

import pytest

from blackball.panel.cells import answer_cells
from blackball.panel.judged import judged_things, with_judged
from blackball.panel.rounding import Z95


def logit(p: float) -> float:
    return math.log(p / (1 - p))


@pytest.fixture
def answers(panel):
    """Answers in the order of what they judge."""

    def reduce(rows: str):
        read = panel(rows)
        judged = with_judged(read.judgements, read.questions)
        things = judged_things(judged, read.questions)
        judged = judged.join(things[["support", "lower_bound", "upper_bound"]], on="judged")
        keys = judged.groupby(["judged", "expert"]).ngroup()
        return answer_cells(judged.assign(cell=keys))

    return reduce


def quantile_rows(question: str, levels, values, expert: str = "ann") -> str:
    pairs = zip(levels, values, strict=True)
    return "".join(f"{expert},{question},,,,quantile,{level},{value},s\n" for level, value in pairs)


def test_three_quantiles_by_hand(answers):
    [cell] = answers(quantile_rows("size", (0.05, 0.5, 0.95), (1, 4, 8))).itertuples()
    assert cell.location == pytest.approx(math.log(4))
    assert cell.lower == pytest.approx(math.log(4) / Z95)
    assert cell.upper == pytest.approx(math.log(2) / Z95)
    assert (cell.rounding_lower, cell.rounding_upper, cell.count) == (0, 0, 3)
    assert cell.low == cell.high == cell.location


def test_a_point_has_no_width_but_a_grain(answers):
    [cell] = answers("ann,doom,,,,point,,0.03,s\n").itertuples()
    assert cell.location == pytest.approx(logit(0.03))
    assert math.isnan(cell.lower)
    assert [cell.low, cell.high] == pytest.approx([logit(0.025), logit(0.035)])
    assert cell.rounding_lower == pytest.approx((logit(0.03) - logit(0.0255)) / Z95)


def test_exact_zero_is_half_a_grain_or_less(answers):
    zero, other = answers("ann,doom,,,,point,,0,s\nann,cause,,,,point,,0.3,s\n").itertuples()
    assert zero.location == pytest.approx(logit(0.025))  # the grain of .3 is .1
    assert zero.low == -math.inf
    assert zero.high == pytest.approx(logit(0.05))
    assert other.location == pytest.approx(logit(0.3))


def test_zero_beside_small_quantiles_keeps_below_them(answers):
    coarse = "".join(f"ann,cause,{regime},,,point,,0.1,s\n" for regime in "abcdefghijklmnopqrstuvwxyzABCD")
    rows = quantile_rows("doom", (0.25, 0.5, 0.75), (0.0, 0.0001, 0.000657))
    cell = answers(coarse + rows).iloc[0]
    # The expert's grain is .1, but this answer tells millionths apart, so zero is at most half of one.
    assert cell["location"] == pytest.approx(logit(0.0001))
    quarter = (logit(0.0001) - logit(1e-6 / 4)) / 0.6744897501960817
    assert cell["lower"] == pytest.approx(quarter)
    assert 0 < cell["low"] - logit(0.00009) < cell["high"] - cell["low"] + 1
    assert cell["residual"] == pytest.approx(0, abs=1e-9)


def test_a_value_finer_than_the_grain_never_reaches_zero(answers):
    cells = answers("ann,doom,,,,point,,0.00000002,s\nbob,doom,,,,point,,0.002,s\n")
    assert cells["low"].tolist() == pytest.approx([logit(1e-8), logit(0.0015)])


def test_two_equal_quantiles_of_zero(answers):
    [cell] = answers(quantile_rows("doom", (0.25, 0.5, 0.75), (0, 0, 0.01))).itertuples()
    assert cell.location == pytest.approx(logit(0.0025))
    assert cell.lower == 0
    assert cell.upper == pytest.approx((logit(0.01) - logit(0.0025)) / 0.6744897501960817)
    assert cell.rounding_lower > 0


def test_levels_without_the_median(answers):
    [cell] = answers(quantile_rows("doom", (0.1, 0.9), (0.1, 0.9))).itertuples()
    assert cell.location == pytest.approx(0, abs=1e-12)
    assert [cell.low, cell.high] == pytest.approx([logit(0.45), logit(0.55)])


def test_a_location_far_outside_the_stated_levels_is_finite(answers):
    [cell] = answers(quantile_rows("share", (0.01, 0.02), (10.001, 29.999))).itertuples()
    assert cell.location > 40
    assert cell.low == cell.high == cell.location
    [cell] = answers(quantile_rows("doom", (0.01, 0.02), (0.01, 0.99))).itertuples()
    assert cell.location < cell.high == math.inf
    assert math.isfinite(cell.low)


def test_ends_of_a_bounded_question_are_finite(answers):
    low, middle, high = answers(
        "ann,share,,,,point,,10,s\nbob,share,,,,point,,25,s\ncyd,share,,,,point,,30,s\n"
    ).itertuples()
    assert low.location == pytest.approx(logit(0.0025))
    assert (low.low, high.high) == (-math.inf, math.inf)
    assert high.location == pytest.approx(-low.location)
    assert middle.location == pytest.approx(math.log(3))
    assert middle.low == middle.high == middle.location


def test_odds_and_chips_are_not_rounded(answers):
    chips = "bob,doom,,,,chips,0:.1,1,s\nbob,doom,,,,chips,.1:.2,1,s\nbob,doom,,,,chips,.2:1,2,s\n"
    cells = answers("ann,doom,,,,odds,,1:19,s\n" + chips)
    assert cells["rounding_lower"].tolist() == [0, 0]
    assert cells["low"].tolist() == cells["location"].tolist()
    assert cells["count"].tolist() == [1, 3]


def test_one_illustrative_row_makes_the_answer_illustrative(answers):
    rows = "ann,size,,,,quantile,.1,1,s\nann,size,,,,quantile,.9,2,ILLUSTRATIVE\nbob,size,,,,point,,2,s\n"
    assert answers(rows)["illustrative"].tolist() == [True, False]
