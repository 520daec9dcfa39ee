"""Every rule, with the place that a breach is reported at.  Line 2 is the first judgement."""

from __future__ import annotations

import pytest

from blackball.errors import InputError
from blackball.panel import read_panel

BREACHES = {
    "expert": ("eve,doom,,,,point,,.1,s", 2, "expert", "eve", "valid names: ann, bob, cyd"),
    "expert nearly": ("anna,doom,,,,point,,.1,s", 2, "expert", "anna", "did you mean 'ann'"),
    "question": ("ann,gloom,,,,point,,.1,s", 2, "question", "gloom", "doom, cause, size, share, drift"),
    "round zero": ("ann,doom,,,0,point,,.1,s", 2, "round", "0", "positive integer"),
    "round text": ("ann,doom,,,1.5,point,,.1,s", 2, "round", "1.5", "positive integer"),
    "form": ("ann,doom,,,,pint,,.1,s", 2, "form", "pint", "quantile, point, interval, odds, chips, ratio"),
    "source": ("ann,doom,,,,point,,.1,", 2, "source", "", "names its source"),
    "level zero": ("ann,doom,,,,quantile,0,.1,s", 2, "level", "0", "(0, 1)"),
    "level one": ("ann,doom,,,,quantile,1,.1,s", 2, "level", "1", "(0, 1)"),
    "level percent": ("ann,doom,,,,quantile,50,.1,s", 2, "level", "50", "(0, 1)"),
    "level empty": ("ann,doom,,,,quantile,,.1,s", 2, "level", "", "(0, 1)"),
    "level of point": ("ann,doom,,,,point,.5,.1,s", 2, "level", ".5", "no level"),
    "level of odds": ("ann,doom,,,,odds,.5,1:9,s", 2, "level", ".5", "no level"),
    "value nan": ("ann,doom,,,,point,,nan,s", 2, "value", "nan", "[0, 1]"),
    "value inf": ("ann,drift,,,,point,,inf,s", 2, "value", "inf", "finite"),
    "value overflow": ("ann,drift,,,,point,,1e999,s", 2, "value", "1e999", "finite"),
    "value percent": ("ann,doom,,,,point,,10%,s", 2, "value", "10%", "[0, 1]"),
    "value percent sign": ("ann,doom,,,,point,,5%,s", 2, "value", "5%", "a number in [0, 1]: write 0.05 for 5%"),
    "level percent sign": ("ann,doom,,,,quantile,50 %,.1,s", 2, "level", "50 %", "in (0, 1): write 0.5 for 50 %"),
    "value above": ("ann,doom,,,,point,,1.01,s", 2, "value", "1.01", "[0, 1]"),
    "value positive": ("ann,size,,,,point,,0,s", 2, "value", "0", "above 0"),
    "value bounded": ("ann,share,,,,point,,9.9,s", 2, "value", "9.9", "lower and upper"),
    "odds zero for": ("ann,doom,,,,odds,,0:9,s", 2, "value", "0:9", "for:against"),
    "odds zero against": ("ann,doom,,,,odds,,9:0,s", 2, "value", "9:0", "for:against"),
    "odds text": ("ann,doom,,,,odds,,1/9,s", 2, "value", "1/9", "1:19"),
    "odds of a number": ("ann,size,,,,odds,,1:9,s", 2, "form", "odds", "probability"),
    "interval part": ("ann,doom,,,,interval,hi,.1,s", 2, "level", "hi", "best, low, high, confidence"),
    "chips bin": ("ann,drift,,,,chips,3:1,4,s", 2, "level", "3:1", "low:high"),
    "chips text": ("ann,drift,,,,chips,3,4,s", 2, "level", "3", "low:high"),
    "chips outside": ("ann,doom,,,,chips,.5:1.5,4,s", 2, "level", ".5:1.5", "support"),
    "chips negative": ("ann,drift,,,,chips,1:2,-4,s", 2, "value", "-4", "not below 0"),
    "chips none": ("ann,drift,,,,chips,1:2,0,s", 2, "value", "0", "at least one"),
    "chips overlap": ("ann,drift,,,,chips,1:3,1,s\nann,drift,,,,chips,2:4,1,s", 3, "level", "2:4", "overlap"),
    "ratio zero": ("ann,doom,pause,quo,,ratio,,0,s", 2, "value", "0", "above 0"),
    "ratio of real": ("ann,drift,pause,quo,,ratio,,2,s", 2, "form", "ratio", "positive quantity"),
    "ratio nowhere": ("ann,doom,,quo,,ratio,,2,s", 2, "regime", "", "names the regime"),
    "ratio to nothing": ("ann,doom,pause,,,ratio,,2,s", 2, "given", "", "reference"),
    "ratio to itself": ("ann,doom,quo,quo,,ratio,,2,s", 2, "given", "quo", "reference to itself"),
    "ratio level": ("ann,doom,pause,quo,,ratio,2,2,s", 2, "level", "2", "(0, 1)"),
    "ratio half levelled": (
        "ann,doom,pause,quo,,ratio,,2,s\nann,doom,pause,quo,,ratio,.9,3,s", 2, "level", "", "with levels"
    ),
    "given nothing": ("ann,doom,,cuase,,point,,.1,s", 2, "given", "cuase", "did you mean 'cause'"),
    "given no nothing": ("ann,doom,,not why,,point,,.1,s", 2, "given", "not why", "after `not `"),
    "given itself": ("ann,doom,,not doom,,point,,.1,s", 2, "given", "not doom", "not given itself"),
    "crossing": ("ann,size,,,,quantile,.9,1,s\nann,size,,,,quantile,.5,2,s", 2, "value", "1", "cross"),
    "crossing probability": (
        "ann,doom,,,,quantile,.5,.3,s\nann,doom,,,,quantile,.9,.2,s", 3, "value", ".2", "cross"
    ),
    "no width": ("ann,size,,,,quantile,.1,2,s\nann,size,,,,quantile,.5,2,s", 3, "value", "2", "no width"),
    "lone quantile": ("ann,doom,,,,quantile,.9,.2,s", 2, "level", ".9", "median"),
    "duplicate": (
        "ann,doom,,,,quantile,.5,.1,s\nann,doom,,,1,quantile,.50,.2,s", 3, "level", ".50", "duplicate"
    ),
    "duplicate point": ("ann,doom,,,,point,,.1,s\nann,doom,,,,point,,.1,s", 3, "level", "", "duplicate"),
    "two forms": ("ann,doom,,,,quantile,.5,.1,s\nann,doom,,,,point,,.2,s", 3, "form", "point", "one form"),
    "interval parts": (
        "ann,doom,,,,interval,best,.1,s\nann,doom,,,,interval,low,.05,s", 2, "level", "best", "confidence"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BREACHES)
def test_a_breach_is_located_and_explained(write, case):
    rows, row, column, value, words = BREACHES[case]
    folder = write(rows + "\n")
    with pytest.raises(InputError) as caught:
        read_panel(folder)
    [problem] = caught.value.problems
    assert problem.file == str(folder / "judgements.csv")
    assert (problem.row, problem.column, problem.value) == (row, column, value)
    assert words in problem.rule


INTERVAL = "ann,size,,,,interval,low,{},s\nann,size,,,,interval,best,{},s\nann,size,,,,interval,high,{},s\n"


@pytest.mark.parametrize(("values", "row", "value"), [((3, 2, 4), 3, "2"), ((1, 5, 4), 4, "4"), ((2, 2, 4), 3, "2")])
def test_an_interval_in_disorder_is_located(write, located, values, row, value):
    rows = INTERVAL.format(*values) + "ann,size,,,,interval,confidence,.8,s\n"
    assert located(write(rows)) == [("judgements.csv", row, "value", value)]


@pytest.mark.parametrize("confidence", ["0", "1", "80"])
def test_a_confidence_is_inside_zero_and_one(write, located, confidence):
    rows = INTERVAL.format(1, 2, 3) + f"ann,size,,,,interval,confidence,{confidence},s\n"
    assert located(write(rows)) == [("judgements.csv", 5, "value", confidence)]


def test_every_problem_of_a_row_is_reported(write, located):
    assert located(write("eve,doom,,,x,point,,2,\n")) == [
        ("judgements.csv", 2, "expert", "eve"),
        ("judgements.csv", 2, "round", "x"),
        ("judgements.csv", 2, "value", "2"),
        ("judgements.csv", 2, "source", ""),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "ann,doom,,,,point,,0,s",
        "ann,doom,,,,point,,1,s",
        "ann,share,,,,point,,10,s",
        "ann,doom,,cause,,odds,,1:19,s",
        "ann,doom,,not cause,,point,,.2,s",
        "ann,doom,pause,quo,,ratio,,.6,s\nann,doom,pause,,,point,,.1,s",
        "ann,doom,,,1,point,,.1,s\nann,doom,,,2,quantile,.5,.1,s",
        "ann,doom,,,,quantile,.25,0,s\nann,doom,,,,quantile,.5,0,s\nann,doom,,,,quantile,.75,.01,s",
        "ann,size,,,,chips,0:1,2,s\nann,size,,,,chips,1:4,3,s",
    ],
)
def test_what_is_legal_is_read(panel, rows):
    assert len(panel(rows + "\n").judgements) == rows.count("\n") + 1
