from __future__ import annotations

import pytest

from blackball.panel.questions import labels_at

HEADER = "question,text,variable,at,support,lower,upper,unit,realisation,source\n"
DOOM = "doom,?,,,probability,,,,,s\n"


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (",?,,,real,,,,,s", "question", ""),
        ("doom,?,,,real,,,,,s", "question", "doom"),
        ("not doom,?,,,real,,,,,s", "question", "not doom"),
        ("x,?,,horizon,real,,,,,s", "at", "horizon"),
        ("x,?,,a=1;a=2,real,,,,,s", "at", "a=1;a=2"),
        ("x,?,,a=,real,,,,,s", "at", "a="),
        ("x,?,,,reel,,,,,s", "support", "reel"),
        ("x,?,,,bounded,,3,,,s", "lower", ""),
        ("x,?,,,bounded,1,inf,,,s", "upper", "inf"),
        ("x,?,,,bounded,3,3,,,s", "upper", "3"),
        ("x,?,,,real,0,,,,s", "lower", "0"),
        ("x,?,,,probability,,1,,,s", "upper", "1"),
        ("x,?,,,probability,,,,1.5,s", "realisation", "1.5"),
        ("x,?,,,positive,,,,0,s", "realisation", "0"),
        ("x,?,,,bounded,1,3,,4,s", "realisation", "4"),
        ("x,?,,,real,,,,unknown,s", "realisation", "unknown"),
        ("x,?,,,real,,,,,", "source", ""),
    ],
)
def test_a_breach_is_located(write, located, row, column, value):
    folder = write("ann,doom,,,,point,,.1,s\n", questions=f"{HEADER}{DOOM}{row}\n")
    assert located(folder) == [("questions.csv", 3, column, value)]


def test_labels_of_further_dimensions_are_read():
    assert labels_at("a=x; b = y") == {"a": "x", "b": "y"}
    assert labels_at("") == {}


def test_malformed_labels_are_refused():
    with pytest.raises(ValueError, match="dimension=label"):
        labels_at("horizon")
