"""Read a regimes file and report everything that is wrong with it at once."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from blackball.errors import InputError, Problem
from blackball.regimes.path import path_problems
from blackball.regimes.regimes import Regimes
from blackball.regimes.schema import RegimeRow, RegimesFile, Setting, Shift

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

__all__ = ["parse_regimes", "read_regimes"]


def read_regimes(path: str | Path) -> Regimes:
    """Read a regimes TOML file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Regimes

    Raises
    ------
    InputError
        With every problem found, located by file and dotted key.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise InputError([Problem(str(path), f"is not UTF-8 text: {error.reason}")]) from None
    return parse_regimes(text, str(path))


def parse_regimes(text: str, source: str) -> Regimes:
    """Parse the text of a regimes file; `source` names it in messages.

    Raises
    ------
    InputError
        With every problem found, located by file and dotted key.
    """
    try:
        document = tomllib.loads(text)
    except ValueError as error:  # no TOML, or a number of more digits than Python reads
        raise InputError([Problem(source, f"is not valid TOML: {error}")]) from None
    problems, file = [], None
    try:
        file = RegimesFile.model_validate(document)
    except ValidationError as error:
        problems += [_problem(source, detail) for detail in error.errors()]
    problems += [replace(problem, file=source) for problem in _of_paths(document)]
    if problems or file is None:
        raise InputError(problems)
    ordered = [file.reference, *(name for name in file.regime if name != file.reference)]
    return Regimes(source, text, {name: file.regime[name] for name in ordered})


def _of_paths(document: dict[str, Any]) -> Iterator[Problem]:
    """Find what is wrong with regimes between others, whatever else is wrong with the file."""
    named = document.get("regime")
    if isinstance(named, dict):
        valid = {}
        for name, row in named.items():
            with suppress(ValidationError):
                valid[name] = RegimeRow.model_validate(row)
        yield from path_problems(valid, named, str(document.get("reference")))


def _problem(source: str, detail: ErrorDetails) -> Problem:
    """Turn one pydantic error into a located problem."""
    place = [str(part) for part in detail["loc"] if part != "[key]"]
    rule = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        rule = _unknown(place)
    if detail["type"] == "string_pattern_mismatch":
        rule = "a name has letters, digits and _, and begins with a letter"
    if detail["type"] == "missing":
        rule = "is missing"
    table = detail["type"] == "missing" or isinstance(detail["input"], dict)
    return Problem(source, rule, column=".".join(place) or None, value=None if table else detail["input"])


def _unknown(place: list[str]) -> str:
    """Say which keys the table of an unknown key has; the depth of a key tells which table it is in."""
    tables: dict[int, type[BaseModel]] = {1: RegimesFile, 3: RegimeRow}
    table = tables.get(len(place)) or (Setting if place[2] == "sets" else Shift)
    near = difflib.get_close_matches(place[-1], table.model_fields, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"is no key of this table{hint} (valid: {', '.join(table.model_fields)})"
