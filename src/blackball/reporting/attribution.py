"""What each mechanism adds, as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from blackball.reporting.checks import verdict_lines
from blackball.reporting.headed import close_headed
from blackball.reporting.words import DAGGER, illustrative_note, number, outcome_words, place_words, regime_words

if TYPE_CHECKING:
    import pandas as pd

    from blackball.decisions import Comparison

__all__ = ["attribution_table"]

CAPTION = (
    "Posterior mean of what each mechanism adds: its Shapley value, the mean over all orders in which mechanisms may "
    "be added; in brackets, how much less there is without it alone. They differ where mechanisms act together."
)
ROUNDING = 1e-9


def attribution_table(attributed: pd.DataFrame, comparison: Comparison) -> Group:
    """Lay an attribution out: one table an outcome at its last label, one row a regime, one column a mechanism.

    Parameters
    ----------
    attributed : pandas.DataFrame
        From `blackball.decisions.attributed`.
    comparison : Comparison
        Of the same fit.
    """
    tables: list[RenderableType] = [
        _table(rows[rows["at"] == rows["at"].iloc[-1]], comparison)
        for _, rows in attributed.groupby("outcome", sort=False)
    ]
    notes = [Text(text, style="dim") for text in (CAPTION, illustrative_note(comparison)) if text]
    return Group(*tables, *notes, *verdict_lines(comparison))


def _table(rows: pd.DataFrame, comparison: Comparison) -> RenderableType:
    outcome, at = str(rows["outcome"].iloc[0]), str(rows["at"].iloc[0])
    unit = str(comparison.described.set_index("outcome")["unit"][outcome])
    what = f"{outcome_words(outcome, unit)} {place_words(at)}".strip()
    if (rows["mean"].abs() < ROUNDING).all():
        return Text(f"None of them adds to {what}.\n")
    percent = " in percentage points" if unit == "probability" else ""
    table = close_headed(f"What adds to {what}{percent}")
    leans = comparison.leans
    marked = set(leans.loc[leans["leans"] & (leans["outcome"] == outcome) & (leans["at"] == at), "regime"])
    titles = regime_words(comparison)
    table.add_column("Regime", ratio=1)
    means = rows.pivot_table(index="regime", columns=["mechanism", "measure"], values="mean", sort=False)
    mechanisms = list(dict.fromkeys(rows["mechanism"]))
    for mechanism in mechanisms:
        table.add_column(mechanism, justify="right")
    for regime, row in means.iterrows():
        cells = [
            f"{_signed(row[mechanism, 'shapley'], unit)} ({_signed(row[mechanism, 'removal'], unit)})"
            for mechanism in mechanisms
        ]
        table.add_row(f"{titles.get(str(regime), 'all')}{DAGGER if regime in marked else ''}", *cells)
    return table


def _signed(value: float, unit: str) -> str:
    """Write what is added, below 0 if it takes away; what rounds to nothing as 0."""
    if abs(value) < ROUNDING:
        return "0"
    return f"{'-' if value < 0 else ''}{number(abs(value), unit)}"
