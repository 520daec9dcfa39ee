"""Who moves what, on disk: tables and a figure."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blackball.reporting.pits import pits
from blackball.reporting.style import saved, styled
from blackball.store.atomic import refusing_os_errors
from blackball.store.tables import write_csv

if TYPE_CHECKING:
    from blackball.decisions.influence import Influence

__all__ = ["write_influence"]


def write_influence(influence: Influence, folder: Path) -> list[Path]:
    """Write `moves.csv`, `refits.csv`, `answers.csv`, `experts.csv` and the figure `pit`; what is there is replaced.

    Raises
    ------
    StudyError
        If they cannot be written.
    """
    tables = {name: getattr(influence, name) for name in ("moves", "refits", "answers", "experts")}
    for name, frame in tables.items():
        write_csv(frame, folder / f"{name}.csv")
    with refusing_os_errors("write the figure", folder), TemporaryDirectory(dir=folder, prefix=".pit.") as fresh:
        with styled():
            drawn = list(saved(pits(influence), Path(fresh), "pit"))
        placed = [path.replace(folder / path.name) for path in drawn]
    return [*(folder / f"{name}.csv" for name in tables), *placed]
