"""Survival curves: the chance that nothing has happened, over the years, one panel a regime."""

from __future__ import annotations

from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING

from blackball.reporting.style import GREY, annotate, canvas, colours
from blackball.reporting.words import DAGGER, regime_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from blackball.decisions import Comparison

__all__ = ["survival"]

MOST_COLUMNS = 5
TITLE_WIDTH = 30


def survival(comparison: Comparison) -> Figure:
    """Draw the median and the 90 % interval of survival, beside the reference's median.

    Parameters
    ----------
    comparison : Comparison
        With rows in `survival`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    curves = comparison.survival
    regimes = list(dict.fromkeys(curves["regime"]))
    down = ceil(len(regimes) / MOST_COLUMNS)
    across = ceil(len(regimes) / down)
    figure = canvas(max(6.5, 2.5 * across), 1.9 + 1.9 * down)
    axes = list(figure.subplots(down, across, sharex=True, sharey=True, squeeze=False).flat)
    for ax in axes[len(regimes) :]:
        ax.set_visible(False)
    titles, leaning = regime_words(comparison), _leaning(comparison)
    colour = colours(list(comparison.described["outcome"]))
    first = curves[curves["regime"] == regimes[0]].set_index(["outcome", "at"])
    for regime, ax in zip(regimes, axes, strict=False):
        mark = DAGGER if regime in leaning else ""
        ax.set_title(fill(f"{titles.get(regime, '')}{mark}", TITLE_WIDTH), loc="left", fontsize=9)
        for place, rows in curves[curves["regime"] == regime].groupby(["outcome", "at"], sort=False):
            if regime != regimes[0]:
                reference = first.loc[[place]]
                ax.plot(reference["horizon"], reference["median"], "--", color=GREY, linewidth=1)
            _draw(ax, rows, colour[str(place[0])])
    _label(axes, curves, across, len(regimes))
    named = ", ".join(str(name).replace("_", " ") for name in dict.fromkeys(curves["outcome"]))
    key = "Median (line) and central 90\u00a0% interval (band) of the chance that it has not happened by a year"
    dashed = "; dashed: median of the reference regime, the first." if len(regimes) > 1 else "."
    annotate(figure, comparison, f"survival: no {named}", key + dashed, DAGGER)
    return figure


def _leaning(comparison: Comparison) -> set[str]:
    """Return the regimes of which a curve leans on illustrative numbers."""
    leans = comparison.leans[comparison.leans["leans"]]
    return set(leans.loc[leans["outcome"].isin(comparison.survival["outcome"]), "regime"])


def _draw(ax: Axes, rows: pd.DataFrame, colour: str) -> None:
    ax.fill_between(rows["horizon"].astype(float), rows["q05"], rows["q95"], color=colour, alpha=0.22, linewidth=0)
    ax.plot(rows["horizon"], rows["median"], "o-", color=colour, markersize=3.2, linewidth=1.6)


def _label(axes: list[Axes], curves: pd.DataFrame, across: int, count: int) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    first = axes[0]
    first.set_ylim(max(0.0, float(curves["q05"].min()) - 0.02), 1.005)
    first.yaxis.set_major_locator(MaxNLocator(5))
    first.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.3g} %"))
    first.set_xticks(list(dict.fromkeys(curves["horizon"])))
    for place, ax in enumerate(axes[:count]):
        ax.grid(axis="y", color="#E4E4E4", linewidth=0.6)
        ax.tick_params(axis="both", labelsize=8, labelbottom=place + across >= count)
        ax.tick_params(axis="x", rotation=35)
