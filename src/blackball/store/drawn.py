"""Tables and a figure in a folder that is written to again and again: each is replaced whole or not at all."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blackball.reporting.style import saved, styled
from blackball.store.atomic import refusing_os_errors
from blackball.store.tables import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["write_drawn", "write_tables"]


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write each table as a CSV file of its name.

    Raises
    ------
    StudyError
        If one cannot be written.
    """
    for name, frame in tables.items():
        write_csv(frame, folder / f"{name}.csv")
    return [folder / f"{name}.csv" for name in tables]


def write_drawn(draw: Callable[[], Figure], folder: Path, name: str) -> list[Path]:
    """Draw a figure in the house style and write it as SVG and PNG.

    Raises
    ------
    StudyError
        If it cannot be written.
    """
    with refusing_os_errors("write the figure", folder), TemporaryDirectory(dir=folder, prefix=f".{name}.") as fresh:
        with styled():
            drawn = list(saved(draw(), Path(fresh), name))
        return [path.replace(folder / path.name) for path in drawn]
