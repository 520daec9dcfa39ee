"""The one result type of all checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Check", "Status"]

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
