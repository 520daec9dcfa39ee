"""How every figure looks and is written: colours that anyone can tell apart, notes that stay with it."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from blackball.reporting.words import illustrative_note, verdict_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from matplotlib.figure import Figure
    from matplotlib.typing import RcKeyType

    from blackball.reporting.words import Result

__all__ = [
    "ALARM",
    "COLOURS",
    "GREY",
    "INK",
    "annotate",
    "canvas",
    "colours",
    "explained",
    "saved",
    "styled",
    "titled",
]

# Okabe & Ito (2008), "Color Universal Design"; yellow left out, too pale for a line on white.
COLOURS = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
}
GREY = "#9A9A9A"
INK = "#222222"
ALARM = "#B00020"

STYLE: dict[RcKeyType, object] = {
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "axes.axisbelow": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.6,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "ytick.major.size": 0,
    "svg.hashsalt": "blackball",
}


def styled() -> AbstractContextManager[None]:
    """Return a context in which figures are drawn and written in the house style."""
    from matplotlib import rc_context

    return rc_context(STYLE)


def colours(outcomes: list[str]) -> dict[str, str]:
    """Give each outcome a colour of its own, the same in every figure."""
    palette = list(COLOURS.values())
    return {name: palette[place % len(palette)] for place, name in enumerate(outcomes)}


def canvas(width: float, height: float) -> Figure:
    """Make an empty figure of a size in inches that makes room for its notes, without global state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def annotate(figure: Figure, comparison: Result, title: str, key: str, mark: str) -> None:
    """Give a figure its title, its key, a banner if the computation failed, and what is illustrative.

    Parameters
    ----------
    figure : Figure
    comparison : Comparison or Sensitivity
    title : str
    key : str
        What the marks mean, interval and unit named.
    mark : str
        How the figure marks a result that leans on illustrative numbers.
    """
    columns = _columns(figure)
    failed = comparison.verdict == "failed"
    heading = fill(f"{comparison.model}: {title}", int(columns * 0.72))
    titled(figure, f"\n\n{heading}" if failed else heading)
    if failed:
        height = figure.get_figheight()
        figure.text(
            0.01,
            1 - 0.09 / height,
            f" {verdict_words(comparison)} ",
            va="top",
            color="white",
            fontsize=12,
            fontweight="bold",
            bbox={"facecolor": ALARM, "edgecolor": ALARM, "pad": 3},
        )
    note = illustrative_note(comparison, mark)
    explained(figure, *(text for text in (key, note) if text))


def titled(figure: Figure, title: str, colour: str = INK) -> None:
    """Give a figure its title, to the left."""
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold", color=colour)


def explained(figure: Figure, *notes: str) -> None:
    """Say below a figure what its marks mean, a paragraph a note, as wide as the figure."""
    lines = [fill(note, _columns(figure)) for note in notes]
    figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=8.5, color="#444444")


def _columns(figure: Figure) -> int:
    """Return how many characters of a note stand side by side in a figure."""
    return int(figure.get_figwidth() * 13.5)


def saved(figure: Figure, folder: Path, name: str) -> Iterator[Path]:
    """Write a figure as SVG and PNG, the same bytes each time, and yield where."""
    for suffix, undated in (("svg", {"Date": None}), ("png", {"Software": None})):
        path = folder / f"{name}.{suffix}"
        figure.savefig(path, dpi=160, metadata=undated)
        yield path
