"""A calibration on disk: its ranks, what they say, and a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.reporting.ecdf import ecdf
from blackball.store.drawn import write_drawn, write_tables
from blackball.store.for_report import write_for_report

if TYPE_CHECKING:
    from blackball.inference import Calibration

__all__ = ["write_calibration"]


def write_calibration(found: Calibration, folder: Path) -> list[Path]:
    """Write `ranks.csv`, `uniformity.csv`, `sampled.csv`, `failures.csv`, the figure `ecdf`, and what a report shows.

    Old ones are replaced.

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
    drawn = write_drawn(lambda: ecdf(found), folder, "ecdf")
    return [*write_tables(tables, folder), *drawn, write_for_report(found, folder)]
