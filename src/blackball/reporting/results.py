"""Every result as tables of text: one table for each outcome and label, one row a regime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.reporting.grid import Grid
from blackball.reporting.words import (
    DAGGER,
    chance,
    outcome_words,
    place_words,
    regime_words,
    riskier,
    summary_words,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd

    from blackball.decisions import Comparison

__all__ = ["result_grids"]

HEADER = ("mean", "median", "50 % interval", "90 % interval")
AGAINST = ("P(riskier)", "P(least risky)", "P(most risky)")
INTERVALS = "Intervals are central (equal-tailed) posterior intervals."


def result_grids(comparison: Comparison) -> list[Grid]:
    """Lay out every result of a comparison.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    list of Grid
        By outcome and label, a row a regime; an outcome without regimes has one table, a row a label.
    """
    keys = ["outcome", "regime", "at"]
    rows = comparison.outcomes.assign(leans=comparison.leans["leans"]).merge(comparison.ranks, how="left", on=keys)
    units = comparison.described.set_index("outcome")["unit"]
    grids = []
    for outcome, own in rows.groupby("outcome", sort=False):
        unit = str(units[outcome])
        name = outcome_words(str(outcome), unit)
        if (own["regime"] == "").all():
            grids.append(_without_regimes(own, name, unit))
            continue
        grids += [
            _by_regime(part, f"{name} {place_words(str(at))}".strip(), unit, comparison)
            for at, part in own.groupby("at", sort=False)
        ]
    return grids


def _by_regime(rows: pd.DataFrame, name: str, unit: str, comparison: Comparison) -> Grid:
    titles = regime_words(comparison)
    several = len(titles) > 1
    against = f" P(riskier): than the reference, {titles[comparison.reference]!r}, draw by draw." if several else ""
    lines = []
    for row in rows.to_dict("records"):
        ranked = [riskier(row), chance(row["p_least"]), chance(row["p_most"])] if several else []
        lines.append((f"{titles[row['regime']]}{_mark(row)}", *summary_words(row, unit), *ranked))
    header = ("Regime", *HEADER, *(AGAINST if several else ()))
    return Grid(f"{name}. {INTERVALS}{against}", header, tuple(lines), frozenset(range(1, len(header))))


def _without_regimes(rows: pd.DataFrame, name: str, unit: str) -> Grid:
    lines = [
        (f"{place_words(row['at']) or name}{_mark(row)}", *summary_words(row, unit)) for row in rows.to_dict("records")
    ]
    return Grid(f"{name}. {INTERVALS}", ("Result", *HEADER), tuple(lines), frozenset(range(1, 5)))


def _mark(row: Mapping[Hashable, Any]) -> str:
    return f" {DAGGER}" if row["leans"] else ""
