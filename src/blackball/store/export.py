"""What follows from a study's posterior, as files beside it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blackball.reporting.summary import write_csv, write_json, write_parquet
from blackball.reporting.written import write_latex, write_markdown
from blackball.store.atomic import refusing_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xarray as xr

    from blackball.decisions import Comparison

__all__ = ["SUMMARIES", "draw", "summarise", "write_zarr"]

SUMMARIES = {
    "summary.csv": write_csv,
    "summary.json": write_json,
    "summary.parquet": write_parquet,
    "summary.md": write_markdown,
    "summary.tex": write_latex,
}


def summarise(fit: xr.DataTree, comparison: Comparison, folder: Path) -> list[Path]:
    """Write the summary of a fit as CSV, JSON, Parquet, Markdown and LaTeX.

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
        `summary.csv`, `.json`, `.parquet`, `.md` and `.tex`.

    Raises
    ------
    StudyError
        If they cannot be written.
    """
    with _whole_files(folder, "write tables") as fresh:
        for name, write in SUMMARIES.items():
            write(comparison, fit, fresh / name)
    return [folder / name for name in SUMMARIES]


def draw(fit: xr.DataTree, comparison: Comparison, folder: Path) -> Path:
    """Draw the figures of a fit into `figures`, a folder in `folder`; parameters and errors as of `summarise`."""
    from blackball.reporting.figures import write_figures  # Matplotlib, which tables do without

    with _whole_files(folder, "write figures") as fresh:
        (fresh / "figures").mkdir()
        write_figures(fit, comparison, fresh / "figures")
        (folder / "figures").mkdir(exist_ok=True)
    return folder / "figures"


@contextmanager
def _whole_files(folder: Path, doing: str) -> Iterator[Path]:
    """Give a folder beside the files of another; they take their places there one by one, each whole, old or new."""
    with (
        refusing_os_errors(doing, folder),
        TemporaryDirectory(dir=folder, prefix=".export.") as temporary,
    ):
        yield Path(temporary)
        for path in sorted(file for file in Path(temporary).rglob("*") if file.is_file()):
            path.replace(folder / path.relative_to(temporary))


def write_zarr(fit: xr.DataTree, folder: Path) -> Path:
    """Write a fit as a Zarr store: `posterior.zarr`, the same groups and variables as `posterior.nc`.

    Parameters
    ----------
    fit : DataTree
    folder : Path
        An existing folder without one.

    Returns
    -------
    Path
        The store, whole: it is written under another name and then renamed.

    Raises
    ------
    StudyError
        If it cannot be written.
    """
    store = folder / "posterior.zarr"
    doing = refusing_os_errors("write the Zarr store", store)
    with doing, TemporaryDirectory(dir=folder, prefix=".export.") as temporary:
        fresh = Path(temporary) / store.name
        # Consolidated metadata are no part of the Zarr 3 specification, so that other readers may not know them.
        fit.to_zarr(fresh, consolidated=False)
        fresh.rename(store)
    return store
