"""Where tables are printed."""

from __future__ import annotations

from os import environ
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["console"]

COLUMNS = 112
"""Columns of text where no terminal says how many there are: every table fits."""


def console() -> Console:
    """Return the terminal, or what takes its place in a pipe or a file."""
    from rich.console import Console

    terminal = Console()
    # Where neither a terminal nor the user (COLUMNS) says how wide it is, Rich would take 80.
    told = terminal.is_terminal or "COLUMNS" in environ
    return terminal if told else Console(width=COLUMNS)
