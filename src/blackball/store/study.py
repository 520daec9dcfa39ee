"""A study: one folder that holds a fit, what was exported from it, and every earlier state.

`posterior.nc` is the study; everything else in the folder follows from it. A new state takes its place in one
step, after the old one was kept as `history/NNNN.nc`, so that a kill at any moment leaves a whole study. Each state
holds the SHA-256 of the file before it, and ends with its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from blackball.errors import StudyError
from blackball.store.atomic import PARTS, refuse_taken, refusing_os_errors, replacing
from blackball.store.checksum import intact, sign
from blackball.store.migrate import migrated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    import xarray as xr

__all__ = ["Study", "new_study", "open_study"]

LOCK = ".lock"
BEFORE = "sha256_before"
"""Attribute that holds the SHA-256 of the file of the state before, by which that can be known again."""


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
            If the file is damaged or was changed, or written by another version of the layout.
        """
        if not intact(self.posterior):
            kept = sorted(self.history.glob("[0-9]*.nc"))
            instead = f"copy the state before, {kept[-1]}, in its place" if kept else "fit again in another folder"
            raise StudyError(
                f"{self.posterior}: was changed or damaged since it was written; restore a copy of it, or {instead}"
            )
        return _read(self.posterior)

    def at(self, state: int) -> xr.DataTree:
        """Read the fit as it was in an earlier state, to the bit.

        Parameters
        ----------
        state : int
            0 is the first fit; each update makes one more.

        Raises
        ------
        StudyError
            If the study has no such state, or the file that was kept is gone, damaged or another.
        """
        now = self.read()
        last = int(now.attrs.get("state", 0))
        if state == last:
            return now
        if not 0 <= state < last:
            raise StudyError(f"{self.folder}: has no state {state}; its states are 0 to {last}")
        path = self._kept(state)
        if not path.is_file():
            raise StudyError(f"{path}: is gone; without it state {state} can only be fitted again")
        after = next((self._kept(n) for n in range(state + 1, last) if self._kept(n).is_file()), self.posterior)
        if _attributes(after).get(BEFORE, _digest(path)) != _digest(path):
            raise StudyError(f"{path}: is not the file that was kept as state {state}: it was changed or damaged since")
        return _read(path)

    def write(self, fit: xr.DataTree) -> None:
        """Make a fit the study's state; the one before is kept in `history/`.

        Parameters
        ----------
        fit : DataTree
            Its attribute `state` numbers the state, from 1 where it takes the place of another.

        Raises
        ------
        StudyError
            If the study has moved on to that state or a later one, or it cannot be written; it is then as before.
        """
        doing = refusing_os_errors("write the study, which stays as it was", self.posterior)
        with doing, replacing(self.posterior) as part:
            whole = fit.copy()
            whole.attrs = dict(fit.attrs)
            now = self._now(int(fit.attrs.get("state", 0))) if self.posterior.exists() else None
            if now is not None:
                whole.attrs[BEFORE] = _digest(self.posterior)
            whole.to_netcdf(part, engine="netcdf4")
            sign(part)
            # Keep the old state before the new one takes its place: a kill between the two loses nothing.
            if now is not None:
                self.history.mkdir(exist_ok=True)
                with replacing(self._kept(now)) as copy:
                    copyfile(self.posterior, copy)

    def _kept(self, state: int) -> Path:
        return self.history / f"{state:04d}.nc"

    def _now(self, following: int) -> int:
        """Return the number of the state of now, which another is to follow."""
        now = int(_attributes(self.posterior).get("state", 0))
        if now >= following:
            raise StudyError(
                f"{self.folder}: has moved on to state {now}, and this would be state {following}: somebody updated it "
                "meanwhile; read it again and update that"
            )
        return now

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
    with refusing_os_errors("create the study", path):
        refuse_taken(path, own=_left_over)
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
        rule = "is a file; name the folder" if study.folder.is_file() else "holds no study (no posterior.nc)"
        raise StudyError(f"{study.folder}: {rule}; `blackball fit` makes one")
    return study


def _read(path: Path) -> xr.DataTree:
    import xarray as xr

    try:
        with xr.open_datatree(path, engine="netcdf4") as tree:
            fit = tree.load()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise StudyError(f"{path}: is damaged or no study ({error}); restore a copy of it, or fit again") from error
    return migrated(fit, path)


def _attributes(path: Path) -> dict[str, Any]:
    """Read no more than the attributes of a fit."""
    import netCDF4

    try:
        with netCDF4.Dataset(path) as file:
            return {name: file.getncattr(name) for name in file.ncattrs()}
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise StudyError(f"{path}: is damaged or no study ({error}); restore a copy of it, or fit again") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
