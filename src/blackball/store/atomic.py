"""Write files so that a kill, a full disk or a crash leaves the old file or the new one, never half."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from blackball.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["PARTS", "refuse_taken", "refusing_os_errors", "replacing"]

PARTS = ".*.nc.*.part"
"""Pattern of the files that a study is written to first; after a kill one may be left over."""


@contextmanager
def refusing_os_errors(action: str, path: Path) -> Iterator[None]:
    """Turn a failure of the file system into one sentence: `path`: cannot `action`: why.

    Raises
    ------
    StudyError
        If the disk is full, the folder cannot be written, and the like.
    """
    try:
        yield
    except OSError as error:
        raise StudyError(f"{path}: cannot {action}: {error.strerror or error}") from error


def refuse_taken(folder: Path, own: Callable[[Path], bool] = lambda entry: False) -> None:
    """Refuse a folder that is a file or holds something.

    Parameters
    ----------
    folder : Path
        Need not be there.
    own : callable, optional
        Says which entries do not count, because a killed writer left them.

    Raises
    ------
    StudyError
        With what to name instead.
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"{folder}: is a file; name a new or empty folder")
    if folder.is_dir() and any(not own(entry) for entry in folder.iterdir()):
        raise StudyError(f"{folder}: the folder is not empty; name a new or empty one, nothing was written")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; once the block ends well, it takes the place of `path` at once.

    Parameters
    ----------
    path : Path
        File to write or replace.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False) as handle:
        temporary = Path(handle.name)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
