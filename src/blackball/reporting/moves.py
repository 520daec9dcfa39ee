"""Who moved what: how far the last update moved the outcomes, and whose judgements did it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.history import history
from blackball.reporting.style import COLOURS, GREY, INK, annotate, canvas
from blackball.reporting.words import DAGGER, outcome_words, place_words, regime_words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from blackball.decisions import Comparison, Entry

__all__ = ["moves"]

MOST = 8
"""Results of each outcome that are shown: those that moved most."""

NOBODY = "nobody's alone"
KEY = (
    "Change of the posterior mean with the last update: the black mark in all, the bars by expert. What they do not "
    "add up to is the work of several judgements together, or of experts of whom it cannot be said."
)


def moves(fit: xr.DataTree, comparison: Comparison) -> Figure:
    """Draw how far the last update moved each outcome, a panel an outcome, the results that moved most.

    Parameters
    ----------
    fit : xarray.DataTree
        One that was updated.
    comparison : Comparison

    Returns
    -------
    matplotlib.figure.Figure
    """
    entry = history(fit)[-1]
    units = dict(zip(comparison.described["outcome"], comparison.described["unit"], strict=True))
    panels = {name: _largest(name, entry) for name in units}
    figure = canvas(max(6.5, 4.2 * len(panels)), 2.4 + 0.34 * max(map(len, panels.values())))
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for ax, (name, keys) in zip(axes, panels.items(), strict=True):
        percent = units[name] == "probability"
        _bars(ax, entry, keys, 100.0 if percent else 1.0)
        dims = [str(dim) for dim in fit["posterior"][name].dims if dim not in ("chain", "draw")]
        ax.set_yticks(range(len(keys)), [_words(name, key, dims, comparison) for key in keys])
        ax.set_title(outcome_words(name, units[name]), loc="left")
        ax.set_xlabel("percentage points" if percent else units[name], color=INK)
    axes[-1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8.5)
    annotate(figure, comparison, "who moved what", KEY, DAGGER)
    return figure


def _largest(name: str, entry: Entry) -> list[str]:
    keys = [key for key in entry.moves if key.partition("[")[0] == name]
    return sorted(keys, key=lambda key: -abs(entry.moves[key]))[:MOST]


def _bars(ax: Axes, entry: Entry, keys: list[str], factor: float) -> None:
    """Draw each expert's part beside the one before it, to either side of 0."""
    parts = {expert: np.array([by[key] for key in keys]) * factor for expert, by in entry.by.items()}
    total = np.array([entry.moves[key] for key in keys]) * factor
    rest = total - sum(parts.values(), np.zeros(len(keys)))
    if not np.allclose(rest, 0.0, atol=1e-9):
        parts[NOBODY] = rest
    shades = dict(zip(entry.by, COLOURS.values(), strict=False)) | {NOBODY: GREY}
    ends = {sign: np.zeros(len(keys)) for sign in (-1.0, 1.0)}
    for expert, widths in parts.items():
        left = np.where(widths < 0, ends[-1.0], ends[1.0])
        ax.barh(range(len(keys)), widths, 0.6, left=left, color=shades.get(expert, INK), label=expert)
        ends = {sign: end + np.where(np.sign(widths) == sign, widths, 0.0) for sign, end in ends.items()}
    ax.plot(total, range(len(keys)), "|", color="black", markersize=13, markeredgewidth=2.2, zorder=4)
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1)
    ax.set_ylim(len(keys) - 0.4, -0.6)


def _words(name: str, key: str, dims: list[str], comparison: Comparison) -> str:
    """Name a result: its regime, where it stands, and a mark if it leans on illustrative numbers."""
    labels = dict(zip(dims, key.partition("[")[2].rstrip("]").split(", "), strict=False))
    regime = labels.pop("regime", "")
    at = "; ".join(f"{dim}={label}" for dim, label in labels.items())
    leans = comparison.leans
    own = leans[(leans["outcome"] == name) & (leans["regime"] == regime) & (leans["at"] == at)]
    said = ", ".join(part for part in (regime_words(comparison).get(regime, regime), place_words(at)) if part)
    return f"{said}{DAGGER if own['leans'].any() else ''}"
