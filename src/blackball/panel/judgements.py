"""Check and type the table of judgements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.panel.answers import answer_problems
from blackball.panel.forms import form_problems
from blackball.panel.typed import typed
from blackball.panel.words import unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from blackball.errors import Problem
    from blackball.panel.table import Table

__all__ = ["judgements_of"]


def judgements_of(table: Table, experts: pd.DataFrame, questions: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Check and type the table of judgements.

    Parameters
    ----------
    table : Table
    experts, questions : pandas.DataFrame
        Typed tables of the same panel.

    Returns
    -------
    frame : pandas.DataFrame
        As `typed` describes.  Only to be used if there are no problems.
    problems : list of Problem
        In the order of the rows.
    """
    cells, frame = table.cells, typed(table.cells)
    names = {"expert": experts["expert"].tolist(), "question": questions["question"].tolist()}
    problems = [
        problem
        for column, valid in names.items()
        for problem in table.flag(~cells[column].isin(valid), column, _naming(column, valid))
    ]
    problems += [
        *table.flag(frame["round"] == 0, "round", "a round is a positive integer; empty means 1"),
        *form_problems(table, frame, questions),
        *table.flag(cells["source"] == "", "source", "every row names its source"),
    ]
    faulty = [problem.row for problem in problems if problem.row is not None]
    sound = ~np.isin(cells.index.to_numpy(), faulty)
    problems += answer_problems(table, frame, sound, questions)
    return frame, sorted(problems, key=lambda problem: problem.row or 0)


def _naming(column: str, valid: list[str]) -> Callable[[str], str]:
    return lambda name: unknown(column, name, valid)
