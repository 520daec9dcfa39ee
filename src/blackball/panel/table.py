"""The text of one file of a panel, every cell with its place."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike

    from blackball.panel.schema import Schema

__all__ = ["Table", "as_table", "as_text", "plain", "table_of"]

PERCENT = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))\s*%")

EXACT = 10**15
"""Whole numbers below this are written without a decimal point and read back exactly."""


@dataclass(frozen=True)
class Table:
    """The text of one file, before anything is believed about it.

    Attributes
    ----------
    file : str
        Path as the user gave it.
    cells : pandas.DataFrame
        Every legal column as stripped text, empty where the file has nothing; the index is the line of the
        file, the header being line 1.
    """

    file: str
    cells: pd.DataFrame

    def flag(self, bad: ArrayLike, column: str, rule: str | Callable[[str], str]) -> list[Problem]:
        """Locate a problem in each bad row.

        Parameters
        ----------
        bad : array of bool, shape (rows,)
            Which rows break the rule.
        column : str
            The column at fault.
        rule : str or callable
            The rule, or a function that words it for the offending value.

        Returns
        -------
        list of Problem
        """
        chosen = self.cells.loc[np.asarray(bad, dtype=bool), column]
        return [
            Problem(self.file, rule if isinstance(rule, str) else rule(value), int(line), column, value)
            for line, value in zip(chosen.index, chosen.tolist(), strict=True)
        ]


def as_text(value: object) -> str:
    """Write one cell as text that reads back as the same value.

    Parameters
    ----------
    value : object
        Text, a number, or a missing value.

    Returns
    -------
    str
        Empty for a missing value; whole numbers without a decimal point; other numbers with as many digits
        as it takes to read them back exactly.
    """
    if isinstance(value, str):
        return value.strip()
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() and abs(number) < EXACT else repr(number)
    return str(value)


def plain(text: str) -> str:
    """Write a percent, such as `5%`, as a plain number; any other text stays as it is."""
    found = PERCENT.fullmatch(text)
    return as_text(float(f"{found[1]}e-2")) if found else text


def as_table(frame: pd.DataFrame, schema: Schema, file: str) -> Table:
    """Turn a typed frame of a panel back into the text of its file.

    Parameters
    ----------
    frame : pandas.DataFrame
        Typed frame; optional columns may be absent, further columns are left out.
    schema : Schema
        Which file it is.
    file : str
        What to call it in messages.

    Returns
    -------
    Table
        Rows are numbered as they would be in the file.
    """
    lines = pd.RangeIndex(2, len(frame) + 2)
    texts = {
        column: [as_text(value) for value in frame[column]] if column in frame else [""] * len(frame)
        for column in schema.columns
    }
    return Table(file, pd.DataFrame(texts, index=lines, columns=list(schema.columns), dtype="str"))


def table_of(columns: Mapping[str, Sequence[str]], lines: Sequence[int], schema: Schema, file: str) -> Table:
    """Make a table of columns of text.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Stripped cells by column; legal columns that are absent are empty, further columns are left out.
    lines : sequence of int
        Where in the file each row stands.
    schema : Schema
        Which file it is.
    file : str
        What to call it in messages.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        If there is no row.
    """
    if not lines:
        raise InputError([Problem(file, f"is empty: it needs at least one row of {schema.name}")])
    full = {name: columns.get(name, [""] * len(lines)) for name in schema.columns}
    return Table(file, pd.DataFrame(full, index=pd.Index(list(lines), dtype="int64"), dtype="str"))
