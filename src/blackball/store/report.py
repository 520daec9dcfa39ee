"""The report as a file: written whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from blackball.errors import StudyError
from blackball.store.atomic import refusing_os_errors, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["new_page"]

SUFFIXES = (".html", ".htm")


@contextmanager
def new_page(path: Path) -> Iterator[Callable[[str], None]]:
    """Hold an HTML file ready, before anything expensive, and give what writes it; one that is there is replaced.

    Parameters
    ----------
    path : Path
        Ends in `.html` or `.htm`.

    Raises
    ------
    StudyError
        If the name ends otherwise, is that of a folder, or its folder is not there or cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise StudyError(f"{path}: a report is one HTML file; name one that ends in .html, nothing was written")
    if path.is_dir():
        raise StudyError(f"{path}: is a folder; name a file, nothing was written")
    if not path.parent.is_dir():
        raise StudyError(f"{path}: cannot be written: no folder {path.parent}")
    with refusing_os_errors("write the report", path), TemporaryFile(dir=path.parent):
        pass

    def write(text: str) -> None:
        with refusing_os_errors("write the report", path), replacing(path) as part:
            part.write_text(text, encoding="utf-8")

    yield write
