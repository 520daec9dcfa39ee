"""What the judgements changed: each outcome before and after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blackball.decisions.headlines import headlines
from blackball.decisions.summary import intervals
from blackball.reporting.panels import by_place, draw_interval, drawn_panels, scale
from blackball.reporting.style import GREY, annotate, colours

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from blackball.decisions import Comparison

__all__ = ["shift"]

APART = 0.19


def shift(fit: xr.DataTree, comparison: Comparison) -> Figure:
    """Draw each outcome's prior above its posterior.

    Parameters
    ----------
    fit : xarray.DataTree
        Its group `prior` holds draws from before any judgement.
    comparison : Comparison

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, drawn = drawn_panels(comparison)
    before = pd.concat([intervals(variable) for variable in headlines(fit, "prior").values()])
    after = comparison.outcomes.assign(leans=comparison.leans["leans"])
    both = pd.concat([before, after])
    colour = colours(list(comparison.described["outcome"]))
    old, new = by_place(before), by_place(after)
    for panel, ax in drawn:
        scale(ax, both[both["outcome"] == panel.outcome], panel.unit)
        for height, (regime, at) in enumerate(panel.rows):
            place = (panel.outcome, regime, at)
            draw_interval(ax, height - APART, old[place], GREY, hollow=False)
            hollow = bool(new[place]["leans"])
            draw_interval(ax, height + APART, new[place], colour[panel.outcome], hollow=hollow)
    key = "Prior (grey) and posterior (colour): median (dot), central 50\u00a0% (thick) and 90\u00a0% (thin) intervals."
    annotate(figure, comparison, "before and after the judgements", key, "Hollow dot:")
    return figure
