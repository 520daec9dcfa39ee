"""Read one of a panel's files into a table of text, with the columns that it may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.errors import Problem
from blackball.panel.columns import read_columns
from blackball.panel.table import table_of
from blackball.panel.words import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blackball.panel.schema import Schema
    from blackball.panel.table import Table

__all__ = ["FORMATS", "read_table"]

FORMATS = ("csv", "parquet")


def read_table(file: str | Path, schema: Schema) -> Table:
    """Read one file of a panel as text.

    Parameters
    ----------
    file : str or Path
        A UTF-8 CSV file, or a Parquet file if it is called so.
    schema : Schema
        Which columns it may and must have.

    Returns
    -------
    Table

    Raises
    ------
    InputError
        If the file is missing or unreadable, is not UTF-8, has ragged rows, or has the wrong columns.
    """
    columns, lines = read_columns(file, lambda header: _columns(header, schema, str(file)), _all(schema))
    return table_of(columns, lines, schema, str(file))


def _columns(header: Sequence[str], schema: Schema, file: str) -> list[Problem]:
    if len(header) == 1 and ";" in header[0]:
        rule = "has columns separated by semicolons, as some spreadsheets write them: save it with commas"
        return [Problem(file, rule, 1)]
    problems = [
        Problem(file, unknown("column", name, schema.columns), 1, name, name)
        for name in header
        if name not in schema.columns
    ]
    problems += [
        Problem(file, "names this column twice", 1, name, name) for name in schema.columns if header.count(name) > 1
    ]
    problems += [
        Problem(file, f"lacks this column; its columns are {_all(schema)}", 1, name)
        for name in schema.columns
        if name not in header and name not in schema.optional
    ]
    return problems


def _all(schema: Schema) -> str:
    return ", ".join(f"{name} (optional)" if name in schema.optional else name for name in schema.columns)
