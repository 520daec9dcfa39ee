"""Where each result stands in a figure: panels side by side, rows below each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from blackball.reporting.style import canvas
from blackball.reporting.words import outcome_words, place_words, regime_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from blackball.decisions import Comparison

__all__ = ["Panel", "by_place", "draw_interval", "drawn_panels", "panels", "scale"]

TITLE_WIDTH = 38
# Beyond this ratio of largest to smallest, a linear axis would hide the small.
LOG_BEYOND = 20.0


@dataclass(frozen=True, eq=False)
class Panel:
    """One panel: results of one outcome, one a row.

    Attributes
    ----------
    title, outcome, unit : str
    rows : dict of (str, str) to str
        Label of each row, from the top, by regime and `at`.
    """

    title: str
    outcome: str
    unit: str
    rows: dict[tuple[str, str], str]


def panels(comparison: Comparison) -> list[Panel]:
    """Plan one panel for each outcome and label with a row a regime; without regimes, a row a label.

    Regimes stand in the order of risk of the first outcome at its last label, riskiest on top.
    """
    ranked = _ranked(comparison)
    plan = []
    for outcome, unit in zip(comparison.described["outcome"], comparison.described["unit"], strict=True):
        results = comparison.outcomes[comparison.outcomes["outcome"] == outcome]
        name, places = outcome_words(outcome, unit), list(dict.fromkeys(results["at"]))
        if (results["regime"] == "").all():
            labels = {("", at): place_words(at) for at in places}
            plan.append(Panel(name, outcome, unit, labels))
            continue
        for at in places:
            labels = {(regime, at): title for regime, title in ranked.items()}
            plan.append(Panel(f"{name}\n{place_words(at)}".strip(), outcome, unit, labels))
    return plan


def by_place(table: pd.DataFrame) -> dict[tuple[str, str, str], dict[Hashable, Any]]:
    """Return the rows of a table by outcome, regime and `at`."""
    keys = zip(table["outcome"], table["regime"], table["at"], strict=True)
    return dict(zip(keys, table.to_dict("records"), strict=True))


def drawn_panels(comparison: Comparison) -> tuple[Figure, list[tuple[Panel, Axes]]]:
    """Make a figure with one set of axes a panel, rows labelled, room for two lines a row."""
    plan = panels(comparison)
    most = max(len(panel.rows) for panel in plan)
    figure = canvas(max(6.5, 3.2 + 2.35 * len(plan)), 2.1 + 0.46 * most)
    axes = figure.subplots(1, len(plan), squeeze=False)[0]
    labelled: list[str] = []
    for panel, ax in zip(plan, axes, strict=True):
        labels = list(panel.rows.values())
        ax.set_title(panel.title, loc="left")
        ax.set_ylim(len(labels) - 0.5, -0.5)
        for shaded in range(1, len(labels), 2):
            ax.axhspan(shaded - 0.5, shaded + 0.5, color="#F5F5F5", zorder=0)
        shown = [] if labels == labelled else [fill(label, TITLE_WIDTH) for label in labels]
        ax.set_yticks(range(len(labels)), shown or [""] * len(labels))
        for tick, (regime, _) in zip(ax.get_yticklabels(), panel.rows, strict=True):
            tick.set_fontweight("bold" if regime and regime == comparison.reference else "normal")
        labelled = labels
    return figure, list(zip(plan, axes, strict=True))


def draw_interval(ax: Axes, height: float, row: Mapping[Hashable, Any], colour: str, *, hollow: bool) -> None:
    """Draw a 90 % interval thin, a 50 % interval thick and the median as a dot, hollow where it leans."""
    floor = ax.get_xlim()[0]
    for low, high, width in (("q05", "q95", 1.3), ("q25", "q75", 4.2)):
        ends = [max(row[low], floor), row[high]]
        ax.plot(ends, [height, height], color=colour, linewidth=width, solid_capstyle="butt")
    face = "white" if hollow else colour
    ax.plot(max(row["median"], floor), height, "o", color=colour, markerfacecolor=face, markersize=5.5)


def scale(ax: Axes, table: pd.DataFrame, unit: str) -> None:
    """Choose an axis that shows all of an outcome's 90 % intervals: linear, or log if they span far and hold no 0."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

    ends = table[["q05", "q95"]].to_numpy().ravel()
    low, high = float(ends[ends > 0].min(initial=1.0)), float(ends.max())
    percent = unit == "probability"
    # Zeros have no place on a log axis.
    if (ends > 0).all() and high / low > LOG_BEYOND:
        ax.set_xscale("log")
        ax.set_xlim(low / 1.3, min(high * 1.3, 1.0) if percent else high * 1.3)
        decades = log10(high / low)
        subs = (1.0,) if decades > 2.5 else (1.0, 3.0) if decades > 1.6 else (1.0, 2.0, 5.0)
        # Small numbers are long: the more decades, the fewer labels have room.
        ax.xaxis.set_major_locator(LogLocator(subs=subs, numticks=3 if decades > 6 else 4 if decades > 4 else 9))
        ax.xaxis.set_minor_locator(NullLocator())
    else:
        ax.set_xlim(0.0 if (ends >= 0).all() else float(ends.min()), 1.05 * high if high > 0 else 1.0)
        ax.xaxis.set_major_locator(MaxNLocator(4))
    factor, sign = (100, " %") if percent else (1, "")

    def shown(x: float, _: object) -> str:
        # In decimals, because 1e-05 is no number that people read.
        return f"{np.format_float_positional(float(f'{factor * x:.3g}'), trim='-')}{sign}"

    ax.xaxis.set_major_formatter(FuncFormatter(shown))
    ax.tick_params(axis="x", labelsize=8.5)


def _ranked(comparison: Comparison) -> dict[str, str]:
    """Return titles by regime, the riskiest first."""
    titles = regime_words(comparison)
    first = comparison.outcomes[comparison.outcomes["outcome"] == comparison.outcomes["outcome"].iloc[0]]
    last = first[first["at"] == first["at"].iloc[-1]].set_index("regime")["median"]
    return {regime: titles[regime] for regime in sorted(titles, key=lambda name: -last.get(name, 0.0))}
