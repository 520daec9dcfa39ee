"""What drives each result, as tables for the terminal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from blackball.reporting.checks import verdict_lines
from blackball.reporting.headed import close_headed
from blackball.reporting.words import (
    DAGGER,
    illustrative_note,
    number,
    outcome_words,
    place_words,
    quantity_words,
    regime_words,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping
    from typing import Any

    import pandas as pd

    from blackball.decisions import Sensitivity

__all__ = ["of_result", "sensitivity_table", "shown_results"]

MOST = 10
KEYS = ["quantity", "label"]
MOVED = ["unit", "low", "high", "at_low", "at_high"]
CAPTION = (
    "Rank correlation, with its Monte Carlo error. Alone: share of the variance that would go if only this were known. "
    "Shared: Shapley share, with what quantities explain together divided between them; those of all quantities and "
    "the unexplained sum to 100 %. 5 % to 95 %: quantiles of the quantity, in % for a probability, else in the unit "
    "below its name. Swing: mean of the result at these two quantiles, moved alone."
)


def sensitivity_table(sensitivity: Sensitivity, regimes: list[str]) -> Group:
    """Lay out the strongest quantities of each outcome at its last label.

    Parameters
    ----------
    sensitivity : Sensitivity
    regimes : list of str
        Regimes to show; the reference without any.

    Returns
    -------
    rich.console.Group
        One table a result, the key, what leans on illustrative numbers, and the verdict; 100 columns are enough.
    """
    tables: list[RenderableType] = [_table(sensitivity, *result) for result in shown_results(sensitivity, regimes)]
    note = illustrative_note(sensitivity)
    notes = [Text(text, style="dim") for text in (CAPTION, note) if text]
    return Group(*tables, *notes, *verdict_lines(sensitivity))


def shown_results(sensitivity: Sensitivity, regimes: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield outcome, regime and label of what is shown: each outcome at its last label."""
    wanted = {"", *(regimes or [sensitivity.reference])}
    for outcome, rows in sensitivity.unexplained.groupby("outcome", sort=False):
        last = rows[rows["at"] == rows["at"].iloc[-1]]
        yield from ((str(outcome), regime, str(last["at"].iloc[0])) for regime in last["regime"] if regime in wanted)


def of_result(table: pd.DataFrame, outcome: str, regime: str, at: str) -> pd.DataFrame:
    """Pick the rows of one result."""
    return table[(table["outcome"] == outcome) & (table["regime"] == regime) & (table["at"] == at)]


def _table(sensitivity: Sensitivity, outcome: str, regime: str, at: str) -> Table:
    result = (outcome, regime, at)
    unit = str(sensitivity.described.set_index("outcome")["unit"][outcome])
    under = f" under {regime_words(sensitivity)[regime]!r}" if regime else ""
    mark = DAGGER if of_result(sensitivity.leans, *result)["leans"].any() else ""
    what = f"{outcome_words(outcome, unit)} {place_words(at)}".strip()
    table = close_headed(f"What drives {what}{under}{mark}")
    table.add_column("Quantity", ratio=1)
    for header in ("rank corr.", "alone", "shared", "5 % to 95 %", "swing"):
        table.add_column(header, justify="right")
    rows = of_result(sensitivity.shares, *result).merge(
        of_result(sensitivity.tornado, *result)[[*KEYS, *MOVED]], on=KEYS
    )
    for row in rows.head(MOST).to_dict("records"):
        table.add_row(
            _quantity(row),
            f"{row['rank_correlation']:+.2f} ± {row['rank_correlation_mcse']:.2f}",
            _share(row["first_order"]),
            _share(row["shapley"]),
            f"{number(row['low'], row['unit'])} to {number(row['high'], row['unit'])}{_percent(row['unit'])}",
            f"{number(row['at_low'], unit)} to {with_unit(row['at_high'], unit)}",
        )
    left = of_result(sensitivity.unexplained, *result)["unexplained"].iloc[0]
    others = rows["shapley"].iloc[MOST:]
    if len(others):
        table.add_row(f"{len(others)} others", "", "", _share(others.sum()), "", "", style="dim")
    table.add_row("unexplained", "", "", _share(left), "", "", style="dim")
    return table


def _quantity(row: Mapping[Hashable, Any]) -> Text:
    """Name a quantity, and below that its unit if that is not percent."""
    unit = "" if row["unit"] == "probability" else str(row["unit"])
    name = Text(quantity_words(row["quantity"], row["label"]))
    return name.append(f"\n{unit}", style="dim") if unit else name


def _percent(unit: str) -> str:
    return " %" if unit == "probability" else ""


def _share(value: float) -> str:
    """Write a share of variance in whole percent, which is as much as draws tell."""
    return "–" if isnan(value) else "< 1 %" if 0 < value < 0.005 else f"{100 * value:.0f} %"
