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
    weights, problems = {}, []
    for text in texts:
        name, _, number = text.partition("=")
        try:
            weights[name.strip()] = float(number)
        except ValueError:
            problems.append(Problem("--weight", "must be OUTCOME=NUMBER, such as catastrophe=1", value=text))
    if problems:
        raise InputError(problems)
    return weights or None
