"""Where a result comes from: hashes of its inputs, versions of its tools, settings of its sampler."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version

__all__ = ["digest", "versions"]

TOOLS = ("blackball", "pymc", "pytensor", "nutpie", "numba", "arviz", "numpy", "xarray")


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return sha256(text.encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return the version of every package that a posterior depends on."""
    return {tool: version(tool) for tool in TOOLS}
