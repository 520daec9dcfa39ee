"""Which of two regimes is riskier: one square a pair."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from blackball.reporting.panels import Panel, by_place, panels
from blackball.reporting.style import COLOURS, INK, annotate, canvas
from blackball.reporting.words import DAGGER, chance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from blackball.decisions import Comparison

__all__ = ["heatmap"]

TITLE_WIDTH = 48


def heatmap(comparison: Comparison) -> Figure:
    """Draw P(row riskier than column) for each outcome at its last label.

    Parameters
    ----------
    comparison : Comparison
        With at least two regimes.

    Returns
    -------
    matplotlib.figure.Figure
        Numbers in percent; columns carry the numbers of the rows.
    """
    compared = set(comparison.pairs["outcome"])
    last = list({panel.outcome: panel for panel in panels(comparison) if panel.outcome in compared}.values())
    count = len(comparison.regimes)
    side = max(2.6, 0.36 * count)
    figure = canvas(4.0 + (side + 0.4) * len(last), 2.0 + side)
    axes = figure.subplots(1, len(last), squeeze=False)[0]
    for place, (panel, ax) in enumerate(zip(last, axes, strict=True)):
        _draw(ax, _matrix(comparison, panel), panel, 11 if count < 10 else 8)
        _label(ax, comparison, panel, titled=place == 0)
    key = "Probability, in %, that the regime of the row is riskier than that of the column. Blank: always the same."
    annotate(figure, comparison, "which of two regimes is riskier", key, DAGGER)
    return figure


def _matrix(comparison: Comparison, panel: Panel) -> NDArray[np.float64]:
    """Return P(row riskier than column); NaN on the diagonal and where the two are the same in every draw."""
    names = [regime for regime, _ in panel.rows]
    at = next(place for _, place in panel.rows)
    rows = comparison.pairs[(comparison.pairs["outcome"] == panel.outcome) & (comparison.pairs["at"] == at)]
    matrix = np.full((len(names), len(names)), np.nan)
    a, b = ([names.index(name) for name in rows[side]] for side in ("a", "b"))
    # Two that are equal in every draw are neither blue nor red.
    tied = rows["p_riskier"] + rows["p_safer"] == 0
    matrix[a, b], matrix[b, a] = rows["p_riskier"].mask(tied), rows["p_safer"].mask(tied)
    return matrix


def _draw(ax: Axes, matrix: NDArray[np.float64], panel: Panel, size: float) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    colours = [COLOURS["blue"], "white", COLOURS["vermillion"]]
    shades = LinearSegmentedColormap.from_list("safer to riskier", colours)
    ax.imshow(np.ma.masked_invalid(matrix), cmap=shades, vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(matrix):
        if np.isfinite(value):
            ink = "white" if abs(value - 0.5) > 0.3 else INK
            ax.text(
                column,
                row,
                chance(float(value)).replace(" ", "").rstrip("%"),
                ha="center",
                va="center",
                fontsize=size,
                color=ink,
            )
    ax.set_title(panel.title.replace("\n", " "), loc="left", pad=22)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)


def _label(ax: Axes, comparison: Comparison, panel: Panel, *, titled: bool) -> None:
    numbers = range(1, len(panel.rows) + 1)
    leans = by_place(comparison.leans)
    marks = [DAGGER if leans[panel.outcome, *key]["leans"] else "" for key in panel.rows]
    titles = [
        fill(f"{title}{mark}  {number}" if titled else f"{number}{mark}", TITLE_WIDTH)
        for number, title, mark in zip(numbers, panel.rows.values(), marks, strict=True)
    ]
    ax.set_yticks(range(len(titles)), titles)
    ax.set_xticks(range(len(titles)), [str(number) for number in numbers])
    ax.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
