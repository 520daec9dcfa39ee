"""The one result type of all checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Check", "Status", "look", "some"]

Status = Literal["pass", "look", "fail"]


@dataclass(frozen=True)
class Check:
    """One line of the verdict.

    Attributes
    ----------
    name : str
        What was checked, with the worst offender where there is one.
    status : {"pass", "look", "fail"}
        `fail`: the numbers must not be used. `look`: they may, once somebody has looked.
    value, threshold : float
        What was found, and what it was held against.
    advice : str
        What to do unless it passed; empty if it did.
    """

    name: str
    status: Status
    value: float
    threshold: float
    advice: str


def look(name: str, value: float, threshold: float, advice: str) -> Check:
    """Hold what may be at most a threshold against it; more calls for a look, and fails nothing."""
    passed = value <= threshold
    return Check(name, "pass" if passed else "look", value, threshold, "" if passed else advice)


def some(labels: Iterable[object], most: int = 3, between: str = ", ") -> str:
    """Name the first few labels, and say how many more there are."""
    names = [str(label) for label in labels]
    return between.join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
