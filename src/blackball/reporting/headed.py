"""A table of the terminal under its title: how every one begins."""

from __future__ import annotations

from rich import box
from rich.table import Table

__all__ = ["close_headed", "headed"]

WIDEST = 90
"""Columns of text up to which a title widens its table, to stand in one line."""


def headed(title: str) -> Table:
    """Make an empty table with a title; a caption, if it is given one, stands to the left as well."""
    return Table(title=title, title_justify="left", title_style="bold", caption_justify="left", box=box.SIMPLE_HEAD)


def close_headed(title: str) -> Table:
    """Make an empty table of close columns whose title stands in one line."""
    table = headed(title)
    table.min_width = min(len(title) + 2, WIDEST)
    table.padding = (0, 1, 0, 0)
    return table
