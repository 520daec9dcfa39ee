"""Results kept as they come, one line each: a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from blackball.errors import SetupError

__all__ = ["keep", "kept", "make_folder"]


def make_folder(folder: Path) -> None:
    """Make the folder in which results are kept, unless it is there.

    Raises
    ------
    SetupError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"{folder}: cannot be made: {error.strerror}") from None


def kept(file: Path | None) -> dict[int, Any]:
    """Read what is done, by number; a last line that was cut off by a crash does not count.

    Raises
    ------
    SetupError
        If the file is damaged otherwise.
    """
    if file is None or not file.exists():
        return {}
    try:
        text = file.read_text(encoding="utf-8")
        whole = [line for line in text.splitlines(keepends=True) if line.endswith("\n")]
        return {entry["number"]: entry["found"] for entry in map(json.loads, whole)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(f"{file}: is damaged ({error}); delete it, and it is computed again") from None


def keep(file: Path | None, number: int, found: Any) -> None:
    """Append what was found, to no file if there is none."""
    if file is None:
        return
    # One write of a whole line: a crash leaves at most a cut last line, which is ignored and then overwritten.
    before = file.read_bytes() if file.exists() else b""
    with file.open("ab") as lines:
        if before and not before.endswith(b"\n"):
            lines.truncate(before.rfind(b"\n") + 1)
        lines.write(f"{json.dumps({'number': number, 'found': found})}\n".encode())
        lines.flush()
        os.fsync(lines.fileno())
