"""Write the files of one folder so that all of them are there in the end, or none."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blackball.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["whole"]


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Give a temporary folder whose files, once the block ends well, take their places in `folder`.

    Parameters
    ----------
    folder : Path
        Made if it is not there, and then gone again if the block fails; files of the same name are replaced.

    Raises
    ------
    SetupError
        If it cannot be written.
    """
    absent = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".part.") as temporary:
            yield Path(temporary)
            for path in sorted(Path(temporary).iterdir()):
                path.replace(folder / path.name)
    except OSError as error:
        raise SetupError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        for one in absent:
            if one.is_dir() and not any(one.iterdir()):
                one.rmdir()
