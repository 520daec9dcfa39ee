"""Mechanisms to remove as typed on the command line."""

from __future__ import annotations

from blackball.errors import InputError, Problem

__all__ = ["parse_removals"]


def parse_removals(texts: list[str]) -> dict[str, dict[str, float]]:
    """Read `mechanism:variable=number,variable=number`, one text a mechanism.

    Raises
    ------
    InputError
        If a text says nothing of the kind, or names a mechanism again; all at once.
    """
    removed: dict[str, dict[str, float]] = {}
    problems: list[Problem] = []
    for text in texts:
        name, _, changes = (part.strip() for part in text.partition(":"))
        pairs = [tuple(part.strip() for part in pair.partition("=")[::2]) for pair in changes.split(",")]
        try:
            if not name or name in removed or not all(variable for variable, _ in pairs):
                raise ValueError
            removed[name] = {variable: float(number) for variable, number in pairs}
        except ValueError:
            rule = (
                "must be MECHANISM:VARIABLE=NUMBER[,VARIABLE=NUMBER], such as theft:stolen=0, once for each mechanism"
            )
            problems.append(Problem("--remove", rule, value=text))
    if not texts:
        problems.append(Problem("--remove", "name at least one mechanism, such as theft:stolen=0"))
    if problems:
        raise InputError(problems)
    return removed
