"""How ranks of truths are distributed, less how uniform ones would be: one figure with simultaneous bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.inference.calibration.calibrate import ALPHA
from blackball.inference.calibration.simulator import RANKS
from blackball.inference.calibration.uniform import band
from blackball.reporting.style import ALARM, COLOURS, GREY, INK, canvas, explained, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from blackball.inference import Calibration

__all__ = ["ecdf"]

KEY = (
    "A line a ranked truth: share of simulations in which it ranks below a position among draws of its posterior, less "
    "that position. Grey: where one line stays with 95 % probability if posteriors are right; dashed: where all stay "
    "with 99 %. Red: leaves that. A hump above 0 says that posteriors lie too high, one below too low; an S that rises "
    "first, that they are too narrow, and one that falls first, too wide."
)


def ecdf(found: Calibration) -> Figure:
    """Draw the ECDF difference of every label's ranks, a panel a variable.

    Parameters
    ----------
    found : Calibration

    Returns
    -------
    matplotlib.figure.Figure
    """
    groups: dict[str, list[str]] = {}
    for label in found.ranks:
        groups.setdefault(str(label).split("[", maxsplit=1)[0], []).append(str(label))
    columns = min(4, len(groups))
    rows = -(-len(groups) // columns)
    figure = canvas(max(6.0, 2.6 * columns), 2.3 + 1.9 * rows)
    axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    passed = dict(zip(found.table["label"], found.table["passed"], strict=True))
    for ax, (name, labels) in zip(axes.flat, groups.items(), strict=False):
        _panel(ax, found, {label: passed[label] for label in labels})
        counted = f" ({len(labels)})" if len(labels) > 1 else ""
        ax.set_title(name.replace("_", " ") + counted, loc="left")
    for ax in axes.flat[len(groups) :]:
        ax.set_axis_off()
    heading = f"{found.model} ({found.experts}): {found.verdict}, {len(found.ranks)} simulations"
    titled(figure, heading, INK if found.verdict == "calibrated" else ALARM)
    explained(figure, KEY)
    return figure


def _panel(ax: Axes, found: Calibration, labels: dict[str, bool]) -> None:
    count = len(found.ranks)
    points, low, high = band(count, 0.05)
    ax.fill_between(points, low, high, step="mid", color=GREY, alpha=0.3, linewidth=0)
    for side in band(count, ALPHA / len(found.table))[1:]:
        ax.plot(points, side, color=GREY, linestyle="--", linewidth=0.8)
    rng = np.random.default_rng(1)
    for label, passed in labels.items():
        placed = np.sort((found.ranks[label].to_numpy() + rng.random(count)) / (RANKS + 1))
        below = np.searchsorted(placed, points, side="right") / count
        colour = COLOURS["blue"] if passed else ALARM
        ax.plot(points, below - points, color=colour, linewidth=0.8 if passed else 1.4, alpha=0.6 if passed else 1.0)
    ax.axhline(0, color=INK, linewidth=0.6)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1], ["0", ".5", "1"])
