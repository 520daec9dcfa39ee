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


def test_each_wrong_value_of_many_rows_is_told_once():
    wrong = [Problem("a.csv", "no number", row, "value", "xyz"[row % 3]) for row in range(2, 2000)]
    empty, unlike = Problem("a.csv", "is empty"), Problem("a.csv", "no number", 7, "level", "z")
    assert str(InputError([*wrong, empty, unlike])).splitlines() == [
        "a.csv, row 2, column value has 'z': no number (and 665 more rows, to 1997)",
        "a.csv, row 3, column value has 'x': no number (and 665 more rows, to 1998)",
        "a.csv, row 4, column value has 'y': no number (and 665 more rows, to 1999)",
        str(empty),
        str(unlike),
    ]
    assert str(InputError(wrong[:5])).splitlines() == list(map(str, wrong[:5]))


def test_of_very_many_wrong_values_the_first_are_told_and_all_are_counted():
    wrong = [Problem("a.csv", "no number", row, "value", f"x{row}") for row in range(2, 2000)]
    said = str(InputError(wrong)).splitlines()
    assert said == [*map(str, wrong[:8]), "a.csv: so have 1,990 more rows, with 1,990 other values, to 1999"]
    nowhere = [Problem("a.toml", "no number", column="value", value=f"x{each}") for each in range(20)]
    assert str(InputError(nowhere)).splitlines() == list(map(str, nowhere))


def test_no_error_floods_a_screen():
    wrong = [Problem("a.csv", f"unknown; did you mean r{row}?", row, "expert", f"R{row}") for row in range(2, 2000)]
    said = str(InputError(wrong)).splitlines()
    assert said == [*map(str, wrong[:40]), "and 1,958 more lines like these"]
    assert str(InputError(wrong[:40])).splitlines() == list(map(str, wrong[:40]))


def test_there_is_one_root_and_the_docstring_shows_the_tree():
    kinds = sorted(kind.__name__ for kind in BlackballError.__subclasses__())
    assert kinds == KINDS
    assert sorted(errors.__all__) == sorted(["BlackballError", "Problem", *KINDS])
    assert all(f"── {kind} " in str(errors.__doc__) for kind in KINDS)
