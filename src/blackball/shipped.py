"""Where the models and data that travel with the package lie."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped"]

_PACKAGE = Path(__file__).parent


def shipped(kind: str) -> Path:
    """Return the folder of shipped `models` or `data`.

    An installed wheel carries both inside the package; in a checkout they are the top-level folders.

    Parameters
    ----------
    kind : {"models", "data"}
    """
    inside = _PACKAGE / "_shipped" / kind
    return inside if inside.is_dir() else _PACKAGE.parents[1] / kind
