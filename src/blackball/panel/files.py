"""Read the bytes of a CSV or Parquet file into a table of text, locating whatever stands in the way."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from blackball.errors import InputError, Problem
from blackball.panel.table import Table, as_text
from blackball.panel.words import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from blackball.panel.schema import Schema

__all__ = ["FORMATS", "read_table"]

FORMATS = ("csv", "parquet")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


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
    path = Path(file)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError([Problem(str(file), "no such file")]) from None
    except OSError as error:
        raise InputError([Problem(str(file), f"cannot be read: {error.strerror}")]) from None
    if path.suffix.lower() == ".parquet":
        return _parquet(data, schema, str(file))
    return _csv(data, schema, str(file))


def _csv(data: bytes, schema: Schema, file: str) -> Table:
    reader = csv.reader(io.StringIO(_decode(data, file), newline=""), strict=True)
    lines, rows, before = [], [], 0
    try:
        for row in reader:
            if row:  # a blank line is no row
                lines.append(before + 1)  # a quoted cell may span lines: a row is where it begins
                rows.append([cell.strip() for cell in row])
            before = reader.line_num
    except csv.Error as error:
        raise InputError([Problem(file, f"not a CSV row: {error}", before + 1)]) from None
    if not rows:
        raise InputError([Problem(file, f"is empty; its first line names columns {_all(schema)}")])
    header = rows[0]
    problems = _columns(header, schema, file)
    problems += [
        Problem(file, f"has {len(row)} fields where the header names {len(header)}", line)
        for line, row in zip(lines, rows, strict=True)
        if len(row) != len(header)
    ]
    if problems:
        raise InputError(problems)
    columns = dict(zip(header, zip(*rows[1:], strict=True), strict=False))
    return _table(columns, lines[1:], schema, file)


def _decode(data: bytes, file: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        byte = data[error.start : error.start + 1]
        raise InputError([Problem(file, "is not UTF-8 text: save it as UTF-8", line, value=byte)]) from None
    control = CONTROL.search(text)
    if control:
        line = text[: control.start()].count("\n") + 1
        raise InputError([Problem(file, "control characters are no text", line, value=control.group())])
    return text


def _parquet(data: bytes, schema: Schema, file: str) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        stored = pq.read_table(pa.BufferReader(data), page_checksum_verification=True)
        stored.validate(full=True)
        columns = [column.to_pylist() for column in stored.columns]
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError([Problem(file, f"is not a sound Parquet file: {str(error)[:200]}")]) from None
    names = stored.column_names
    problems = _columns(names, schema, file)
    if not problems:
        problems = [
            Problem(file, f"holds {column.type}; a column holds text or numbers", column=name)
            for name, column in zip(names, stored.columns, strict=True)
            if not _is_plain(column.type)
        ]
    if problems:
        raise InputError(problems)
    texts = {name: [as_text(cell) for cell in cells] for name, cells in zip(names, columns, strict=True)}
    problems = [
        Problem(file, "control characters are no text", line, name, cell)
        for name, cells in texts.items()
        for line, cell in enumerate(cells, 2)
        if CONTROL.search(cell)
    ]
    if problems:
        raise InputError(problems)
    return _table(texts, range(2, stored.num_rows + 2), schema, file)


def _is_plain(kind: pa.DataType) -> bool:
    from pyarrow import types

    plain = (types.is_string, types.is_large_string, types.is_integer, types.is_floating, types.is_null)
    value = kind.value_type if types.is_dictionary(kind) else kind
    return any(test(value) for test in plain)


def _columns(header: Sequence[str], schema: Schema, file: str) -> list[Problem]:
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


def _table(columns: Mapping[str, Sequence[str]], lines: Sequence[int], schema: Schema, file: str) -> Table:
    if not lines:
        raise InputError([Problem(file, f"is empty: it needs at least one row of {schema.name}")])
    full = {name: columns.get(name, [""] * len(lines)) for name in schema.columns}
    return Table(file, pd.DataFrame(full, index=pd.Index(list(lines), dtype="int64"), dtype="str"))
