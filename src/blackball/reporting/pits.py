"""Where each expert's answers lie among those that the others lead to expect: one figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.reporting.style import COLOURS, GREY, INK, canvas, explained, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from blackball.decisions.influence import Influence

__all__ = ["pits"]

SPREAD = 0.22
KEY = (
    "Each dot is an answer: the posterior probability, without the expert's own answers, that an expert who is right "
    "answers less. Filled evenly from 0 to 1: the expert answers as the others lead to expect. Near 0 or 1 "
    "(shaded: 1 % of such answers): the others say otherwise. Small ticks: with the expert's own answers, which draws "
    "them to the middle. Hollow: illustrative, nobody's published view."
)


def pits(influence: Influence) -> Figure:
    """Draw the PIT of every answer, a row an expert.

    Parameters
    ----------
    influence : Influence

    Returns
    -------
    matplotlib.figure.Figure
    """
    names = influence.experts["expert"].tolist()
    figure = canvas(7.2, 1.9 + 0.36 * len(names))
    ax = figure.subplots()
    for edge in ((0, 0.005), (0.995, 1)):
        ax.axvspan(*edge, color=COLOURS["vermillion"], alpha=0.18, linewidth=0)
    ax.axvline(0.5, color=GREY, linewidth=0.9)
    for height, name in enumerate(names):
        own = influence.answers[influence.answers["expert"] == name]
        ax.plot(own["pit_in_sample"], np.full(len(own), height + 0.36), "|", color=GREY, markersize=4, zorder=2)
        _dots(ax, own, height)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(-0.02, 1.02)
    ax.set_xlabel("PIT of the stated median", color=INK)
    titled(figure, "Experts beside the others")
    explained(figure, KEY)
    return figure


def _dots(ax: Axes, own: pd.DataFrame, height: int) -> None:
    """Draw one expert's answers in order, in turns above and below the line so that they can be told apart."""
    known = own.dropna(subset=["pit"]).sort_values("pit")
    offset = SPREAD * np.where(np.arange(len(known)) % 2, 0.5, -0.5)
    colours = [COLOURS["vermillion"] if far else COLOURS["blue"] for far in known["surprising"]]
    inside = ["white" if marked else colour for marked, colour in zip(known["illustrative"], colours, strict=True)]
    ax.scatter(known["pit"], height + offset, s=20, c=inside, edgecolors=colours, linewidths=1.1, zorder=3)
