"""The crux table: what would have to be true for each regime to be safer than the reference, and the reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from blackball.reporting.words import number, outcome_words, place_words, regime_words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from blackball.decisions import Comparison

__all__ = ["crux_table"]

CAPTION = (
    "Each crux moves alone through 99 % of its prior, all else as the posterior has it. `a to b`: how many times as "
    "risky as the reference (ratio of posterior means) at the low and the high end. `= at v`: as risky as it at v. "
    "Weight: what one unit of the other outcome counts against one of the first where both regimes are equal."
)


def crux_table(comparison: Comparison) -> Table:
    """Lay out one row a regime and one column a crux.

    Parameters
    ----------
    comparison : Comparison
        With rows in `break_even` or `break_even_weights`.

    Returns
    -------
    rich.table.Table
        Of 100 columns of text at most for four cruxes and one weight.
    """
    titles = regime_words(comparison)
    found, weights = comparison.break_even, comparison.break_even_weights
    rows = found if len(found) else weights
    unit = str(comparison.described.set_index("outcome")["unit"][rows["outcome"].iloc[0]])
    what = f"{outcome_words(rows['outcome'].iloc[0], unit)} {place_words(rows['at'].iloc[0])}".strip()
    table = Table(
        title=f"What would have to be true: {what} against {titles[comparison.reference]!r}",
        caption=CAPTION,
        title_justify="left",
        caption_justify="left",
        title_style="bold",
        caption_style="dim",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("Regime", ratio=1)
    columns = []
    for crux, cells in found.groupby("crux", sort=False):
        first = cells.iloc[0]
        ends = " to ".join(number(end, str(first["unit"])) for end in (first["low"], first["high"]))
        table.add_column(_header(str(crux), f"{ends}{' %' if first['unit'] == 'probability' else ''}"), justify="right")
        columns.append(_by_regime(cells, titles, _moved))
    for other, cells in weights.groupby("against", sort=False):
        table.add_column(_header(f"weight_of_{other}", "safer while"), justify="right")
        columns.append(_by_regime(cells, titles, _weighed))
    for name, title in titles.items():
        if name != comparison.reference:
            table.add_row(title, *(column[name] for column in columns))
    return table


def _header(name: str, below: str) -> str:
    return "\n".join([*_folded(name.replace("_", " ").capitalize()), below])


def _folded(name: str) -> list[str]:
    """Break a long name in two, so that its column stays narrow."""
    words = name.split()
    return [name] if len(words) < 2 else [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]


def _by_regime(cells: pd.DataFrame, titles: dict[str, str], write: Callable[[pd.DataFrame], str]) -> dict[str, str]:
    return {name: write(cells[cells["regime"] == name]) for name in titles}


def _moved(rows: pd.DataFrame) -> str:
    if not len(rows):
        return ""
    first = rows.iloc[0]
    if first["safer"] == "same":
        return "the same"
    unit = str(first["unit"])
    sign = " %" if unit == "probability" else ""
    equal = [f"= at {number(value, unit)}{sign}" for value in rows["value"].dropna().tolist()]
    return "\n".join([f"{first['ratio_low']:.2f} to {first['ratio_high']:.2f}", *equal])


def _weighed(rows: pd.DataFrame) -> str:
    if not len(rows):
        return ""
    row = rows.iloc[0]
    words = {"everywhere": "always", "nowhere": "never"}
    return words.get(row["better"]) or f"{'<' if row['better'] == 'below' else '>'} {row['weight']:.2g}"
