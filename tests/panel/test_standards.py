from __future__ import annotations

import math

import pandas as pd
import pytest

from blackball.errors import InputError
from blackball.panel.standards import DEFAULT_WIDTH, standards

NAN = float("nan")


def things(*supports: str) -> pd.DataFrame:
    return pd.DataFrame({"support": supports, "label": [f"q{number}" for number in range(len(supports))]})


def cells(*rows: tuple[int, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["judged", "location", "lower", "upper"])


def test_unit_joins_width_and_disagreement():
    said = cells((0, 1.0, 1.0, 3.0), (0, 2.0, 1.0, 1.0), (0, 7.0, NAN, NAN))
    found = standards(said, things("real"), DEFAULT_WIDTH, "panel")
    assert found["centre"][0] == 2
    assert found["unit"][0] == pytest.approx(math.sqrt((2**2 + 1**2) / 2 + 1.4826**2))


def test_without_widths_other_answers_on_the_same_support_lend_theirs():
    said = cells((0, 1.0, NAN, NAN), (1, 5.0, 2.0, 4.0), (2, 5.0, 9.0, 9.0))
    found = standards(said, things("real", "real", "positive"), DEFAULT_WIDTH, "panel")
    assert found["unit"].tolist() == pytest.approx([3, 3, 9])


def test_without_any_width_the_default_stands_in():
    said = cells((0, 1.0, NAN, NAN), (1, 5.0, 0.0, 0.0), (1, 5.0, 0.0, 0.0))
    found = standards(said, things("probability", "positive"), DEFAULT_WIDTH, "panel")
    assert found["unit"].tolist() == [1.0, 0.5]


def test_a_real_question_without_widths_asks_for_one():
    with pytest.raises(InputError, match=r"default_width\['real'\]") as caught:
        standards(cells((0, 1.0, NAN, NAN)), things("real"), DEFAULT_WIDTH, "panel")
    [problem] = caught.value.problems
    assert (problem.file, problem.value) == ("panel", "q0")
    found = standards(cells((0, 1.0, NAN, NAN)), things("real"), {"real": 2.0}, "panel")
    assert found["unit"].tolist() == [2.0]
