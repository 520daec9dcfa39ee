"""A panel: experts, questions, and what the experts said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from blackball.errors import InputError
from blackball.panel.experts import experts_of
from blackball.panel.judgements import judgements_of
from blackball.panel.questions import questions_of

if TYPE_CHECKING:
    import pandas as pd

    from blackball.panel.table import Table

__all__ = ["Panel", "panel_of"]


@dataclass(frozen=True, eq=False)
class Panel:
    """What experts said, checked and typed.

    Two panels say the same if their `fingerprint` is the same.  Frames are not to be changed in place.

    Attributes
    ----------
    name : str
        Name of the panel, by default that of its folder.
    judgements : pandas.DataFrame
        One number a row: expert, question, regime, given, round (int), form, level and value (text as
        given), source, and from these probability, number (float) and illustrative (bool), as `typed` in
        `blackball.panel.typed` describes.
    experts : pandas.DataFrame
        expert, name, camp, n (Int64, may be missing), source.
    questions : pandas.DataFrame
        question, text, variable, at, support, scale, lower, upper, unit, realisation (floats NaN where they do
        not apply), source.
    """

    name: str
    judgements: pd.DataFrame
    experts: pd.DataFrame
    questions: pd.DataFrame


def panel_of(name: str, judgements: Table, experts: Table, questions: Table) -> Panel:
    """Check three tables of text together and make a panel of them.

    Parameters
    ----------
    name : str
        Name of the panel.
    judgements, experts, questions : Table
        The text of the three files, from wherever it comes.

    Returns
    -------
    Panel

    Raises
    ------
    InputError
        With every problem of all three tables.
    """
    expert_frame, expert_problems = experts_of(experts)
    question_frame, question_problems = questions_of(questions)
    judgement_frame, judgement_problems = judgements_of(
        judgements, expert_frame, question_frame.drop_duplicates("question")
    )
    problems = [*expert_problems, *question_problems, *judgement_problems]
    if problems:
        raise InputError(problems)
    return Panel(name, judgement_frame, expert_frame, question_frame)
