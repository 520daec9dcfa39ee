"""Where a result comes from: hashes of its inputs, versions of its tools, settings of its sampler."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version

from blackball.shipped import shipped

__all__ = ["digest", "hyperpriors_hash", "versions"]

TOOLS = ("blackball", "pymc", "pytensor", "nutpie", "numba", "arviz", "numpy", "scipy", "xarray")


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return sha256(text.encode()).hexdigest()


def hyperpriors_hash() -> str:
    """Return the SHA-256 of the table from which expert models start."""
    return digest((shipped("data") / "hyperpriors.csv").read_text(encoding="utf-8"))


def versions(*also: str) -> dict[str, str]:
    """Return the version of every package that a posterior depends on, and of those named."""
    return {tool: version(tool) for tool in (*TOOLS, *also)}
