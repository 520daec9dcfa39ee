"""Small panels on disk, and a strategy for panels of every kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import strategies as st

from blackball.errors import InputError
from blackball.panel import Panel, panel_of, read_panel
from blackball.panel.schema import EXPERTS, JUDGEMENTS, QUESTIONS
from blackball.panel.table import as_table

HEADER = "expert,question,regime,given,round,form,level,value,source\n"
EXPERT_ROWS = "expert,name,camp,n,source\nann,Ann,red,,survey\nbob,,,12,survey\ncyd,Cyd,red,,survey\n"
QUESTION_ROWS = """question,text,variable,at,support,lower,upper,unit,realisation,source
doom,Catastrophe by 2050?,catastrophe,horizon=2050,probability,,,,,report
cause,A misaligned system?,,,probability,,,,,report
size,How many projects?,,,positive,,,projects,4,report
share,Share of compute?,,,bounded,10,30,percent,,report
drift,Change of temperature?,,,real,,,K,1.5,report
"""

Write = Callable[..., Path]
Located = Callable[[Path], list[tuple[str, int | None, str | None, object]]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a panel; judgements are given as rows below the header."""

    def write_files(rows: str, experts: str = EXPERT_ROWS, questions: str = QUESTION_ROWS) -> Path:
        (tmp_path / "judgements.csv").write_text(HEADER + rows, encoding="utf-8")
        (tmp_path / "experts.csv").write_text(experts, encoding="utf-8")
        (tmp_path / "questions.csv").write_text(questions, encoding="utf-8")
        return tmp_path

    return write_files


@pytest.fixture
def panel(write: Write) -> Callable[[str], Panel]:
    """Read a panel with these judgements."""
    return lambda rows: read_panel(write(rows))


@pytest.fixture
def located() -> Located:
    """Places of all problems that reading a folder reports: file name, row, column, value."""

    def read(folder: Path) -> list[tuple[str, int | None, str | None, object]]:
        with pytest.raises(InputError) as caught:
            read_panel(folder)
        return [(Path(p.file).name, p.row, p.column, p.value) for p in caught.value.problems]

    return read


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6).filter(
    lambda name: name == name.strip() and not name.startswith("not ")
)
SHARES = st.one_of(
    st.sampled_from([0.0, 1.0]),
    st.integers(1, 99).map(lambda percent: percent / 100),
    st.integers(1, 10**9 - 1).map(lambda billionth: billionth / 10**9),
)
INSIDE = {
    "probability": SHARES,
    "positive": st.integers(1, 10**9).map(lambda number: number / 1000),
    "bounded": st.integers(10_000, 30_000).map(lambda number: number / 1000),
    "real": st.integers(-(10**9), 10**9).map(lambda number: number / 1000),
}
LEVELS = st.lists(st.integers(1, 99), min_size=2, max_size=6, unique=True).map(
    lambda percents: [percent / 100 for percent in sorted(percents)]
)
SOURCES = ["survey, 2024", 'said "so"', "illustrative: no figure", "über\nalles"]
Rows = list[tuple[str, str, str]]


@st.composite
def _rows(draw: st.DrawFn, support: str) -> Rows:
    """Form, level and value of the rows of one answer."""
    forms = ["point", "quantile", "interval", "chips"] + ["odds"] * (support == "probability")
    form = draw(st.sampled_from(forms))
    inside = INSIDE[support]
    if form == "point":
        return [("point", "", repr(draw(inside)))]
    if form == "odds":
        sides = draw(st.tuples(st.integers(1, 99), st.integers(1, 99)))
        return [("odds", "", f"{sides[0]}:{sides[1]}")]
    count = {"interval": 3, "chips": 4}.get(form)
    levels = [0.1] * count if count else draw(LEVELS)
    values = sorted(draw(st.lists(inside, min_size=len(levels), max_size=len(levels), unique=True)))
    if form == "quantile":
        return [("quantile", repr(level), repr(value)) for level, value in zip(levels, values, strict=True)]
    if form == "interval":
        parts = zip(("low", "best", "high"), map(repr, values), strict=True)
        confidence = draw(st.sampled_from(["0.8", "0.5", "0.99"]))
        return [("interval", "confidence", confidence), *(("interval", part, value) for part, value in parts)]
    chips = draw(st.tuples(st.integers(0, 5), st.integers(1, 5), st.integers(0, 5)))
    bins = zip(values[:-1], values[1:], chips, strict=True)
    return [("chips", f"{low!r}:{high!r}", str(number)) for low, high, number in bins]


def _scales(support: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", "uniform", "log"] if support == "positive" else ["", "uniform"])


@st.composite
def _panels(draw: st.DrawFn) -> Panel:
    experts = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    questions = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    supports = [draw(st.sampled_from(sorted(INSIDE))) for _ in questions]
    rows = []
    for question, support in zip(questions, supports, strict=True):
        for expert in experts:
            place = (expert, question, draw(st.sampled_from(["", "open race", "pause"])), "")
            source = draw(st.sampled_from(["survey, 2024", 'said "so"', "illustrative: no figure", "über\nalles"]))
            for number in range(1, draw(st.integers(1, 2)) + 1):
                rows += [(*place, number, *row, source) for row in draw(_rows(support))]
    order = draw(st.permutations(range(len(rows))))
    ends = [("10", "30") if support == "bounded" else ("", "") for support in supports]
    asked = [
        (name, draw(NAMES), "", draw(st.sampled_from(["", "a=x;b=y"])), support, draw(_scales(support)))
        for name, support in zip(questions, supports, strict=True)
    ]
    asked = [(*first, *end, "", "", "report") for first, end in zip(asked, ends, strict=True)]
    asking = [
        (name, "", draw(st.sampled_from(["", "camp"])), draw(st.sampled_from(["", "7"])), "cv") for name in experts
    ]
    frames = [
        pd.DataFrame([rows[i] for i in order], columns=list(JUDGEMENTS.columns)),
        pd.DataFrame(asking, columns=list(EXPERTS.columns)),
        pd.DataFrame(asked, columns=list(QUESTIONS.columns)),
    ]
    schemas = (JUDGEMENTS, EXPERTS, QUESTIONS)
    tables = [as_table(frame, schema, schema.name) for frame, schema in zip(frames, schemas, strict=True)]
    return panel_of("drawn", *tables)


@pytest.fixture(scope="session")
def panels() -> st.SearchStrategy[Panel]:
    """Valid panels of every support and form."""
    return _panels()
