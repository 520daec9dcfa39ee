"""Tables as files: written whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import StudyError
from blackball.store.atomic import refusing_os_errors, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

__all__ = ["new_csv", "write_csv"]


@contextmanager
def new_csv(path: Path | None) -> Iterator[Callable[[pd.DataFrame], None]]:
    """Hold a new CSV file ready, before anything expensive, and give what writes it.

    Parameters
    ----------
    path : Path, optional
        Without one nothing is written.

    Raises
    ------
    StudyError
        If the file is there already, or its folder is not, or cannot be written.
    """
    if path is not None and path.exists():
        raise StudyError(f"{path}: is there already; name a new file, nothing was written")
    if path is not None and not path.parent.is_dir():
        raise StudyError(f"{path}: cannot be written: no folder {path.parent}")

    def write(frame: pd.DataFrame) -> None:
        if path is not None:
            write_csv(frame, path)

    yield write


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV; a file that is there already is replaced at once.

    Raises
    ------
    StudyError
        If it cannot be written.
    """
    with refusing_os_errors("write", path), replacing(path) as temporary:
        frame.to_csv(temporary, index=False, lineterminator="\n")
