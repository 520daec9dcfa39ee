from __future__ import annotations

import math

import numpy as np
import pytest

from blackball.pools import answers_of
from tests.conftest import quantiles

SIZE = {"question": "size", "support": "positive"}
DRIFT = {"question": "drift", "support": "real", "realisation": 2.0}
DOOM = {"question": "doom", "support": "probability"}


def at_levels(expert: str, question: str, stated: dict[float, float], **more: object) -> list[dict[str, object]]:
    return [
        {"expert": expert, "question": question, "form": "quantile", "level": level, "value": value, **more}
        for level, value in stated.items()
    ]


def point(expert: str, question: str, value: float, **more: object) -> dict[str, object]:
    return {"expert": expert, "question": question, "form": "point", "value": value, **more}


def test_answers_are_laid_out_in_the_order_of_the_panel(make_panel):
    said = quantiles("bob", "drift", (1, 2, 3)) + quantiles("ann", "doom", (0.1, 0.2, 0.3))
    answers = answers_of(make_panel(said, [DOOM, DRIFT], ["cyd", "bob", "ann"]))
    assert (answers.panel, answers.questions, answers.experts) == ("made", ("doom", "drift"), ("cyd", "bob", "ann"))
    assert answers.levels.tolist() == [0.05, 0.5, 0.95]
    assert answers.values[0, 2].tolist() == [0.1, 0.2, 0.3]
    assert answers.values[1, 1].tolist() == [1, 2, 3]
    assert answers.answered.tolist() == [[False, False, True], [False, True, False]]
    assert np.isnan(answers.values[~answers.answered]).all()
    assert answers.seeds.tolist() == [1]
    assert answers.realisations[1] == 2
    assert (answers.whole == answers.answered).all()
    assert answers.faults == ()


def test_there_is_one_group_of_curves_a_question(make_panel):
    answers = answers_of(make_panel(quantiles("ann", "drift", (1, 2, 3)), [DRIFT], ["ann", "bob"]))
    [curves] = answers.curves
    assert curves.points.tolist() == pytest.approx([0.8, 1, 2, 3, 3.2])
    assert curves.heights[0] == pytest.approx([0, 0.05, 0.5, 0.95, 1])
    assert curves.answered.tolist() == [True, False]


def test_positive_questions_are_pooled_in_logs_unless_they_say_otherwise(make_panel):
    said = quantiles("ann", "size", (1, 10, 100)) + quantiles("ann", "other", (1, 10, 100))
    asked = [{**SIZE, "realisation": 20}, {**SIZE, "question": "other", "scale": "uniform", "realisation": 20}]
    answers = answers_of(make_panel(said, asked, ["ann"]))
    assert answers.log.tolist() == [True, False]
    assert answers.values[:, 0] == pytest.approx(np.array([np.log([1, 10, 100]), [1, 10, 100]]))
    assert answers.realisations == pytest.approx([math.log(20), 20])
    assert answers.low == pytest.approx([-0.1 * math.log(100), 1 - 9.9])
    assert answers.high == pytest.approx([1.1 * math.log(100), 100 + 9.9])


def test_a_ratio_is_pooled_in_logs(make_panel):
    rows = [
        {"expert": "ann", "question": "doom", "regime": "pause", "given": "quo", "form": "ratio", "level": level}
        for level in (0.05, 0.5, 0.95)
    ]
    said = [{**row, "value": value} for row, value in zip(rows, (0.25, 0.5, 2), strict=True)]
    answers = answers_of(make_panel(said, [DOOM], ["ann"]))
    assert answers.questions == ("doom | pause / quo",)
    assert answers.log.tolist() == [True]
    assert answers.values[0, 0] == pytest.approx(np.log([0.25, 0.5, 2]))


def test_the_range_reaches_a_tenth_beyond_all_answers_and_the_realisation(make_panel):
    said = quantiles("ann", "drift", (1, 2, 3)) + quantiles("bob", "drift", (2, 5, 6))
    far = answers_of(make_panel(said, [{**DRIFT, "realisation": 11}], ["ann", "bob"], "far"))
    near = answers_of(make_panel(said, [DRIFT], ["ann", "bob"], "near"))
    assert (far.low[0], far.high[0]) == pytest.approx((0, 12))
    assert (near.low[0], near.high[0]) == pytest.approx((0.5, 6.5))


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [
        ({"support": "probability"}, 0, 1),
        ({"support": "bounded", "lower": 0, "upper": 1.5}, 0, 1.088),
        ({"support": "real"}, -0.088, 1.088),
    ],
)
def test_the_range_does_not_leave_a_closed_support(make_panel, asked, low, high):
    panel = make_panel(quantiles("ann", "what", (0.01, 0.5, 0.99)), [{"question": "what", **asked}], ["ann"])
    answers = answers_of(panel)
    assert (answers.low[0], answers.high[0]) == pytest.approx((low, high))


def test_where_everybody_says_one_number_and_it_came_true_the_range_still_has_a_width(make_panel):
    answers = answers_of(make_panel([point("ann", "drift", 50)], [{**DRIFT, "realisation": 50}], ["ann"]))
    assert (answers.low[0], answers.high[0]) == (45, 55)


def test_known_events_are_left_to_the_pools_of_events(make_panel):
    said = [row for name in ("doom", "yes", "share") for row in quantiles("ann", name, (0.1, 0.2, 0.3))]
    yes = {**DOOM, "question": "yes", "realisation": 1}
    share = {**DOOM, "question": "share", "realisation": 0.25}
    answers = answers_of(make_panel(said, [DOOM, yes, share], ["ann"]))
    assert answers.questions == ("doom", "share")
    assert answers.seeds.tolist() == [1]


def test_a_panel_of_known_events_alone_has_no_answers(make_panel):
    answers = answers_of(make_panel([point("ann", "doom", 0.2)], [{**DOOM, "realisation": 0}], ["ann"]))
    assert answers.values.shape == (0, 1, 3)
    assert answers.questions == answers.faults == answers.curves == ()
    assert answers.seeds.size == 0


def test_the_latest_round_counts(make_panel):
    said = quantiles("ann", "drift", (1, 2, 3), round=1) + quantiles("ann", "drift", (4, 5, 6), round=2)
    assert answers_of(make_panel(said, [DRIFT], ["ann"])).values[0, 0].tolist() == [4, 5, 6]


def test_levels_that_an_answer_lacks_lie_on_the_straight_line(make_panel):
    said = quantiles("ann", "drift", (1, 2, 3)) + at_levels("bob", "drift", {0.25: 1, 0.75: 2})
    answers = answers_of(make_panel(said, [DRIFT], ["ann", "bob"]))
    assert answers.levels.tolist() == [0.05, 0.25, 0.5, 0.75, 0.95]
    low, high = 0.8, 3.2
    assert answers.values[0, 1] == pytest.approx([low + 0.2 * (1 - low), 1, 1.5, 2, high - 0.2 * (high - 2)])
    assert answers.values[0, 0] == pytest.approx([1, 1 + 4 / 9, 2, 2 + 5 / 9, 3])
    assert not answers.whole.any()


POINT = "a bare point has no distribution of its own: only expert models and pools of events take points"
EQUAL = "two levels have the same value, so that no density lies between them"
END = "a level has the value at the end of the scale, so that no density lies beyond it"


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ([point("ann", "doom", 0.2)], POINT),
        ([point("ann", "doom", 0)], POINT),
        (quantiles("ann", "doom", (0.1, 0.1, 0.3)), EQUAL),
        (quantiles("ann", "doom", (0, 0.1, 0.3)), END),
        (quantiles("ann", "doom", (0.1, 0.3, 1)), END),
    ],
)
def test_an_answer_without_a_distribution_is_a_fault_and_no_error(make_panel, said, rule):
    sound = quantiles("bob", "doom", (0.1, 0.2, 0.3))
    answers = answers_of(make_panel(said + sound, [{**DOOM, "realisation": 0.2}], ["ann", "bob"]))
    assert [str(fault) for fault in answers.faults] == [f"made, doom: ann: {rule}"]
    assert answers.answered.tolist() == [[False, True]]
    assert answers.levels.tolist() == [0.05, 0.5, 0.95]
    assert (answers.whole == answers.answered).all()


def test_faulty_answers_count_for_the_range(make_panel):
    said = [*quantiles("ann", "drift", (1, 2, 3)), point("bob", "drift", 11)]
    answers = answers_of(make_panel(said, [DRIFT], ["ann", "bob"]))
    assert (answers.low[0], answers.high[0]) == pytest.approx((0, 12))


def test_a_panel_of_points_alone_has_only_faults(make_panel):
    answers = answers_of(make_panel([point("ann", "drift", 1), point("bob", "drift", 2)], [DRIFT], ["ann", "bob"]))
    assert len(answers.faults) == 2
    assert answers.values.shape == (1, 2, 3)
    assert not answers.answered.any()
