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

WIDEST = 24
"""Experts at most; of more, as many that stand for all."""

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
        One row for each thing judged, one column an expert; probabilities, ratios and other quantities apart. Of very
        many experts some are shown, from the one who answers lowest to the one who answers highest.
    """
    encoded = fit["encoded"].to_dataset()
    asked = int((encoded["answered"].sum("expert") > 0).sum())
    counts = encoded["answered"].sum("expert").values
    kept = np.sort(np.argsort(-counts, kind="stable")[: min(MOST, asked)])
    shown = _some(encoded.isel(judged=kept))
    rows, columns = shown.sizes["judged"], shown.sizes["expert"]
    blocks = _blocks(shown)
    heights = [block.sizes["judged"] for block in blocks.values()]
    figure = canvas(4.6 + 0.62 * columns, 2.3 + 0.27 * rows + 0.45 * len(blocks))
    axes = figure.subplots(len(blocks), 1, squeeze=False, height_ratios=heights)[:, 0]
    for ax, (heading, block) in zip(axes, blocks.items(), strict=True):
        _draw(ax, block, named=ax is axes[0])
        ax.set_title(heading, loc="left", fontsize=9, fontweight="bold")
    fewer = f" The {rows} of {asked} that most experts answered." if rows < asked else ""
    if columns < (all_of_them := encoded.sizes["expert"]):
        fewer += f" Experts: {columns} of {all_of_them:,}, evenly from who answers lowest on average to highest."
    key = (
        "Numbers: each expert's median answer. Colour: how far it lies above (red) or below (blue) the middle of the "
        "experts who answered the same, in units of their width and disagreement; "
        f"full colour from 1.5. Grey: no answer. {DAGGER}: illustrative, nobody's view.{fewer}"
    )
    annotate(figure, comparison, "where the experts agree", key, DAGGER)
    return figure


def _some(encoded: xr.Dataset) -> xr.Dataset:
    """Choose the experts to show: all, or evenly by rank of how they answer on average."""
    if encoded.sizes["expert"] <= WIDEST:
        return encoded
    usually = encoded["location"].where(encoded["answered"]).mean("judged").dropna("expert")
    ranked = usually["expert"].values[np.argsort(usually.values, kind="stable")]
    places = np.linspace(0, len(ranked) - 1, min(WIDEST, len(ranked))).round().astype(int)
    return encoded.sel(expert=ranked[places])


def _blocks(shown: xr.Dataset) -> dict[str, xr.Dataset]:
    """Part what is judged by the kind of its numbers, each kind with a heading; kinds without rows are left out."""
    ratio = shown["reference"].values != ""
    chance = (shown["support"].values == "probability") & ~ratio
    kinds = {
        "Probabilities, in %": chance,
        "Ratios: times the probability or amount under the regime after the slash": ratio,
        "Other quantities, in the units of their questions": ~ratio & ~chance,
    }
    return {heading: shown.isel(judged=np.flatnonzero(own)) for heading, own in kinds.items() if own.any()}


def _draw(ax: Axes, shown: xr.Dataset, *, named: bool) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("below to above", [COLOURS["blue"], "white", COLOURS["vermillion"]])
    answered, marked = (shown[name].values.astype(bool) for name in ("answered", "illustrative"))
    location = np.ma.masked_array(shown["location"].values, ~answered)
    ax.set_facecolor("#F0F0F0")
    ax.imshow(location, cmap=shades, vmin=-FAR, vmax=FAR, aspect="auto")
    linked = (shown["centre"] + shown["unit"] * shown["location"]).transpose("judged", "expert").values
    supports, ratio = shown["support"].values.tolist(), shown["reference"].values != ""
    ends = list(zip(shown["lower_bound"].values.tolist(), shown["upper_bound"].values.tolist(), strict=True))
    for row, column in np.argwhere(answered).tolist():
        support = supports[row]
        value = float(unlink(linked[row, column], support, *ends[row]))
        ink = "white" if abs(location[row, column]) > 0.7 * FAR else INK
        text = ("× " if ratio[row] else "") + number(value, support) + (DAGGER if marked[row, column] else "")
        ax.text(column, row, text, ha="center", va="center", fontsize=7.5, color=ink)
    names = [fill(str(expert).replace("_", " "), 16) for expert in shown["expert"].values]
    labels = names if named else [""] * len(names)
    ax.set_xticks(range(len(names)), labels, rotation=60, ha="left", rotation_mode="anchor")
    ax.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0, labelsize=8)
    judged = [shorten(str(label).replace("_", " "), 60, placeholder="…") for label in shown["judged"].values]
    ax.set_yticks(range(len(judged)), judged, fontsize=8)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    for edge in range(1, len(judged)):
        ax.axhline(edge - 0.5, color="white", linewidth=0.7)
