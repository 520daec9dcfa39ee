"""Read a panel, or new judgements for one, from files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.excalibur import is_excalibur, read_excalibur
from blackball.panel.files import FORMATS, read_table
from blackball.panel.panel import panel_of
from blackball.panel.schema import SCHEMAS

if TYPE_CHECKING:
    from blackball.panel.panel import Panel
    from blackball.panel.schema import Schema
    from blackball.panel.table import Table

__all__ = ["read_panel"]


def read_panel(path: str | Path) -> Panel:
    """Read a panel: a folder with judgements, experts and questions, each as CSV or Parquet, or a study of Excalibur.

    Parameters
    ----------
    path : str or Path
        A folder that holds `judgements.csv`, `experts.csv` and `questions.csv`, or the same with `.parquet`; or a file
        that ends in `.dtt`, in any case, as `read_excalibur` takes it.

    Returns
    -------
    Panel
        Named after the folder or the file.

    Raises
    ------
    InputError
        With every problem found, each located by file, row, column and value.
    """
    if is_excalibur(path):
        return read_excalibur(path)
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for schema in SCHEMAS:
        try:
            tables[schema.name] = read_table(_find(Path(path), schema), schema)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    name = Path(path).resolve().name
    return panel_of(name, tables["judgements"], tables["experts"], tables["questions"])


def _find(folder: Path, schema: Schema) -> Path:
    paths = [folder / f"{schema.name}.{kind}" for kind in FORMATS]
    there = [path for path in paths if path.exists()]
    if len(there) == 1:
        return there[0]
    rule = f"{paths[1].name} is there too: keep one" if there else f"no such file, and no {paths[1].name}"
    raise InputError([Problem(str(paths[0]), rule)])
