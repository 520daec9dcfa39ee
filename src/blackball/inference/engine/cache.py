"""Machine code kept on disk between processes; without a folder to write to, nothing is kept."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path

__all__ = ["keep", "kept"]

DIGEST = 32


def folder() -> Path:
    """Return where machine code is kept: `$XDG_CACHE_HOME/blackball`, or `~/.cache/blackball`."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "blackball"


def kept(key: str) -> bytes | None:
    """Return what was kept under a key; None if nothing was, or what is there is damaged."""
    try:
        content = (folder() / key).read_bytes()
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        return None
    digest, code = content[:DIGEST], content[DIGEST:]
    return code if sha256(code).digest() == digest else None


def keep(key: str, code: bytes) -> None:
    """Keep machine code under a key, whole or not at all."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder(), delete=False) as file:
            file.write(sha256(code).digest() + code)
        Path(file.name).replace(folder() / key)
    except (OSError, RuntimeError):
        return
