from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackball.errors import InputError
from blackball.panel import Panel, read_survey
from blackball.panel.survey_columns import asked, plain

QUESTIONS = """question,text,support,source
doom,Catastrophe by 2050?,probability,report
size,How many projects?,positive,report
drift [K],Change of temperature?,real,report
a@b,Which?,real,report
"""
Location = tuple[str, int | None, str | None, object]


@pytest.fixture
def survey(tmp_path):
    """Read a wide table with these questions."""

    def read(table: str, questions: str = QUESTIONS) -> Panel:
        (tmp_path / "wide.csv").write_text(table, encoding="utf-8")
        (tmp_path / "asked.csv").write_text(questions, encoding="utf-8")
        return read_survey(tmp_path / "wide.csv", tmp_path / "asked.csv")

    return read


@pytest.fixture
def refused(survey):
    """Return the place and the rule of each problem with a wide table."""

    def read(table: str, questions: str = QUESTIONS) -> list[tuple[Location, str]]:
        with pytest.raises(InputError) as caught:
            survey(table, questions)
        return [((Path(p.file).name, p.row, p.column, p.value), p.rule) for p in caught.value.problems]

    return read


def rows(panel: Panel, *columns: str) -> list[list[object]]:
    return panel.judgements[list(columns)].to_numpy().tolist()


def test_each_cell_becomes_a_judgement(survey):
    table = "expert,doom @ 0.05,doom@.5,doom @0.95,size,doom [pause]\nann,.01,.05,.2,3,\nbob,,,,,0.5\n"
    panel = survey(table)
    assert panel.name == "wide"
    assert rows(panel, "expert", "question", "regime", "form", "level", "number") == [
        ["ann", "doom", "", "quantile", "0.05", 0.01],
        ["ann", "doom", "", "quantile", "0.5", 0.05],
        ["ann", "doom", "", "quantile", "0.95", 0.2],
        ["ann", "size", "", "point", "", 3],
        ["bob", "doom", "pause", "point", "", 0.5],
    ]
    assert set(panel.judgements["source"]) == {"wide.csv"}
    assert set(panel.experts["source"]) == {"wide.csv"}
    assert set(panel.questions["source"]) == {"report"}
    assert panel.questions["question"].tolist() == ["doom", "size", "drift [K]", "a@b"]


def test_respondents_say_who_they_are(survey):
    table = "source,camp,doom,expert,n,name,round\ntable 3,labs,.1,ann,40,Ann,2\ntable 4,,.2,bob,,,\n"
    panel = survey(table)
    assert panel.experts.to_numpy().tolist() == [
        ["ann", "Ann", "labs", 40, "table 3"],
        ["bob", "bob", "bob", pd.NA, "table 4"],
    ]
    assert rows(panel, "expert", "round", "source") == [["ann", 2, "table 3"], ["bob", 1, "table 4"]]


def test_rounds_are_rows(survey):
    panel = survey("expert,name,round,doom\nann,Ann,1,.1\nann,,2,.2\nann,Ann,3,\n")
    assert rows(panel, "expert", "round", "number") == [["ann", 1, 0.1], ["ann", 2, 0.2]]
    assert panel.experts["name"].tolist() == ["Ann"]


def test_who_answers_nothing_is_an_expert_all_the_same(survey):
    panel = survey("expert,doom\nann,\nbob,.1\n")
    assert panel.experts["expert"].tolist() == ["ann", "bob"]
    assert panel.judgements["expert"].tolist() == ["bob"]


def test_percents_are_numbers(survey):
    panel = survey("expert,doom @ 5%,doom @ 50 %,doom @ 95.%\nann,0.7%,7 %,.5\nbob,0%,12.50%,100%\n")
    assert rows(panel, "level", "number") == [
        ["0.05", 0.007],
        ["0.5", 0.07],
        ["0.95", 0.5],
        ["0.05", 0],
        ["0.5", 0.125],
        ["0.95", 1],
    ]


@given(st.integers(0, 10**7), st.integers(0, 5))
def test_a_percent_is_the_nearest_number(whole, digits):
    text = f"{whole:0{digits + 1}d}"
    text = f"{text[: len(text) - digits]}.{text[len(text) - digits :]}"
    assert float(plain(f"{text}%")) == whole / 10 ** (digits + 2)


@pytest.mark.parametrize("text", ["", "5", "five%", "%", "1e3%", "5%%", "1,5%", "5% or so", "٥%"])
def test_other_texts_are_no_percents(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    ("column", "question", "regime", "level"),
    [
        ("doom", "doom", "", None),
        ("doom @ 0.50", "doom", "", "0.5"),
        ("doom@.5", "doom", "", "0.5"),
        ("doom [two words]", "doom", "two words", None),
        ("doom[pause]@0.5", "doom", "pause", "0.5"),
        ("drift [K]", "drift [K]", "", None),
        ("drift [K] @ 0.5", "drift [K]", "", "0.5"),
        ("drift [K] [pause] @ 0.5", "drift [K]", "pause", "0.5"),
        ("a@b", "a@b", "", None),
        ("a@b @ 0.5", "a@b", "", "0.5"),
        ("a@b [pause]", "a@b [pause]", "", None),
        ("doom @", "doom", "", ""),
    ],
)
def test_columns_name_question_regime_and_level(column, question, regime, level):
    found = asked(column, ["doom", "size", "drift [K]", "a@b"])
    if column == "a@b [pause]":
        assert (found.question, found.level) == ("a", "b [pause]")
    else:
        assert (found.question, found.regime, found.level) == (question, regime, level)


def test_parquet_reads_as_csv(survey, tmp_path):
    panel = survey("expert,round,doom @ 0.5,size\n1,1,.1,3\n2,,,4.5\n")
    columns = {"expert": [1, 2], "round": [1, None], "doom @ 0.5": [0.1, None], "size": [3.0, 4.5]}
    pd.DataFrame(columns).to_parquet(tmp_path / "wide.parquet")
    pd.read_csv(tmp_path / "asked.csv").to_parquet(tmp_path / "asked.parquet")
    other = read_survey(tmp_path / "wide.parquet", tmp_path / "asked.parquet")
    assert rows(other, "expert", "question", "round", "number") == rows(panel, "expert", "question", "round", "number")
    assert set(other.judgements["source"]) == {"wide.parquet"}


@pytest.mark.parametrize(
    ("row", "place", "says"),
    [
        ("bob,,,1.5,,", (3, "doom @ 0.5", "1.5"), "a value is a number in [0, 1]"),
        ("bob,,,150%,,", (3, "doom @ 0.5", "150%"), "a value is a number in [0, 1]"),
        ("bob,,,maybe,,", (3, "doom @ 0.5", "maybe"), "a value is a number in [0, 1]"),
        ("bob,,.3,.2,,", (3, "doom @ 0.5", ".2"), "quantiles cross"),
        ("bob,,.3,,,", (3, "doom @ 0.05", ".3"), "a single quantile places nothing unless it is the median"),
        ("bob,,,.2,.3,", (3, "doom", ".3"), "an answer is put in one form"),
        ("bob,,,,,-1", (3, "size", "-1"), "a value is a number above 0"),
        (",,,.2,,", (3, "expert", ""), "an expert needs an id"),
        ("bob,0,,.2,,5", (3, "round", "0"), "a round is a positive integer"),
        ("ann,,,.2,,", (3, "expert", "ann"), "a respondent has one row a round, here row 2 already"),
        ("bob,1", (3, None, None), "has 2 fields where the header names 6"),
    ],
)
def test_a_problem_is_located_in_the_wide_table(refused, row, place, says):
    [(found, rule)] = refused(f"expert,round,doom @ 0.05,doom @ 0.5,doom,size\nann,,.01,.1,,3\n{row}\n")
    assert found == ("wide.csv", *place)
    assert says in rule


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        ("bob,,,few,s,.1", "n", "few", "a number of people is a positive integer, or empty"),
        ("bob,,,,,.1", "source", "", "every row names its source"),
        ("ann,Anna,,,s,.1", "name", "Anna", "the first row of 'ann' has 'Ann'"),
        ("ann,,labs,,s,.1", "camp", "labs", "the first row of 'ann' has ''"),
    ],
)
def test_a_problem_with_a_respondent_is_told_once(refused, row, column, value, says):
    [(found, rule)] = refused(f"expert,name,camp,n,source,doom,size,round\nann,Ann,,,s,.1,,1\n{row},3,2\n")
    assert found == ("wide.csv", 3, column, value)
    assert says in rule


@pytest.mark.parametrize(
    ("header", "column", "says"),
    [
        ("expert,dom", "dom", "unknown question; did you mean 'doom'?; valid names: doom, size, drift [K], a@b"),
        ("expert,nmae", "nmae", "other columns: expert, name, camp, n, round, source"),
        ("expert,dom [pause] @ 0.5", "dom [pause] @ 0.5", "did you mean 'doom'?"),
        ("expert,doom []", "doom []", "unknown question"),
        ("expert,", "number 2", "unknown question"),
        ("expert,doom @ 50", "doom @ 50", "the level of a quantile is a number in (0, 1)"),
        ("expert,doom @ median", "doom @ median", "the level of a quantile is a number in (0, 1)"),
        ("expert,doom @", "doom @", "the level of a quantile is a number in (0, 1)"),
    ],
)
def test_a_column_that_is_no_question_is_located(refused, header, column, says):
    [(found, rule)] = refused(f"{header}\nann,.1\n")
    assert found[:3] == ("wide.csv", 1, column)
    assert says in rule


def test_columns_that_say_the_same_are_located(refused):
    found = refused("expert,camp,camp,doom @ 0.5,doom@50%,doom [a],doom[ a ]\nann,,,.1,.1,.1,.1\n")
    assert [place for place, _ in found] == [
        ("wide.csv", 1, "camp", "camp"),
        ("wide.csv", 1, "doom@50%", "doom@50%"),
        ("wide.csv", 1, "doom[ a ]", "doom[ a ]"),
    ]
    assert found[1][1] == "says the same as the column 'doom @ 0.5' before it"


def test_a_table_without_experts_is_refused(refused):
    [(place, rule)] = refused("name,doom\nAnn,.1\n")
    assert place == ("wide.csv", 1, "expert", None)
    assert "lacks this column; beside it stand name, camp, n, round, source" in rule


def test_a_question_called_as_a_column_is_asked_with_its_level(survey, refused):
    questions = "question,text,support,source\nn,How many?,positive,report\n"
    assert rows(survey("expert,n @ 0.5\nann,3\n", questions), "question", "number") == [["n", 3]]
    [(place, rule)] = refused("expert,n\nann,3\n", questions)
    assert place == ("wide.csv", 1, "n", "n")
    assert "write `n @ 0.5`" in rule


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "is empty; its first line names columns expert, name"),
        ("expert,doom\n", "is empty: it needs at least one row, that of a respondent"),
        ("expert,doom\nann,\n", "holds no answer: every cell about a question is blank"),
        ("expert\nann\n", "holds no answer"),
    ],
)
def test_a_table_without_answers_is_refused(refused, table, says):
    [(place, rule)] = refused(table)
    assert place == ("wide.csv", None, None, None)
    assert says in rule


@pytest.mark.parametrize("table", ["expert,dom\nann,1\n", "expert,doom\nann,2\n", "expert,doom\n"])
def test_problems_of_both_files_come_at_once(refused, table):
    found = refused(table, QUESTIONS.replace("positive", "positiv"))
    assert [place[0] for place, _ in found] == ["wide.csv", "asked.csv"]
    assert found[1][0][1:] == (3, "support", "positiv")


def test_files_that_are_not_there_come_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        read_survey(tmp_path / "wide.csv", tmp_path / "asked.csv")
    assert [(Path(p.file).name, p.rule) for p in caught.value.problems] == [
        ("wide.csv", "no such file"),
        ("asked.csv", "no such file"),
    ]


def test_several_problems_come_in_the_order_of_rows(refused):
    table = "expert,round,doom @ 0.05,doom @ 0.5,size\nann,x,2,.1,3\n,,,,4\nbob,,,,-3\n"
    assert [place[1:3] for place, _ in refused(table)] == [
        (2, "round"),
        (2, "doom @ 0.05"),
        (3, "expert"),
        (4, "size"),
    ]
