"""Read the bytes of a CSV or Parquet file into columns of text, locating whatever stands in the way."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.table import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    Judge = Callable[[Sequence[str]], list[Problem]]
    Columns = tuple[dict[str, Sequence[str]], Sequence[int]]

__all__ = ["CONTROL", "read_bytes", "read_columns"]

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that are no text."""


def read_columns(file: str | Path, judge: Judge, meant: str) -> Columns:
    """Read the columns of a file as text, whatever they are called.

    Parameters
    ----------
    file : str or Path
        A UTF-8 CSV file, or a Parquet file if it is called so.
    judge : callable
        Finds what is wrong with the names of the columns.
    meant : str
        Which columns such a file has, in words.

    Returns
    -------
    columns : dict of str to sequence of str
        Stripped cells by column, empty where the file has nothing.
    lines : sequence of int
        Line of the file of each row, the header being line 1.

    Raises
    ------
    InputError
        If the file is missing or unreadable, is not UTF-8, has ragged rows, or has columns that are judged wrong.
    """
    data = read_bytes(file)
    if Path(file).suffix.lower() == ".parquet":
        return _parquet(data, judge, str(file))
    return _csv(data, judge, meant, str(file))


def read_bytes(file: str | Path) -> bytes:
    """Read a file.

    Raises
    ------
    InputError
        If it is missing or unreadable.
    """
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise InputError([Problem(str(file), "no such file")]) from None
    except OSError as error:
        raise InputError([Problem(str(file), f"cannot be read: {error.strerror}")]) from None


def _csv(data: bytes, judge: Judge, meant: str, file: str) -> Columns:
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
        raise InputError([Problem(file, f"is empty; its first line names columns {meant}")])
    header = rows[0]
    problems = judge(header)
    problems += [
        Problem(file, f"has {len(row)} fields where the header names {len(header)}", line)
        for line, row in zip(lines, rows, strict=True)
        if len(row) != len(header)
    ]
    if problems:
        raise InputError(problems)
    return {name: [row[place] for row in rows[1:]] for place, name in enumerate(header)}, lines[1:]


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


def _parquet(data: bytes, judge: Judge, file: str) -> Columns:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        stored = pq.read_table(pa.BufferReader(data), page_checksum_verification=True)
        stored.validate(full=True)
        columns = [column.to_pylist() for column in stored.columns]
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError([Problem(file, f"is not a sound Parquet file: {str(error)[:200]}")]) from None
    names = stored.column_names
    problems = judge(names)
    if not problems:
        problems = [
            Problem(file, f"holds {column.type}; a column holds text or numbers", column=name)
            for name, column in zip(names, stored.columns, strict=True)
            if not _is_plain(column.type)
        ]
    if problems:
        raise InputError(problems)
    texts: dict[str, Sequence[str]] = {
        name: [as_text(cell) for cell in cells] for name, cells in zip(names, columns, strict=True)
    }
    problems = [
        Problem(file, "control characters are no text", line, name, cell)
        for name, cells in texts.items()
        for line, cell in enumerate(cells, 2)
        if CONTROL.search(cell)
    ]
    if problems:
        raise InputError(problems)
    return texts, range(2, stored.num_rows + 2)


def _is_plain(kind: pa.DataType) -> bool:
    from pyarrow import types

    plain = (types.is_string, types.is_large_string, types.is_integer, types.is_floating, types.is_null)
    value = kind.value_type if types.is_dictionary(kind) else kind
    return any(test(value) for test in plain)
