"""Read a regimes file and report everything that is wrong with it at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from blackball.errors import InputError, Problem
from blackball.regimes.regimes import Regimes
from blackball.regimes.schema import RegimesFile

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
        file = RegimesFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(source, f"is not valid TOML: {error}")]) from None
    except ValidationError as error:
        raise InputError(_problem(source, detail) for detail in error.errors()) from None
    ordered = [file.reference, *(name for name in file.regime if name != file.reference)]
    return Regimes(source, text, {name: file.regime[name] for name in ordered})


def _problem(source: str, detail: object) -> Problem:
    """Turn one pydantic error into a located problem."""
    assert isinstance(detail, dict)
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        message = "is no key of this table; regimes have title, jurisdiction, start, duration, held_fixed, "
        message += "sets and shifts; a setting has to and source; a shift has odds, times or plus, and source"
    key = ".".join(str(part) for part in detail["loc"]) or None
    value = None if detail["type"] == "missing" or isinstance(detail["input"], dict) else detail["input"]
    return Problem(source, message, column=key, value=value)
