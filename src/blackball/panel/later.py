"""Judgements that come later than a panel: none takes the place of one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blackball.errors import InputError
from blackball.panel.judgements import judgements_of
from blackball.panel.table import Table
from blackball.panel.typed import CELL

if TYPE_CHECKING:
    from blackball.errors import Problem
    from blackball.panel.panel import Panel

__all__ = ["later_judgements"]

ANSWER = [key for key in CELL if key != "round"]


def later_judgements(table: Table, panel: Panel) -> pd.DataFrame:
    """Check new judgements against a panel.

    Parameters
    ----------
    table : Table
        The text of the new judgements.
    panel : Panel
        Gives the experts, the questions and the answers so far.

    Returns
    -------
    pandas.DataFrame
        Typed judgements.

    Raises
    ------
    InputError
        If a new judgement is wrong in itself, or answers what the expert has answered in that round or a
        later one.
    """
    frame, problems = judgements_of(table, panel.experts, panel.questions)
    problems += _repeated(table, frame, panel)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    return frame


def _repeated(table: Table, frame: pd.DataFrame, panel: Panel) -> list[Problem]:
    last = panel.judgements.groupby(ANSWER)["round"].max().rename("last")
    taken = frame.join(last, on=ANSWER)["last"]
    return [
        problem
        for done in sorted(taken.dropna().unique())
        for problem in table.flag(
            (taken == done) & (frame["round"] > 0) & (frame["round"] <= done),
            "round",
            f"the panel has this answer already, last in round {int(done)}: a new one has a later round",
        )
    ]
