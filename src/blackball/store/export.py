"""What follows from a study's posterior, as files beside it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blackball.reporting.figures import write_figures
from blackball.reporting.summary import write_csv, write_json
from blackball.store.atomic import refusing_os_errors

if TYPE_CHECKING:
    import xarray as xr

    from blackball.decisions import Comparison

__all__ = ["export"]


def export(fit: xr.DataTree, comparison: Comparison, folder: Path) -> list[Path]:
    """Write `summary.csv`, `summary.json` and the figures of a fit.

    All are written beside the folder's own files first and take their places one by one, so that a failure
    leaves whole files, old or new.

    Parameters
    ----------
    fit : DataTree
    comparison : Comparison
        Of that fit.
    folder : Path
        An existing folder.

    Returns
    -------
    list of Path
        `summary.csv`, `summary.json`, and the folder `figures`.

    Raises
    ------
    StudyError
        If they cannot be written.
    """
    with (
        refusing_os_errors("write tables and figures", folder),
        TemporaryDirectory(dir=folder, prefix=".export.") as temporary,
    ):
        fresh = Path(temporary)
        write_csv(comparison, fit, fresh / "summary.csv")
        write_json(comparison, fit, fresh / "summary.json")
        (fresh / "figures").mkdir()
        write_figures(fit, comparison, fresh / "figures")
        (folder / "figures").mkdir(exist_ok=True)
        for path in sorted(file for file in fresh.rglob("*") if file.is_file()):
            path.replace(folder / path.relative_to(fresh))
    return [folder / "summary.csv", folder / "summary.json", folder / "figures"]
