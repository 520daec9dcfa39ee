"""Write files so that a kill, a full disk or a crash leaves the old file or the new one, never half."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from blackball.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PARTS", "refusing_os_errors", "replacing"]

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
