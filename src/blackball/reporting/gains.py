"""How much better each method predicts than a reference, study by study: one figure a score."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from blackball.pools.paired import LOWER_IS_BETTER, by_study, caution
from blackball.reporting.scores import COMPARED
from blackball.reporting.style import COLOURS, GREY, INK, canvas, explained, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["gains"]

KEY = (
    "Small dots: studies (beyond the edge of a panel they stand on it). Large dot and line: mean over studies with its "
    "95 % interval, studies resampled. Right of 0 is better."
)

SPREAD = 0.16
"""How far the dots of studies stand above and below a method's line."""

ROBUST = (2.0, 98.0)
"""Percentiles of all studies' differences that the axis shows at least; dots beyond stand at its edge."""


def gains(scores: pd.DataFrame, compared: dict[str, pd.DataFrame], reference: str) -> Figure:
    """Draw each method's gain over a reference: a dot a study, and the mean with its 95 % interval over studies.

    Parameters
    ----------
    scores : pandas.DataFrame
        One row a prediction, as in `CrossValidation`.
    compared : dict of str to DataFrame
        From `blackball.pools.paired`, by score.
    reference : str

    Returns
    -------
    matplotlib.figure.Figure
        A panel for each score that some other method has too; to the right is better in each.
    """
    compared = {score: table for score, table in compared.items() if len(table.index.drop(reference))}
    ranked = [method for score, table in compared.items() for method in _ranked(table, score)]
    methods = [method for method in dict.fromkeys(ranked) if method != reference]
    figure = canvas(max(6.5, 2.2 + 3.4 * len(compared)), 2.0 + 0.42 * len(methods))
    axes = figure.subplots(1, len(compared), squeeze=False)[0]
    for column, (ax, (score, table)) in enumerate(zip(axes, compared.items(), strict=True)):
        _panel(ax, by_study(scores, score), table, score, methods, reference)
        ax.set_yticks(range(len(methods)), methods if column == 0 else [""] * len(methods))
    titled(figure, f"Gain over {reference}")
    explained(figure, *filter(None, (KEY, caution(compared.values()))))
    return figure


def _ranked(table: pd.DataFrame, score: str) -> list[str]:
    """Return methods from the best to the worst."""
    return [str(name) for name in table.sort_values("difference", ascending=score in LOWER_IS_BETTER).index]


def _panel(
    ax: Axes, studies: pd.DataFrame, table: pd.DataFrame, score: str, methods: list[str], reference: str
) -> None:
    sign = -1.0 if score in LOWER_IS_BETTER else 1.0
    differences = {
        method: sign * (studies[method] - studies[reference]).dropna() for method in methods if method in studies
    }
    low, high = _ends(np.concatenate([own.to_numpy() for own in differences.values()]))
    for height, method in enumerate(methods):
        if method not in differences:
            continue
        own = np.sort(differences[method].to_numpy())
        offset = SPREAD * np.where(np.arange(len(own)) % 2, 1, -1)
        ax.plot(np.clip(own, low, high), height + offset, "o", color=GREY, markersize=2.6, alpha=0.7, zorder=2)
        row = table.loc[method]
        left, right = np.clip(sorted((sign * row["low"], sign * row["high"])), low, high)
        ax.hlines(height, left, right, colors=COLOURS["blue"], linewidths=2.4, zorder=3)
        ax.plot(
            np.clip(sign * row["difference"], low, high), height, "o", color=COLOURS["blue"], markersize=6.5, zorder=4
        )
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1)
    pad = 0.03 * (high - low)
    ax.set_xlim(low - pad, high + pad)
    ax.set_ylim(len(methods) - 0.5, -0.5)
    ax.set_title(fill(COMPARED[score].replace("higher", "right").replace("lower", "right"), 34), loc="left")
    ax.locator_params(axis="x", nbins=5)


def _ends(values: np.ndarray) -> tuple[float, float]:
    """Return where an axis ends: at nearly all studies, with 0 inside."""
    low, high = np.percentile(values, ROBUST)
    ends = min(float(low), 0.0), max(float(high), 0.0)
    return ends if ends[0] < ends[1] else (-1.0, 1.0)
