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


LINES = 40
"""No error is told in more lines, and one that says how many more there would be."""

MANY, TOLD = 6, 8
"""So many alike problems are told by their values; and so many of these."""


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
        """Return what is wrong, line by line; of a rule that many rows break, each wrong value is told once."""
        found: list[str] = []
        alike: dict[tuple[str, str | None, str, bool], list[Problem]] = {}
        for problem in self.problems:
            alike.setdefault((problem.file, problem.column, problem.rule, problem.row is None), []).append(problem)
        for (*_, no_row), same in alike.items():
            found += map(str, same) if no_row or len(same) < MANY else _counted(same)
        more = [f"and {len(found) - LINES:,} more lines like these"] if len(found) > LINES else []
        return [*found[:LINES], *more]

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """Come whole from another process: an exception is otherwise made again from its message alone."""
        return type(self), (self.problems,)


def _counted(same: list[Problem]) -> list[str]:
    """Tell each wrong value of one rule where it is first, and in how many rows more; of very many values, some."""
    by_value: dict[str, list[Problem]] = {}
    for problem in same:
        by_value.setdefault(repr(problem.value), []).append(problem)
    groups = list(by_value.values())
    lines = [
        f"{first}{f' (and {len(more):,} more rows, to {more[-1].row})' if more else ''}"
        for first, *more in groups[:TOLD]
    ]
    rest = [problem for those in groups[TOLD:] for problem in those]
    if rest:
        values = len(groups) - TOLD
        lines.append(
            f"{rest[0].file}: so have {len(rest):,} more rows, with {values:,} other values, to {rest[-1].row}"
        )
    return lines


class ModelError(BlackballError):
    """A risk model raises, or does not fit the panel or the regimes it is given."""


class StudyError(BlackballError):
    """A study on disk cannot be read, written or changed."""


class SetupError(BlackballError):
    """Something this machine lacks."""
