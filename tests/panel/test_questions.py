from __future__ import annotations

import pytest

from blackball.errors import InputError
from blackball.panel import read_panel, write_panel
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


SCALED = "question,text,support,scale,lower,upper,source\n"


def test_the_scale_follows_from_the_support_where_it_is_empty(write):
    rows = "".join(f"{support},?,{support},,,,s\n" for support in ("probability", "positive", "real"))
    folder = write("ann,real,,,,point,,.1,s\n", questions=f"{SCALED}{rows}bounded,?,bounded,,1,2,s\n")
    assert read_panel(folder).questions["scale"].tolist() == ["uniform", "log", "uniform", "uniform"]


def test_without_the_column_the_scale_is_there_all_the_same(panel):
    scales = panel("ann,doom,,,,point,,.1,s\n").questions.set_index("question")["scale"]
    assert scales.to_dict() == {
        "doom": "uniform",
        "cause": "uniform",
        "size": "log",
        "share": "uniform",
        "drift": "uniform",
    }


def test_a_stated_scale_is_kept_and_written(write, tmp_path):
    rows = "a,?,positive,uniform,,,s\nb,?,positive,log,,,s\nc,?,real,uniform,,,s\n"
    read = read_panel(write("ann,a,,,,point,,.1,s\n", questions=SCALED + rows))
    assert read.questions["scale"].tolist() == ["uniform", "log", "uniform"]
    write_panel(read, tmp_path / "copy")
    assert read_panel(tmp_path / "copy").questions["scale"].tolist() == ["uniform", "log", "uniform"]


@pytest.mark.parametrize(
    ("row", "value", "says"),
    [
        ("x,?,probability,log,,,s", "log", "only a positive question is reckoned with on the log scale"),
        ("x,?,real,log,,,s", "log", "only a positive question"),
        ("x,?,bounded,log,1,2,s", "log", "only a positive question"),
        ("x,?,positive,logarithm,,,s", "logarithm", "unknown scale; valid names: uniform, log"),
        ("x,?,positive,Log,,,s", "Log", "did you mean 'log'?"),
    ],
)
def test_a_wrong_scale_is_located(write, row, value, says):
    folder = write("ann,x,,,,point,,1.5,s\n", questions=f"{SCALED}{row}\n")
    with pytest.raises(InputError) as caught:
        read_panel(folder)
    problems = [p for p in caught.value.problems if p.column == "scale"]
    assert [(p.file, p.row, p.value) for p in problems] == [(str(folder / "questions.csv"), 2, value)]
    assert says in problems[0].rule


def test_labels_of_further_dimensions_are_read():
    assert labels_at("a=x; b = y") == {"a": "x", "b": "y"}
    assert labels_at("") == {}


def test_malformed_labels_are_refused():
    with pytest.raises(ValueError, match="dimension=label"):
        labels_at("horizon")
