"""What is made once in every process that does many jobs, because it takes longer than a job."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

__all__ = ["made"]

_MADE: dict[str, Any] = {}
_MAKING = Lock()


def made[Thing](key: str, make: Callable[[], Thing]) -> Thing:
    """Return what was made under a key, and make it if that is nothing or something else.

    Only the last thing is kept: jobs of one sweep come together, and a compiled model is large. Threads share it.

    Parameters
    ----------
    key : str
        Equal for equal things only.
    make : callable
    """
    with _MAKING:
        if key not in _MADE:
            _MADE.clear()
            _MADE[key] = make()
        thing: Thing = _MADE[key]
        return thing
