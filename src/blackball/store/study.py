"""A study: one folder that holds a fit, what was exported from it, and every earlier state.

`posterior.nc` is the study; everything else in the folder follows from it. A new state takes its place in one
step, after the old one was kept as `history/NNNN.nc`, so that a kill at any moment leaves a whole study.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from blackball.errors import StudyError
from blackball.store.atomic import refusing_os_errors, replacing

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Study", "create_study", "open_study"]

SCHEMA = 1


@dataclass(frozen=True)
class Study:
    """A folder with a fit in it.

    Attributes
    ----------
    folder : Path
    """

    folder: Path

    @property
    def posterior(self) -> Path:
        """The file that is the study."""
        return self.folder / "posterior.nc"

    def read(self) -> xr.DataTree:
        """Read the fit.

        Raises
        ------
        StudyError
            If the file is damaged, or written by another version of the layout.
        """
        return _read(self.posterior)

    def write(self, fit: xr.DataTree) -> None:
        """Make a fit the study's state; the one before is kept in `history/`.

        Raises
        ------
        StudyError
            If it cannot be written; the study is then as before.
        """
        with refusing_os_errors("write the study", self.posterior), replacing(self.posterior) as part:
            # Keep the old state before the new one takes its place: a kill between the two loses nothing.
            fit.to_netcdf(part, engine="h5netcdf")
            if self.posterior.exists():
                self._keep(int(fit.attrs["state"]) - 1)

    def _keep(self, state: int) -> None:
        kept = self.folder / "history" / f"{state:04d}.nc"
        kept.parent.mkdir(exist_ok=True)
        with replacing(kept) as part:
            copyfile(self.posterior, part)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the study for one writer.

        Raises
        ------
        StudyError
            If another process is writing it.
        """
        from filelock import FileLock, Timeout

        with refusing_os_errors("lock the study", self.folder):
            lock = FileLock(self.folder / ".lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                message = f"{self.folder}: another process is updating this study; try again when it is done"
                raise StudyError(message) from None
        try:
            yield
        finally:
            lock.release()


def create_study(folder: str | Path) -> Study:
    """Claim an empty or new folder for a study.

    Raises
    ------
    StudyError
        If the folder is not empty or cannot be written.
    """
    path = Path(folder)
    if path.exists() and not path.is_dir():
        raise StudyError(f"{path}: is a file; name a new or empty folder")
    if path.is_dir() and any(entry.name != ".lock" for entry in path.iterdir()):
        raise StudyError(f"{path}: the folder is not empty; name a new or empty one, nothing was written")
    with refusing_os_errors("create the folder", path):
        path.mkdir(parents=True, exist_ok=True)
        with replacing(path / ".writable"):
            pass
        (path / ".writable").unlink()
    return Study(path)


def open_study(folder: str | Path) -> Study:
    """Open an existing study.

    Raises
    ------
    StudyError
        If the folder holds none.
    """
    study = Study(Path(folder))
    if not study.posterior.is_file():
        raise StudyError(f"{study.folder}: holds no study (no posterior.nc); `blackball fit` makes one")
    return study


def _read(path: Path) -> xr.DataTree:
    import xarray as xr

    try:
        with xr.open_datatree(path, engine="h5netcdf") as tree:
            fit = tree.load()
    except (OSError, ValueError, KeyError) as error:
        raise StudyError(f"{path}: is damaged or no study: {error}") from error
    if fit.attrs.get("schema") != SCHEMA:
        found = fit.attrs.get("schema", "none")
        raise StudyError(f"{path}: has layout {found}, this version reads {SCHEMA}; fit the study again")
    return fit
