"""A table as text, before it is Markdown, LaTeX or HTML."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Grid"]


@dataclass(frozen=True)
class Grid:
    """A table whose cells are text.

    Attributes
    ----------
    caption : str
        What it holds, units and intervals named.
    header : tuple of str
        The first column names the rows.
    rows : tuple of tuple of str
        As long as the header each; a line break in a cell is a new line.
    numeric : frozenset of int
        Columns of numbers, which stand to the right.
    cited : tuple of tuple of int
        Numbers of the sources of each row; empty where the caption names the source of all.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    cited: tuple[tuple[int, ...], ...] = ()
