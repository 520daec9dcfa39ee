"""Of an elicitation's several rounds, find the answers that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.typed import CELL

if TYPE_CHECKING:
    import pandas as pd

    from blackball.panel.panel import Panel

__all__ = ["latest"]


def latest(panel: Panel, round: int | None = None) -> pd.DataFrame:
    """Find the rows of each expert's last answers.

    Parameters
    ----------
    panel : Panel
    round : int, optional
        Look at the panel as it was after this round.

    Returns
    -------
    pandas.DataFrame
        The judgements that count, with their index.

    Raises
    ------
    InputError
        If there is no judgement up to that round.
    """
    rows = panel.judgements
    if round is not None:
        rows = rows[rows["round"] <= round]
    if rows.empty:
        first = panel.judgements["round"].min()
        raise InputError([Problem(panel.name, f"the first round is {first}", column="round", value=round)])
    answer = [key for key in CELL if key != "round"]
    # A ratio and a condition may name the same thing as given, and are two answers all the same.
    ratio = rows["form"] == "ratio"
    last = rows.assign(ratio=ratio).groupby([*answer, "ratio"])["round"].transform("max")
    return rows[rows["round"] == last]
