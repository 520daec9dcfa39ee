from __future__ import annotations

import pytest

from blackball import errors
from blackball.errors import BlackballError, InputError, Problem

KINDS = ["InputError", "ModelError", "SetupError", "StudyError"]


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.csv", "is empty"), "a.csv: is empty"),
        (Problem("a.csv", "no number", 3, "value", "x"), "a.csv, row 3, column value has 'x': no number"),
        (Problem("a.csv", "not a CSV row", 3), "a.csv, row 3: not a CSV row"),
        (
            Problem("r.toml", "must be finite", column="regime.a.sets.p.to", value=0.0),
            "r.toml, regime.a.sets.p.to has 0.0: must be finite",
        ),
    ],
)
def test_a_problem_says_where_what_and_why(problem, text):
    assert str(problem) == text


def test_an_input_error_carries_every_problem():
    problems = [Problem("a.csv", "is empty"), Problem("b.csv", "no such file")]
    error = InputError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "a.csv: is empty\nb.csv: no such file"


def test_a_mistake_of_many_rows_is_told_of_the_first_and_counted():
    wrong = [Problem("a.csv", "no number", row, "value", f"x{row}") for row in range(2, 2000)]
    said = str(InputError([*wrong, Problem("a.csv", "is empty")])).splitlines()
    assert said == [*map(str, wrong[:3]), "a.csv: the same in 1,995 more rows, 5 to 1999", "a.csv: is empty"]
    assert str(InputError(wrong[:5])).splitlines() == list(map(str, wrong[:5]))


def test_there_is_one_root_and_the_docstring_shows_the_tree():
    kinds = sorted(kind.__name__ for kind in BlackballError.__subclasses__())
    assert kinds == KINDS
    assert sorted(errors.__all__) == sorted(["BlackballError", "Problem", *KINDS])
    assert all(f"── {kind} " in str(errors.__doc__) for kind in KINDS)
