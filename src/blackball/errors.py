"""Errors a user can act on: every message names the place, the value, the rule and what would be right.

The tree::

    BlackballError
    ├── InputError      a file the user wrote is wrong: a list of located `Problem`s, all reported at once
    ├── ModelError      a risk model raises, or does not fit the panel or the regimes it is given
    ├── StudyError      a study on disk cannot be read, written or changed
    └── SetupError      something this machine lacks (a sampler, a writable folder)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BlackballError", "InputError", "ModelError", "Problem", "SetupError", "StudyError"]


MANY, TOLD = 6, 3
"""Of so many alike problems or more, so many are told one by one."""


class BlackballError(Exception):
    """Root of every error that blackball raises for a user to act on."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input file, located.

    Attributes
    ----------
    file : str
        Path as the user gave it.
    rule : str
        What was violated and what would be right, valid names included.
    row : int, optional
        Line of the file, counted from 1 with the header as line 1.
    column : str, optional
        Column name, or dotted key of a TOML file.
    value : object, optional
        The offending value.
    """

    file: str
    rule: str
    row: int | None = None
    column: str | None = None
    value: object = None

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}" if self.row is not None else self.column)
        shown = "" if self.value is None else f" has {self.value!r}"
        return f"{', '.join(place)}{shown}: {self.rule}"


class InputError(BlackballError):
    """An input file is wrong; carries every problem found, not only the first.

    Parameters
    ----------
    problems : iterable of Problem
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Return what is wrong, line by line; a mistake that many rows repeat is told of the first, and counted."""
        alike: dict[tuple[str, str | None, str], list[Problem]] = {}
        for problem in self.problems:
            alike.setdefault((problem.file, problem.column, problem.rule), []).append(problem)
        found = []
        for same in alike.values():
            told = same if len(same) < MANY or same[0].row is None else same[:TOLD]
            found += [str(problem) for problem in told]
            rows = [problem.row for problem in same[len(told) :] if problem.row is not None]
            if rows:
                found.append(f"{same[0].file}: the same in {len(rows):,} more rows, {min(rows)} to {max(rows)}")
        return found

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """Come whole from another process: an exception is otherwise made again from its message alone."""
        return type(self), (self.problems,)


class ModelError(BlackballError):
    """A risk model raises, or does not fit the panel or the regimes it is given."""


class StudyError(BlackballError):
    """A study on disk cannot be read, written or changed."""


class SetupError(BlackballError):
    """Something this machine lacks."""
