"""The table of losses: what each outcome costs whoever decides, and what each regime costs in itself.

A row with an outcome is a loss if that outcome happens (or, for an outcome that is no probability, for each unit of
it); a row without one is a cost that its regime has in any case, such as delay. An empty regime means all that no
other row of the same outcome names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.headlines import same_spelling
from blackball.errors import InputError, Problem
from blackball.panel.files import read_table
from blackball.panel.schema import Schema
from blackball.panel.table import as_table
from blackball.panel.words import numbers, unknown

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from blackball.panel.table import Table

__all__ = ["Losses", "losses_of", "read_losses"]

LOSSES = Schema("losses", ("outcome", "at", "regime", "loss", "unit", "source"), ("at", "regime"))
PLACE = ["outcome", "at", "regime"]


@dataclass(frozen=True, eq=False)
class Losses:
    """A table of losses, checked in itself but not yet against a fit.

    Attributes
    ----------
    file : str
        Where it comes from.
    unit : str
        What losses are counted in.
    rows : pandas.DataFrame
        outcome, at, regime (texts, perhaps empty), loss (finite; below 0 it is a gain), source and illustrative
        (whether the source says so); the index is the line of the file.
    """

    file: str
    unit: str
    rows: pd.DataFrame


def read_losses(file: str | Path) -> Losses:
    """Read a table of losses.

    Parameters
    ----------
    file : str or Path
        CSV, or Parquet if it is called so, with the columns outcome, at (such as `horizon=2050`), regime, loss, unit
        and source.

    Raises
    ------
    InputError
        If the file cannot be read, or a row is wrong in itself; all problems at once.
    """
    return _checked(read_table(file, LOSSES))


def losses_of(frame: pd.DataFrame) -> Losses:
    """Check a table of losses made in a script.

    Parameters
    ----------
    frame : pandas.DataFrame
        The columns of a file of losses; `at` and `regime` may be absent.

    Raises
    ------
    InputError
        As `read_losses`; rows are counted as in a file.
    """
    problems = [
        Problem("losses", "lacks this column", column=name)
        for name in LOSSES.columns
        if name not in frame and name not in LOSSES.optional
    ]
    problems += [
        Problem("losses", unknown("column", str(name), LOSSES.columns), column=str(name))
        for name in frame.columns
        if name not in LOSSES.columns
    ]
    if problems:
        raise InputError(problems)
    if frame.empty:
        raise InputError([Problem("losses", "is empty: it needs at least one row of losses")])
    return _checked(as_table(frame, LOSSES, "losses"))


def _checked(table: Table) -> Losses:
    """Turn text into numbers, or say what is wrong with it.

    Raises
    ------
    InputError
        With all problems, in the order of rows.
    """
    cells = table.cells.assign(at=table.cells["at"].map(same_spelling))
    loss = numbers(cells["loss"].tolist())
    unit = cells["unit"].iloc[0]
    spelled = cells[PLACE].apply(", ".join, axis=1)
    problems = [
        *table.flag(
            np.isnan(loss),
            "loss",
            "must be a finite number and no percent: the loss if it happens, or a cost",
        ),
        *table.flag(cells["unit"] == "", "unit", "must say what losses are counted in, such as billion euros"),
        *table.flag((cells["unit"] != "") & (cells["unit"] != unit), "unit", f"all losses are in one unit, {unit!r}"),
        *table.flag(cells["source"] == "", "source", "must say where the number comes from, or `illustrative: why`"),
        *table.flag((cells["outcome"] == "") & (cells["at"] != ""), "at", "a cost without an outcome has no labels"),
        *table.flag(spelled.duplicated(), "outcome", "an earlier row states the loss of this outcome here"),
    ]
    if not problems and (cells["outcome"] == "").all():
        problems = [Problem(table.file, "names no outcome, so that the posterior has no say in the choice")]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    illustrative = cells["source"].str.lower().str.startswith("illustrative")
    rows = cells[PLACE].assign(loss=loss, source=cells["source"], illustrative=illustrative)
    return Losses(table.file, unit, rows)
