"""Check what only the rows of one answer together can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.panel.quantiles import quantiles
from blackball.panel.schema import PARTS
from blackball.panel.typed import cell_ids
from blackball.panel.words import pair

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from blackball.errors import Problem
    from blackball.panel.table import Table

    Mask = NDArray[np.bool_]

__all__ = ["answer_problems", "level_keys"]


def answer_problems(table: Table, frame: pd.DataFrame, sound: Mask, questions: pd.DataFrame) -> list[Problem]:
    """Check the answers whose rows are all sound: one form, no duplicates, complete and in order.

    Parameters
    ----------
    table : Table
        The text of the judgements.
    frame : pandas.DataFrame
        The same rows, typed.
    sound : ndarray of bool, shape (rows,)
        Rows with no problem of their own.  An answer with an unsound row is not checked further.
    questions : pandas.DataFrame
        Typed questions.

    Returns
    -------
    list of Problem
    """
    cell = cell_ids(frame)
    keep = ~np.isin(cell, cell[~sound])
    first = frame["form"].groupby(cell).transform("first")
    mixed = keep & (frame["form"] != first).to_numpy()
    duplicate = keep & frame.assign(cell=cell, key=level_keys(frame)).duplicated(["cell", "form", "key"])
    problems = [
        *table.flag(mixed, "form", "an answer is put in one form; another row of it has another"),
        *table.flag(duplicate, "level", "duplicate: the same level of the same answer stands above"),
    ]
    keep &= ~np.isin(cell, cell[mixed | duplicate])
    if not keep.any():
        return problems
    incomplete, faults = _incomplete(table, frame, cell, keep)
    keep &= ~incomplete
    return [*problems, *faults, *(_disorder(table, frame, cell, keep, questions) if keep.any() else [])]


def level_keys(frame: pd.DataFrame) -> pd.Series[str]:
    """Levels as keys under which 0.5 and 0.50 are the same.

    Parameters
    ----------
    frame : pandas.DataFrame
        Typed judgements.

    Returns
    -------
    pandas.Series of str, shape (rows,)
    """
    return frame["level"].where(frame["probability"].isna(), frame["probability"].astype("str"))


def _incomplete(table: Table, frame: pd.DataFrame, cell: NDArray[np.int64], keep: Mask) -> tuple[Mask, list[Problem]]:
    """Find answers that lack something: parts of an interval, chips, a second quantile."""
    first = ~frame.assign(cell=cell).duplicated("cell").to_numpy() & keep
    form = frame["form"].to_numpy()
    size = frame["form"].groupby(cell).transform("size").to_numpy()
    partial = first & (form == "interval") & (size < len(PARTS))
    off_median = frame["probability"].notna() & (frame["probability"] != 0.5)
    lone = first & (size == 1) & off_median.to_numpy()
    problems = table.flag(partial, "level", f"an interval has all of {', '.join(PARTS)}")
    problems += table.flag(
        lone, "level", "a single quantile places nothing unless it is the median: give 0.5, or two levels"
    )
    pointless = first & (frame["level"] == "").to_numpy() & (form == "ratio") & (size > 1)
    problems += table.flag(pointless, "level", "a ratio is one number without a level, or several with levels")
    overlapping, empty = _chip_faults(frame, cell, keep & (form == "chips"))
    problems += table.flag(overlapping, "level", "bins of one answer may not overlap")
    problems += table.flag(first & empty, "value", "at least one bin holds a chip")
    faulty = partial | lone | pointless | overlapping | empty
    return np.isin(cell, cell[faulty]), problems


def _chip_faults(frame: pd.DataFrame, cell: NDArray[np.int64], chips: Mask) -> tuple[Mask, Mask]:
    """Say which bins begin before the one below them ends, and which rows belong to answers without chips."""
    overlapping, empty = np.zeros_like(chips), np.zeros_like(chips)
    if chips.any():
        rows = np.flatnonzero(chips)
        low, high = pair(frame["level"][chips].tolist()).T
        order = np.lexsort((low, cell[rows]))
        same = cell[rows][order][1:] == cell[rows][order][:-1]
        overlapping[rows[order][1:]] = same & (low[order][1:] < high[order][:-1])
        total = frame["number"][chips].groupby(cell[chips]).transform("sum")
        empty[rows] = total.to_numpy() == 0
    return overlapping, empty


def _disorder(
    table: Table, frame: pd.DataFrame, cell: NDArray[np.int64], keep: Mask, questions: pd.DataFrame
) -> list[Problem]:
    """Find quantiles that do not increase with their level."""
    kept = np.flatnonzero(keep)
    found = quantiles(frame.iloc[kept], cell[kept])
    row = kept[found["row"].to_numpy()]
    support = frame["question"].map(questions.set_index("question")["support"]).to_numpy()[row]
    same = np.concatenate([[False], np.diff(found["cell"]) == 0])
    step = np.concatenate([[0.0], np.diff(found["value"])])
    # Neighbours of a probability may be equal because both were rounded; elsewhere nothing was.
    rounded = (support == "probability") & found["grained"].to_numpy()
    falling, flat = np.zeros_like(keep), np.zeros_like(keep)
    falling[row[same & (step < 0)]] = True
    flat[row[same & (step == 0) & ~rounded]] = True
    return [
        *table.flag(falling, "value", "quantiles cross: a value may not lie below that of a lower level"),
        *table.flag(flat, "value", "no width: two levels have the same value, and no rounding explains it"),
    ]
