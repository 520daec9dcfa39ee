"""The tornado: how far each outcome moves with each quantity alone, the widest swing on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.reporting.panels import scale
from blackball.reporting.sensitivity import of_result, shown_results
from blackball.reporting.style import COLOURS, INK, annotate, canvas
from blackball.reporting.words import DAGGER, number, outcome_words, place_words, quantity_words, regime_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from blackball.decisions import Sensitivity

__all__ = ["tornado"]

MOST = 12
HEIGHT = 0.62


def tornado(sensitivity: Sensitivity, regime: str) -> Figure:
    """Draw, for each outcome at its last label, the swings of the quantities that move it most.

    Parameters
    ----------
    sensitivity : Sensitivity
    regime : str
        Which regime's results; empty in a model without regimes.

    Returns
    -------
    matplotlib.figure.Figure
        One panel an outcome. Bars from the posterior mean to the mean with the quantity at its 5 % quantile (blue) and
        at its 95 % quantile (orange).
    """
    results = list(shown_results(sensitivity, [regime]))
    rows = {result: _widest(of_result(sensitivity.tornado, *result)) for result in results}
    most = max(len(table) for table in rows.values())
    figure = canvas(max(7.0, 5.4 * len(results)), 2.0 + 0.4 * most)
    axes = figure.subplots(1, len(results), squeeze=False)[0]
    units = sensitivity.described.set_index("outcome")["unit"]
    for result, ax in zip(results, axes, strict=True):
        unit = str(units[result[0]])
        mark = DAGGER if of_result(sensitivity.leans, *result)["leans"].any() else ""
        ax.set_title(f"{outcome_words(result[0], unit)} {place_words(result[2])}".strip() + mark, loc="left")
        _bars(ax, rows[result], unit, most)
    title = regime_words(sensitivity).get(regime)
    key = (
        "Posterior mean of the outcome with one quantity alone at the 5 % (blue) or 95 % (orange) quantile of its "
        "posterior, its numbers in brackets, all else as it was; line: nothing moved."
    )
    annotate(figure, sensitivity, f"what moves it under {title!r}" if title else "what moves it", key, DAGGER)
    return figure


def _widest(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the widest swings, without those that move nothing if others do."""
    moved = table[(table["at_low"] != table["at_base"]) | (table["at_high"] != table["at_base"])]
    return (moved if len(moved) else table).head(MOST)


def _bars(ax: Axes, table: pd.DataFrame, unit: str, most: int) -> None:
    ends = table[["at_low", "at_high"]]
    scale(ax, table.assign(q05=ends.min(axis=1), q95=ends.max(axis=1)), unit)
    for height, row in enumerate(table.to_dict("records")):
        for end, colour in (("at_low", COLOURS["blue"]), ("at_high", COLOURS["orange"])):
            ax.barh(height, row[end] - row["at_base"], HEIGHT, left=row["at_base"], color=colour, zorder=2)
    if len(table):
        ax.axvline(table["at_base"].iloc[0], color=INK, linewidth=1, zorder=3)
    ax.set_ylim(most - 0.5, -0.5)
    ax.set_yticks(range(len(table)), [_label(row) for row in table.to_dict("records")])


def _label(row: dict[object, object]) -> str:
    """Name a quantity with what it is moved between."""
    unit = str(row["unit"])
    sign = " %" if unit == "probability" else ""
    ends = " to ".join(number(float(str(row[end])), unit) for end in ("low", "high"))
    return f"{quantity_words(str(row['quantity']), str(row['label']))}  [{ends}{sign}]"
