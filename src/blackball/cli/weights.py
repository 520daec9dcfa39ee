"""Weights of outcomes as typed on the command line."""

from __future__ import annotations

from blackball.errors import InputError, Problem

__all__ = ["parse_weights"]


def parse_weights(texts: list[str]) -> dict[str, float] | None:
    """Read `name=number` pairs; None if there are none.

    Raises
    ------
    InputError
        If a text is no such pair.
    """
    weights: dict[str, float] = {}
    problems: list[Problem] = []
    for text in texts:
        name, _, number = (part.strip() for part in text.partition("="))
        try:
            if not name or name in weights:
                raise ValueError
            weights[name] = float(number)
        except ValueError:
            rule = "must be OUTCOME=NUMBER, such as catastrophe=1, once for each outcome"
            problems.append(Problem("--weight", rule, value=text))
    if problems:
        raise InputError(problems)
    return weights or None
