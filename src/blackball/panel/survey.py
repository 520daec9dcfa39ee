"""Read a wide survey table, one row a respondent, as a panel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.columns import read_columns
from blackball.panel.files import read_table
from blackball.panel.panel import panel_of
from blackball.panel.questions import questions_of
from blackball.panel.schema import EXPERTS, JUDGEMENTS, QUESTIONS
from blackball.panel.survey_columns import RESPONDENT, asked, header_problems
from blackball.panel.table import plain, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from blackball.panel.panel import Panel
    from blackball.panel.schema import Schema
    from blackball.panel.table import Table

    Row = dict[str, str]

__all__ = ["read_survey"]

MEANT = f"{', '.join(RESPONDENT)} (all but the first optional), and of questions"


@dataclass(frozen=True)
class Place:
    """Where in the wide table a row of a panel comes from; a row about a respondent is from no one column."""

    line: int
    column: str = ""
    cell: str = ""


def read_survey(file: str | Path, questions: str | Path) -> Panel:
    """Read a wide survey table, one row a respondent, as a panel.

    Beside `expert` and the optional `name`, `camp`, `n`, `round` and `source`, each column is a question: `QUESTION`
    holds points and `QUESTION @ LEVEL` quantiles; `QUESTION [REGIME]` and `QUESTION [REGIME] @ LEVEL` hold those of a
    regime.  A blank cell is no answer, and `5%` is .05.  Who answers nothing is an expert all the same.  Several rows
    of one respondent are several rounds, and the first says who that is.

    Parameters
    ----------
    file : str or Path
        UTF-8 CSV, or Parquet if it is called so.
    questions : str or Path
        A file with the columns of `questions.csv`, likewise.

    Returns
    -------
    Panel
        Named after the file, which is the source of every answer where no column says so.

    Raises
    ------
    InputError
        With every problem found, each located by row and column of the file it stands in.
    """
    name = str(file)
    table, problems = _questions(questions)
    ids = [] if table is None else table.cells["question"].tolist()
    judge = (lambda header: header_problems(header, ids, name)) if table is not None else (lambda _: [])
    try:
        columns, lines = read_columns(file, judge, MEANT)
    except InputError as error:
        raise InputError([*error.problems, *problems]) from None
    if table is None or not lines:
        empty = [] if lines else [Problem(name, "is empty: it needs at least one row, that of a respondent")]
        raise InputError([*empty, *problems])
    rows = {line: {column: cells[i] for column, cells in columns.items()} for i, line in enumerate(lines)}
    return _panel(name, rows, table, ids)


def _questions(file: str | Path) -> tuple[Table | None, list[Problem]]:
    try:
        table = read_table(file, QUESTIONS)
    except InputError as error:
        return None, list(error.problems)
    return table, questions_of(table)[1]


def _panel(name: str, rows: dict[int, Row], questions: Table, ids: Collection[str]) -> Panel:
    """Make the panel of the rows of a wide table, by line."""
    file, repeated = Path(name), [*_repeated(name, rows)]
    again = {problem.row for problem in repeated if problem.column == "expert"}
    answers = [*_answers({line: row for line, row in rows.items() if line not in again}, ids, file.name)]
    experts = [*_experts(rows, file.name)]
    if not answers:
        raise InputError([Problem(name, "holds no answer: every cell about a question is blank"), *repeated])
    # Both tables count on in one list of places, so that a problem with a row says where in the wide table that is.
    places = [place for place, _ in [*answers, *experts]]
    try:
        panel = panel_of(
            file.stem,
            _table(answers, 0, JUDGEMENTS, name),
            _table(experts, len(answers), EXPERTS, name),
            questions,
        )
    except InputError as error:
        found = [_located(problem, places) if problem.file == name else problem for problem in error.problems]
        repeated += dict.fromkeys(found)
    if repeated:
        raise InputError(sorted(repeated, key=lambda problem: (problem.file != name, problem.row or 0)))
    return panel


def _answers(rows: dict[int, Row], ids: Collection[str], source: str) -> Iterator[tuple[Place, Row]]:
    """Yield a row of the long table for every cell with an answer."""
    for line, row in rows.items():
        who = {"expert": row["expert"], "round": row.get("round", ""), "source": row.get("source", source)}
        for column, cell in row.items():
            if cell and column not in RESPONDENT:
                what = asked(column, ids)
                form = {"form": "point"} if what.level is None else {"form": "quantile", "level": what.level}
                about = {"question": what.question, "regime": what.regime, "value": plain(cell)}
                yield Place(line, column, cell), {**who, **about, **form}


def _experts(rows: dict[int, Row], source: str) -> Iterator[tuple[Place, Row]]:
    """Yield every respondent's first row."""
    met = set()
    for line, row in rows.items():
        if row["expert"] not in met:
            yield Place(line), {"source": source, **row}
        met |= {row["expert"]} - {""}


def _repeated(file: str, rows: dict[int, Row]) -> Iterator[Problem]:
    """Find rows of one respondent that are no further rounds, or say something else of the respondent."""
    first: dict[str, Row] = {}
    rounds: dict[tuple[str, str], int] = {}
    for line, row in rows.items():
        expert = row["expert"]
        if not expert:
            continue
        same = rounds.setdefault((expert, row.get("round") or "1"), line)
        if same != line:
            yield Problem(file, f"a respondent has one row a round, here row {same} already", line, "expert", expert)
        known = first.setdefault(expert, row)
        for column in ("name", "camp", "n"):
            if row.get(column) and row[column] != known[column]:
                rule = f"the first row of {expert!r} has {known[column]!r}; a further round says the same, or nothing"
                yield Problem(file, rule, line, column, row[column])


def _table(rows: Sequence[tuple[Place, Row]], start: int, schema: Schema, file: str) -> Table:
    columns = {name: [row.get(name, "") for _, row in rows] for name in schema.columns}
    return table_of(columns, range(start, start + len(rows)), schema, file)


def _located(problem: Problem, places: Sequence[Place]) -> Problem:
    """Say where in the wide table a problem with a row of the long ones is."""
    place = places[problem.row or 0]
    if problem.column in RESPONDENT:
        return replace(problem, row=place.line)
    return replace(problem, row=place.line, column=place.column, value=place.cell)
