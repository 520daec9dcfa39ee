"""Check and type the table of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.panel.schema import SCALES
from blackball.panel.supports import MEANING, SUPPORTS, contains
from blackball.panel.words import numbers, unknown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from blackball.errors import Problem
    from blackball.panel.table import Table

__all__ = ["labels_at", "questions_of"]


def questions_of(table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """Check and type the table of questions.

    Parameters
    ----------
    table : Table

    Returns
    -------
    frame : pandas.DataFrame
        Columns question, text, variable (the id where empty), at, support, scale (where empty, `log` for the
        support `positive` and `uniform` for the others), lower and upper (float, in the question's unit, NaN
        unless bounded), unit, realisation (float, NaN unless a seed), source. Only to be used if there are no
        problems.
    problems : list of Problem
    """
    cells = table.cells
    frame = cells.reset_index(drop=True)
    frame["variable"] = frame["variable"].where(frame["variable"] != "", frame["question"])
    usual = np.where(frame["support"] == "positive", "log", "uniform")
    frame["scale"] = frame["scale"].where(frame["scale"] != "", usual)
    for column in ("lower", "upper", "realisation"):
        frame[column] = numbers(cells[column])
    problems = [
        *_names(table),
        *table.flag([_pairs(at) is None for at in cells["at"]], "at", "labels read `dimension=label;...`"),
        *table.flag(~cells["support"].isin(SUPPORTS), "support", lambda name: unknown("support", name, SUPPORTS)),
        *_scales(table),
        *_ends(table, frame),
        *_realisations(table, frame),
        *table.flag(cells["source"] == "", "source", "every row names its source"),
    ]
    return frame, problems


def labels_at(at: str) -> dict[str, str]:
    """Read the labels of further dimensions at which a question's variable is judged.

    Parameters
    ----------
    at : str
        A validated cell such as `horizon=2030` or `a=x;b=y`; may be empty.

    Returns
    -------
    dict of str to str
        Label by dimension.

    Raises
    ------
    ValueError
        If the text is malformed.
    """
    pairs = _pairs(at)
    if pairs is None:
        raise ValueError(f"labels read `dimension=label;...`, not {at!r}")
    return pairs


def _pairs(at: str) -> dict[str, str] | None:
    pairs: dict[str, str] = {}
    for text in at.split(";") if at else []:
        name, _, label = (part.strip() for part in text.partition("="))
        if not name or not label or name in pairs:
            return None
        pairs[name] = label
    return pairs


def _names(table: Table) -> list[Problem]:
    ids = table.cells["question"]
    negated = ids.str.startswith("not ")
    return [
        *table.flag(ids == "", "question", "a question needs an id"),
        *table.flag(ids.duplicated() & (ids != ""), "question", "a question has one row only"),
        *table.flag(negated, "question", "an id may not begin with `not `, which negates what is given"),
    ]


def _scales(table: Table) -> list[Problem]:
    support, scale = table.cells["support"], table.cells["scale"]
    named = scale.isin(SCALES)
    signed = (scale == "log") & support.isin(SUPPORTS) & (support != "positive")
    return [
        *table.flag((scale != "") & ~named, "scale", lambda name: unknown("scale", name, SCALES)),
        *table.flag(signed, "scale", "only a positive question is reckoned with on the log scale: uniform, or empty"),
    ]


def _ends(table: Table, frame: pd.DataFrame) -> list[Problem]:
    bounded = frame["support"] == "bounded"
    problems = []
    for end in ("lower", "upper"):
        superfluous = ~bounded & (table.cells[end].to_numpy() != "")
        problems += table.flag(bounded & frame[end].isna(), end, "a bounded question needs a finite number")
        problems += table.flag(superfluous, end, "only a bounded question has ends: leave it empty")
    crossed = bounded & (frame["lower"] >= frame["upper"])
    return problems + table.flag(crossed, "upper", "the upper end must exceed the lower end")


def _realisations(table: Table, frame: pd.DataFrame) -> list[Problem]:
    problems = []
    stated = table.cells["realisation"].to_numpy() != ""
    for support in SUPPORTS:
        legal = contains(frame["realisation"], support, frame["lower"], frame["upper"])
        bad: NDArray[np.bool_] = np.asarray(frame["support"] == support) & stated & ~legal
        problems += table.flag(bad, "realisation", f"a realisation is {MEANING[support]}, or empty")
    return problems
