"""A sensitivity analysis on disk: its tables, and tornados as figures."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blackball.errors import StudyError
from blackball.reporting.style import saved, styled
from blackball.reporting.tornado import tornado
from blackball.store.atomic import refuse_taken, refusing_os_errors
from blackball.store.for_report import write_for_report

if TYPE_CHECKING:
    from blackball.decisions import Sensitivity

__all__ = ["check_new", "write_sensitivity"]


def check_new(folder: Path) -> None:
    """Refuse a folder that is not new or empty, before anything is computed.

    Raises
    ------
    StudyError
        If it is a file or holds something.
    """
    refuse_taken(folder)
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir():
        raise StudyError(f"{folder}: cannot be written: {there} is no folder")


def write_sensitivity(sensitivity: Sensitivity, folder: Path, regimes: list[str]) -> list[Path]:
    """Write `shares.csv`, `tornado.csv` and a tornado of each regime to a new or empty folder, all or nothing.

    Parameters
    ----------
    sensitivity : Sensitivity
    folder : Path
    regimes : list of str
        Regimes to draw; the reference without any.

    Raises
    ------
    StudyError
        If the folder is not empty or cannot be written.
    """
    check_new(folder)
    tables = {"shares": sensitivity.shares, "tornado": sensitivity.tornado, "unexplained": sensitivity.unexplained}
    with refusing_os_errors("write tables and figures", folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
            fresh = Path(temporary) / "whole"
            fresh.mkdir()
            for name, table in tables.items():
                table.assign(model=sensitivity.model, verdict=sensitivity.verdict).to_csv(
                    fresh / f"{name}.csv", index=False, lineterminator="\n"
                )
            with styled():
                for regime in regimes or [sensitivity.reference]:
                    name = f"tornado-{regime}" if regime else "tornado"
                    list(saved(tornado(sensitivity, regime), fresh, name))
            write_for_report(sensitivity, fresh)
            fresh.replace(folder)
    return sorted(folder.iterdir())
