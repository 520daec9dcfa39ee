"""Check and type the table of experts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from blackball.errors import Problem
    from blackball.panel.table import Table

__all__ = ["experts_of"]

COUNT = re.compile(r"0*[1-9][0-9]{0,11}")


def experts_of(table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """Check and type the table of experts.

    Parameters
    ----------
    table : Table

    Returns
    -------
    frame : pandas.DataFrame
        Columns expert, name (the id where empty), camp (the id where empty: a camp of one's own),
        n (Int64: people behind a published group statistic, else missing), source. Only to be used if there
        are no problems.
    problems : list of Problem
    """
    cells = table.cells
    counted = np.array([bool(COUNT.fullmatch(text)) for text in cells["n"]])
    problems = [
        *table.flag(cells["expert"] == "", "expert", "an expert needs an id"),
        *table.flag(cells["expert"].duplicated() & (cells["expert"] != ""), "expert", "an expert has one row only"),
        *table.flag(~counted & (cells["n"] != ""), "n", "a number of people is a positive integer, or empty"),
        *table.flag(cells["source"] == "", "source", "every row names its source"),
    ]
    frame = cells.reset_index(drop=True)
    for column in ("name", "camp"):
        frame[column] = frame[column].where(frame[column] != "", frame["expert"])
    people = [int(text) if sound else pd.NA for text, sound in zip(cells["n"], counted, strict=True)]
    frame["n"] = pd.array(people, dtype="Int64")
    return frame, problems
