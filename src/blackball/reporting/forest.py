"""The regime forest: each outcome in each regime, with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.reporting.panels import by_place, draw_interval, drawn_panels, scale
from blackball.reporting.style import GREY, annotate, colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from blackball.decisions import Comparison

__all__ = ["forest"]


def forest(comparison: Comparison) -> Figure:
    """Draw medians with 50 % and 90 % intervals, one panel for each outcome and horizon.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    matplotlib.figure.Figure
        Hollow dots lean on illustrative numbers; the dashed line is the median of the reference regime.
    """
    figure, drawn = drawn_panels(comparison)
    table = comparison.outcomes.assign(leans=comparison.leans["leans"])
    colour = colours(list(comparison.described["outcome"]))
    rows = by_place(table)
    for panel, ax in drawn:
        scale(ax, table[table["outcome"] == panel.outcome], panel.unit)
        for height, (regime, at) in enumerate(panel.rows):
            row = rows[panel.outcome, regime, at]
            if regime and regime == comparison.reference:
                ax.axvline(row["median"], color=GREY, linestyle="--", linewidth=1)
            draw_interval(ax, height, row, colour[panel.outcome], hollow=bool(row["leans"]))
    several = len(comparison.regimes) > 1
    key = "Posterior median (dot), central 50\u00a0% (thick) and 90\u00a0% (thin) intervals"
    dashed = "; dashed: median of the reference regime (bold)." if several else "."
    title = "risk under each regime" if several else "the posterior"
    annotate(figure, comparison, title, key + dashed, "Hollow dot:")
    return figure
