"""What compiling made, kept on disk between processes; without a folder to write to, nothing is kept."""

from __future__ import annotations

import logging
import os
import re
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

__all__ = ["keep", "kept"]

DIGEST = 32

KEY = re.compile("[0-9a-f]{64}")
"""How the names of files that are kept here look; anything else in the folder is somebody else's."""

ROOM = 2**29
"""Bytes that may be kept; what was used longest ago makes room."""

logger = logging.getLogger(__name__)


def folder() -> Path:
    """Return where it is kept: `$XDG_CACHE_HOME/blackball`, or `~/.cache/blackball`."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "blackball"


def kept(key: str) -> bytes | None:
    """Return what was kept under a key; None if nothing was, or what is there is damaged."""
    try:
        content = (folder() / key).read_bytes()
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        return None
    digest, code = content[:DIGEST], content[DIGEST:]
    if sha256(key.encode() + code).digest() == digest:
        with suppress(OSError):
            os.utime(folder() / key)
        return code
    logger.warning("%s is damaged: what it held is made anew", folder() / key)
    with suppress(OSError):
        (folder() / key).unlink()
    return None


def keep(key: str, content: bytes) -> None:
    """Keep something under a key, whole or not at all; what alone would fill the room is not kept."""
    if DIGEST + len(content) > ROOM:
        return
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder(), delete=False) as file:
            part = Path(file.name)
            try:
                file.write(sha256(key.encode() + content).digest() + content)
                file.close()
                part.replace(folder() / key)
            except OSError:
                part.unlink(missing_ok=True)
        _make_room()
    except (OSError, RuntimeError):
        return


def _make_room() -> None:
    """Delete what was used longest ago, until the rest has room."""
    files = [(entry.stat(), entry.path) for entry in os.scandir(folder()) if KEY.fullmatch(entry.name)]
    excess = sum(stat.st_size for stat, _ in files) - ROOM
    for stat, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
        if excess <= 0:
            return
        Path(path).unlink(missing_ok=True)  # another process may have made room as well
        excess -= stat.st_size
