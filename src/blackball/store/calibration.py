"""A calibration on disk: its ranks, what they say, and a figure."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blackball.reporting.ecdf import ecdf
from blackball.reporting.style import saved, styled
from blackball.store.atomic import refusing_os_errors
from blackball.store.tables import write_csv

if TYPE_CHECKING:
    from blackball.inference import Calibration

__all__ = ["write_calibration"]


def write_calibration(found: Calibration, folder: Path) -> list[Path]:
    """Write `ranks.csv`, `uniformity.csv`, `sampled.csv`, `failures.csv` and the figure `ecdf`; old ones are replaced.

    Raises
    ------
    StudyError
        If they cannot be written.
    """
    tables = {
        "ranks": found.ranks.reset_index(),
        "uniformity": found.table,
        "sampled": found.sampled.reset_index(),
        "failures": found.failures,
    }
    for name, frame in tables.items():
        write_csv(frame, folder / f"{name}.csv")
    with refusing_os_errors("write the figure", folder), TemporaryDirectory(dir=folder, prefix=".ecdf.") as fresh:
        with styled():
            drawn = list(saved(ecdf(found), Path(fresh), "ecdf"))
        placed = [path.replace(folder / path.name) for path in drawn]
    return [*(folder / f"{name}.csv" for name in tables), *placed]
