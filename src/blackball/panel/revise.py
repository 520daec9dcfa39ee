"""Read what an update changes in a panel: new judgements, judgements to withdraw, experts to add."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.errors import InputError, Problem
from blackball.panel.columns import read_columns
from blackball.panel.experts import experts_of
from blackball.panel.files import read_table
from blackball.panel.later import later_judgements
from blackball.panel.revision import Revision
from blackball.panel.schema import EXPERTS, JUDGEMENTS
from blackball.panel.table import as_table
from blackball.panel.words import numbers, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blackball.panel.panel import Panel
    from blackball.panel.table import Table

__all__ = ["revise"]

NAMING = ("expert", "question")
"""The columns that a file of judgements to withdraw cannot do without."""

JOIN = "; `--add-experts FILE` (`experts=` in a script) adds experts from a file with the columns of experts.csv"


def revise(
    panel: Panel,
    new: str | Path | None = None,
    withdraw: str | Path | None = None,
    experts: str | Path | None = None,
) -> Revision:
    """Read what an update changes in a panel.

    Parameters
    ----------
    panel : Panel
    new : str or Path, optional
        CSV or Parquet file of new judgements, with the columns of `judgements.csv`.
    withdraw : str or Path, optional
        CSV or Parquet file that names judgements of the panel: at least `expert` and `question`, and any more of the
        columns of `judgements.csv`. Each row withdraws every judgement that agrees with it in all columns that the
        file has.
    experts : str or Path, optional
        CSV or Parquet file of experts who join, with the columns of `experts.csv`.

    Returns
    -------
    Revision
        A new judgement may take the place of a withdrawn one: that is a correction.

    Raises
    ------
    InputError
        With every problem found, or if there is nothing to change. New judgements are held against the panel without
        what is withdrawn.
    """
    joined = _joined(read_table(experts, EXPERTS), panel) if experts else panel.experts.iloc[:0]
    withdrawn = _withdrawn(withdraw, panel) if withdraw else panel.judgements.iloc[:0]
    asked = replace(
        panel,
        experts=pd.concat([panel.experts, joined], ignore_index=True) if len(joined) else panel.experts,
        judgements=panel.judgements.drop(withdrawn.index),
    )
    added = _added(read_table(new, JUDGEMENTS), asked) if new else panel.judgements.iloc[:0]
    revision = Revision(panel, added, withdrawn, joined)
    revision.check()
    return revision


def _added(table: Table, panel: Panel) -> pd.DataFrame:
    try:
        return later_judgements(table, panel)
    except InputError as error:
        raise InputError(
            replace(problem, rule=problem.rule + JOIN) if problem.rule.startswith("unknown expert") else problem
            for problem in error.problems
        ) from None


def _joined(table: Table, panel: Panel) -> pd.DataFrame:
    frame, problems = experts_of(table)
    there = table.cells["expert"].isin(panel.experts["expert"])
    problems += table.flag(there, "expert", "is in the panel already: only experts who join are to be named")
    if problems:
        raise InputError(problems)
    return frame


def _withdrawn(file: str | Path, panel: Panel) -> pd.DataFrame:
    """Find the judgements that a file names."""
    valid = ", ".join(JUDGEMENTS.columns)
    columns, lines = read_columns(
        file, lambda header: _named(header, str(file)), f"expert, question, or more of {valid}"
    )
    if not lines:
        raise InputError([Problem(str(file), "is empty: it names no judgement to withdraw")])
    there = _comparable(as_table(panel.judgements, JUDGEMENTS, "judgements").cells)
    asked = _comparable(pd.DataFrame(columns, dtype="str").replace({"round": {"": "1"}}))
    chosen = np.zeros(len(there), dtype=bool)
    problems = []
    for line, row in zip(lines, asked.to_dict("records"), strict=True):
        named = {str(column): str(value) for column, value in row.items()}
        found = np.logical_and.reduce([(there[column] == value).to_numpy() for column, value in named.items()])
        chosen |= found
        if not found.any():
            problems.append(_absent(str(file), line, named, panel))
    if problems:
        raise InputError(problems)
    return panel.judgements[chosen]


def _named(header: Sequence[str], file: str) -> list[Problem]:
    odd = [name for name in header if name not in JUDGEMENTS.columns]
    lacking = [name for name in NAMING if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1} - set(odd))
    return [
        *(Problem(file, unknown("column", name, JUDGEMENTS.columns), 1, name, name) for name in odd),
        *(Problem(file, "names this column twice", 1, name, name) for name in twice),
        *(Problem(file, "lacks this column, without which no judgement is named", 1, name) for name in lacking),
    ]


def _comparable(cells: pd.DataFrame) -> pd.DataFrame:
    """Write numbers in one way, so that .05 is 0.05."""
    plain = {name: cells[name].tolist() for name in cells}
    for name in {"round", "level", "value"} & plain.keys():
        read = numbers(plain[name])
        plain[name] = [text if np.isnan(x) else repr(float(x)) for text, x in zip(plain[name], read, strict=True)]
    return pd.DataFrame(plain)


def _absent(file: str, line: int, row: dict[str, str], panel: Panel) -> Problem:
    """Say which part of a row names nothing in the panel."""
    judgements, expert = panel.judgements, row["expert"]
    if expert not in set(judgements["expert"]):
        return Problem(file, unknown("expert", expert, judgements["expert"].unique()), line, "expert", expert)
    own = judgements[judgements["expert"] == expert]
    if row["question"] not in set(own["question"]):
        judged = own["question"].unique()
        asked = row["question"] in set(panel.questions["question"])
        why = f"judged were: {', '.join(judged)}" if asked else unknown("question", row["question"], judged)
        rule = f"{expert} has not judged this; {why}"
        return Problem(file, rule, line, "question", row["question"])
    differs = ", ".join(f"{name} {value!r}" for name, value in row.items() if name not in NAMING)
    return Problem(file, f"{expert} has no judgement of {row['question']} with {differs}", line)
