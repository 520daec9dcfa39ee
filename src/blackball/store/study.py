"""A study: one folder that holds a fit, what was exported from it, and every earlier state.

`posterior.nc` is the study; everything else in the folder follows from it. A new state takes its place in one
step, after the old one was kept as `history/NNNN.nc`, so that a kill at any moment leaves a whole study.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from blackball.errors import StudyError
from blackball.store.atomic import PARTS, refusing_os_errors, replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xarray as xr

__all__ = ["Study", "new_study", "open_study"]

SCHEMA = 1
LOCK = ".lock"


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

    @property
    def history(self) -> Path:
        """The folder of earlier states, `0000.nc` the first."""
        return self.folder / "history"

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

        Parameters
        ----------
        fit : DataTree
            Its attribute `state` numbers the state, from 1 where it takes the place of another.

        Raises
        ------
        StudyError
            If it cannot be written; the study is then as before.
        """
        doing = refusing_os_errors("write the study, which stays as it was", self.posterior)
        with doing, replacing(self.posterior) as part:
            fit.to_netcdf(part, engine="h5netcdf")
            # Keep the old state before the new one takes its place: a kill between the two loses nothing.
            if self.posterior.exists():
                self._keep(int(fit.attrs["state"]) - 1)

    def _keep(self, state: int) -> None:
        self.history.mkdir(exist_ok=True)
        with replacing(self.history / f"{state:04d}.nc") as part:
            copyfile(self.posterior, part)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the study for one writer, and clear away what a killed one left.

        Raises
        ------
        StudyError
            If another process is writing it.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / LOCK)
        with refusing_os_errors("lock the study", self.folder):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                message = f"{self.folder}: another process is writing this study; try again when it is done"
                raise StudyError(message) from None
        try:
            with refusing_os_errors("clear the folder", self.folder):
                for left in (*self.folder.glob(PARTS), *self.history.glob(PARTS)):
                    left.unlink()
            yield
        finally:
            lock.release()


@contextmanager
def new_study(folder: str | Path) -> Iterator[Study]:
    """Claim a new or empty folder for a study and hold it for one writer.

    Parameters
    ----------
    folder : str or Path
        If the block ends without a study in it, by an error or an interrupt, it is as it was before.

    Raises
    ------
    StudyError
        If the folder is not empty or cannot be written.
    """
    path = Path(folder)
    absent = [one for one in (path, *path.parents) if not one.exists()]
    study = _claim(path)
    try:
        with study.locked():
            yield study
    finally:
        if not study.posterior.exists():
            (path / LOCK).unlink(missing_ok=True)
            for one in absent:
                if not any(one.iterdir()):
                    one.rmdir()


def _claim(path: Path) -> Study:
    if path.exists() and not path.is_dir():
        raise StudyError(f"{path}: is a file; name a new or empty folder")
    with refusing_os_errors("create the study", path):
        if path.is_dir() and any(not _left_over(entry) for entry in path.iterdir()):
            raise StudyError(f"{path}: the folder is not empty; name a new or empty one, nothing was written")
        path.mkdir(parents=True, exist_ok=True)
    return Study(path)


def _left_over(entry: Path) -> bool:
    """Whether an entry is what a killed writer left in an otherwise empty folder."""
    return entry.name == LOCK or entry.match(PARTS)


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
    import h5py
    import xarray as xr

    try:
        with h5py.File(path):  # where this fails, h5netcdf would print a traceback of its own
            pass
        with xr.open_datatree(path, engine="h5netcdf") as tree:
            fit = tree.load()
    except (OSError, ValueError, KeyError) as error:
        raise StudyError(f"{path}: is damaged or no study: {error}") from error
    if fit.attrs.get("schema") != SCHEMA:
        found = fit.attrs.get("schema", "none")
        raise StudyError(f"{path}: has layout {found}, this version reads {SCHEMA}; fit the study again")
    return fit
