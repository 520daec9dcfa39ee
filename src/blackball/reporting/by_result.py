"""The main table where there are no regimes, or too many results for columns: one row a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from blackball.reporting.headed import headed
from blackball.reporting.words import (
    DAGGER,
    outcome_words,
    place_words,
    regime_words,
    riskier,
    summary_words,
)

if TYPE_CHECKING:
    from blackball.decisions import Comparison

__all__ = ["by_result"]


def by_result(comparison: Comparison) -> Table:
    """Lay out one row for each outcome, label and regime: mean, median, both intervals and P(riskier).

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    rich.table.Table
    """
    table = headed(f"{comparison.model}: posterior mean, median, central 50 % and 90 % intervals")
    titles = regime_words(comparison)
    table.add_column("Result")
    if titles:
        table.add_column("Regime", ratio=1)
    for header in ("mean", "median", "50 %", "90 %", *(["P(riskier)"] if len(titles) > 1 else [])):
        table.add_column(header, justify="right")
    units = comparison.described.set_index("outcome")["unit"]
    for row in comparison.outcomes.assign(leans=comparison.leans["leans"]).to_dict("records"):
        unit = str(units[row["outcome"]])
        # Numbers carry their unit, so that only probabilities need to be named as such.
        named = outcome_words(row["outcome"], unit) if unit == "probability" else row["outcome"].replace("_", " ")
        name = f"{named} {place_words(row['at'])}".strip()
        regime = [titles.get(row["regime"], "all regimes")] if titles else []
        against = [riskier(row)] if len(titles) > 1 else []
        table.add_row(
            f"{name}{DAGGER if row['leans'] else ''}",
            *regime,
            *summary_words(row, unit),
            *against,
        )
    return table
