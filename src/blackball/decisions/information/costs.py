"""What asking costs: of an expert, of a question, or of one about the other."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.columns import read_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["check_costs", "cost_of", "read_costs"]

COLUMNS = ("expert", "question", "cost")
MEANT = "expert, question, cost"


def read_costs(file: str | Path) -> dict[tuple[str, str], float]:
    """Read what asking costs from a CSV or Parquet file with the columns expert, question and cost.

    Parameters
    ----------
    file : str or Path
        An empty expert or question means every one.

    Returns
    -------
    dict of (expert, question) to float
        In the unit of the loss.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column or has others, repeats a pair, or a cost is no finite number of at
        least 0.
    """
    columns, lines = read_columns(file, lambda header: _header(header, str(file)), MEANT)
    costs: dict[tuple[str, str], float] = {}
    problems = []
    for line, expert, question, text in zip(lines, *(columns[name] for name in COLUMNS), strict=True):
        if (expert, question) in costs:
            problems.append(Problem(str(file), "this expert and question have a cost already", line, "expert", expert))
        cost = _number(text)
        if cost is None:
            problems.append(Problem(str(file), "a cost is a finite number of at least 0", line, "cost", text))
        costs[expert, question] = cost or 0.0
    if problems:
        raise InputError(problems)
    return costs


def _header(header: Sequence[str], file: str) -> list[Problem]:
    problems = [Problem(file, f"lacks this column; its columns are {MEANT}", 1, name) for name in COLUMNS]
    problems = [problem for problem in problems if problem.column not in header]
    return problems + [
        Problem(file, f"no such column; its columns are {MEANT}", 1, name, name)
        for name in header
        if name not in COLUMNS
    ]


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


def check_costs(costs: Mapping[tuple[str, str], float], experts: Sequence[str], questions: Sequence[str]) -> None:
    """Refuse costs of nobody, of nothing, or that are no finite number of at least 0.

    Parameters
    ----------
    costs : mapping of (expert, question) to float
    experts, questions : sequence of str
        Valid names.

    Raises
    ------
    InputError
        With every bad cost and the valid names.
    """
    problems = []
    for (expert, question), cost in costs.items():
        for kind, name, valid in (("expert", expert, experts), ("question", question, questions)):
            if name and name not in valid:
                rule = f"no {kind} to ask has this name; valid: {', '.join(valid)}, or empty for all"
                problems.append(Problem("costs", rule, column=kind, value=name))
        if not (isfinite(cost) and cost >= 0):
            problems.append(Problem("costs", "a cost is a finite number of at least 0", column="cost", value=cost))
    if problems:
        raise InputError(problems)


def cost_of(costs: Mapping[tuple[str, str], float], expert: str, question: str) -> float:
    """Return what asking an expert a question costs: of both, of the expert, of the question, and of any, added up."""
    return sum(costs.get(pair, 0.0) for pair in {(expert, question), (expert, ""), ("", question), ("", "")})
