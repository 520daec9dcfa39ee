"""Bring a panel from one kind of file to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.excalibur import is_excalibur, pair_of, write_excalibur
from blackball.panel.files import FORMATS
from blackball.panel.read import read_panel
from blackball.panel.schema import SCHEMAS
from blackball.panel.survey import read_survey
from blackball.panel.words import unknown
from blackball.panel.write import write_panel

if TYPE_CHECKING:
    from blackball.panel.panel import Panel

__all__ = ["convert"]

WIDE = tuple(f".{format}" for format in FORMATS)


def convert(
    source: str | Path, target: str | Path, questions: str | Path | None = None, *, format: str = "csv"
) -> list[Path]:
    """Read a panel from files of one kind and write it to files of another.

    Parameters
    ----------
    source : str or Path
        A panel's folder, a study of Excalibur (`.dtt`), or a wide survey table (CSV or Parquet).
    target : str or Path
        A new or empty folder, or a path that ends in `.dtt`, in any case.
    questions : str or Path, optional
        File with the questions of a wide table, which needs one.
    format : {"csv", "parquet"}, optional
        Of the files in a folder.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    InputError
        If the source is wrong, the target cannot hold it, or something is there already; nothing is then written.
    SetupError
        If the target cannot be written.
    """
    problems = _in_the_way(Path(target), format)
    try:
        panel = _read(source, questions)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        raise InputError(problems)
    if is_excalibur(target):
        return write_excalibur(panel, target)
    write_panel(panel, target, format)
    return [Path(target) / f"{schema.name}.{format}" for schema in SCHEMAS]


def _read(source: str | Path, questions: str | Path | None) -> Panel:
    path, file = Path(source), str(source)
    wide = path.suffix.lower() in WIDE and not path.is_dir()
    if wide and questions is not None:
        return read_survey(source, questions)
    if wide:
        raise InputError([Problem(file, "is a wide table, which needs a file with its questions beside it")])
    if path.is_file() and not is_excalibur(path):
        rule = f"is no panel's folder, no study of Excalibur (.dtt) and no wide table ({', '.join(WIDE)})"
        raise InputError([Problem(file, rule)])
    if questions is not None:
        raise InputError([Problem(str(questions), "only a wide table needs questions: a panel brings its own")])
    return read_panel(source)


def _in_the_way(target: Path, format: str) -> list[Problem]:
    """Find why nothing could be written there, whatever it is."""
    if format not in FORMATS:
        return [Problem(str(target), unknown("format", format, FORMATS), column="format", value=format)]
    if is_excalibur(target):
        names = {path.name.lower() for path in pair_of(target)}
        beside = sorted(target.parent.iterdir()) if target.parent.is_dir() else []
        problems = [Problem(str(one), "is there already, and stays") for one in beside if one.name.lower() in names]
        if format != "csv":
            problems.append(
                Problem(str(target), "a study of Excalibur has a format of its own", None, "format", format)
            )
        return problems
    if target.suffix.lower() in (*WIDE, ".rls") and not target.is_dir():
        return [Problem(str(target), "a panel is written to a folder, or to a path that ends in .dtt")]
    if target.exists() and not target.is_dir():
        return [Problem(str(target), "is a file; name a new or empty folder, or a path that ends in .dtt")]
    if target.is_dir() and any(target.iterdir()):
        return [Problem(str(target), "the folder is not empty; name a new or empty one, nothing was written")]
    return []
