"""The agreement map: where experts answer as their peers do, and where they do not."""

from __future__ import annotations

from textwrap import fill, shorten
from typing import TYPE_CHECKING

import numpy as np

from blackball.panel.supports import unlink
from blackball.reporting.style import COLOURS, INK, annotate, canvas
from blackball.reporting.words import DAGGER, number

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from blackball.decisions import Comparison

__all__ = ["agreement"]

MOST = 60
"""Rows at most; those that most experts answered."""

FAR = 1.5
"""Units from the middle at which a colour is full."""


def agreement(fit: xr.DataTree, comparison: Comparison) -> Figure:
    """Draw each expert's answer to each question, coloured by how far it lies from the experts' middle.

    Parameters
    ----------
    fit : xarray.DataTree
        With the panel as the likelihood saw it, in the group `encoded`.
    comparison : Comparison
        Of that fit.

    Returns
    -------
    matplotlib.figure.Figure
        One row for each thing judged, one column an expert.
    """
    encoded = fit["encoded"].to_dataset()
    asked = int((encoded["answered"].sum("expert") > 0).sum())
    counts = encoded["answered"].sum("expert").values
    kept = np.sort(np.argsort(-counts, kind="stable")[: min(MOST, asked)])
    shown = encoded.isel(judged=kept)
    rows, columns = shown.sizes["judged"], shown.sizes["expert"]
    figure = canvas(4.6 + 0.62 * columns, 2.6 + 0.27 * rows)
    ax = figure.subplots()
    _draw(ax, shown)
    fewer = f" The {rows} of {asked} that most experts answered." if rows < asked else ""
    key = (
        "Numbers: each expert's median answer (probabilities in %). Colour: how far it lies above (red) or below "
        "(blue) the experts' middle, in units of their width and disagreement; full colour from 1.5. Grey: no "
        f"answer. {DAGGER}: illustrative, nobody's view.{fewer}"
    )
    annotate(figure, comparison, "where the experts agree", key, DAGGER)
    return figure


def _draw(ax: Axes, shown: xr.Dataset) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("below to above", [COLOURS["blue"], "white", COLOURS["vermillion"]])
    answered, marked = (shown[name].values.astype(bool) for name in ("answered", "illustrative"))
    location = np.ma.masked_array(shown["location"].values, ~answered)
    ax.set_facecolor("#F0F0F0")
    ax.imshow(location, cmap=shades, vmin=-FAR, vmax=FAR, aspect="auto")
    linked = (shown["centre"] + shown["unit"] * shown["location"]).transpose("judged", "expert").values
    supports = shown["support"].values.tolist()
    ends = list(zip(shown["lower_bound"].values.tolist(), shown["upper_bound"].values.tolist(), strict=True))
    for row, column in np.argwhere(answered).tolist():
        support = supports[row]
        value = float(unlink(linked[row, column], support, *ends[row]))
        ink = "white" if abs(location[row, column]) > 0.7 * FAR else INK
        text = number(value, support) + (DAGGER if marked[row, column] else "")
        ax.text(column, row, text, ha="center", va="center", fontsize=7.5, color=ink)
    names = [fill(str(expert).replace("_", " "), 16) for expert in shown["expert"].values]
    ax.set_xticks(range(len(names)), names, rotation=60, ha="left", rotation_mode="anchor")
    ax.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0, labelsize=8)
    judged = [shorten(str(label).replace("_", " "), 60, placeholder="…") for label in shown["judged"].values]
    ax.set_yticks(range(len(judged)), judged, fontsize=8)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    for edge in range(1, len(judged)):
        ax.axhline(edge - 0.5, color="white", linewidth=0.7)
