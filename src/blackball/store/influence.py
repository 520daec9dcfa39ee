"""Who moves what, on disk: tables and a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.reporting.pits import pits
from blackball.store.drawn import write_drawn, write_tables
from blackball.store.for_report import write_for_report

if TYPE_CHECKING:
    from blackball.decisions.influence import Influence

__all__ = ["write_influence"]


def write_influence(influence: Influence, folder: Path) -> list[Path]:
    """Write `moves.csv`, `refits.csv`, `answers.csv`, `experts.csv`, the figure `pit`, and what a report shows of it.

    What is there is replaced.

    Raises
    ------
    StudyError
        If they cannot be written.
    """
    tables = {name: getattr(influence, name) for name in ("moves", "refits", "answers", "experts")}
    drawn = write_drawn(lambda: pits(influence), folder, "pit")
    return [*write_tables(tables, folder), *drawn, write_for_report(influence, folder)]
