"""Read what the names of a wide survey table's columns ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from blackball.errors import Problem
from blackball.panel.table import as_text, plain
from blackball.panel.words import numbers, unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["RESPONDENT", "Asked", "asked", "header_problems"]

RESPONDENT = ("expert", "name", "camp", "n", "round", "source")
"""Columns that say who answers; every other is about a question."""

REGIME = re.compile(r"(?P<question>.*\S)\s*\[\s*(?P<regime>[^\[\]\s][^\[\]]*)\]")


@dataclass(frozen=True)
class Asked:
    """What one column asks for.

    Attributes
    ----------
    question, regime : str
        The regime is empty where none is named.
    level : str, optional
        Level of a quantile; None for a point.
    """

    question: str
    regime: str = ""
    level: str | None = None


def asked(column: str, questions: Collection[str]) -> Asked:
    """Read the name of a column.

    Parameters
    ----------
    column : str
        `QUESTION`, `QUESTION @ LEVEL`, `QUESTION [REGIME]` or `QUESTION [REGIME] @ LEVEL`.
    questions : collection of str
        Ids, which may themselves hold an @ or a bracket.

    Returns
    -------
    Asked
        Nothing in it is checked.
    """
    if column in questions or "@" not in column:
        return _without_level(column, questions)
    before, _, level = column.rpartition("@")
    text = plain(level.strip())
    (number,) = numbers([text])
    name = _without_level(before.strip(), questions)
    return Asked(name.question, name.regime, text if isnan(number) else as_text(number))


def _without_level(text: str, questions: Collection[str]) -> Asked:
    found = None if text in questions else REGIME.fullmatch(text)
    return Asked(found["question"], found["regime"].strip()) if found else Asked(text)


def header_problems(header: Sequence[str], questions: Collection[str], file: str) -> list[Problem]:
    """Find what is wrong with the names of a wide table's columns.

    Parameters
    ----------
    header : sequence of str
    questions : collection of str
        Ids of the questions.
    file : str
        What to call the table in messages.

    Returns
    -------
    list of Problem
        Located in row 1.
    """
    problems = []
    if "expert" not in header:
        rule = "lacks this column; beside it stand name, camp, n, round, source (all optional) and the questions"
        problems.append(Problem(file, rule, 1, "expert"))
    first: dict[str | Asked, str] = {}
    for place, column in enumerate(header):
        what = column if column in RESPONDENT else asked(column, questions)
        rule = _rule(what, questions)
        if what in first:
            rule = f"says the same as the column {first[what]!r} before it"
        first.setdefault(what, column)
        problems += [Problem(file, rule, 1, column or f"number {place + 1}", column)] if rule else []
    return problems


def _rule(what: str | Asked, questions: Collection[str]) -> str:
    """Word what is wrong with a column by itself, if anything is."""
    if isinstance(what, str):
        return f"a question is called so too: write `{what} @ 0.5`, or rename it" if what in questions else ""
    if what.question not in questions:
        others = f"other columns: {', '.join(RESPONDENT)}"
        return f"{unknown('question', what.question, questions)} [REGIME] @ LEVEL; {others}"
    (level,) = numbers(["0.5" if what.level is None else what.level])
    return "" if 0 < level < 1 else "the level of a quantile is a number in (0, 1)"
