"""The crux table: what would have to be true for each regime to be safer than the reference, and the reverse."""

from __future__ import annotations

from math import isnan
from re import split
from typing import TYPE_CHECKING

from rich.table import Table

from blackball.reporting.headed import headed
from blackball.reporting.words import number, outcome_words, place_words, regime_words

if TYPE_CHECKING:
    import pandas as pd

    from blackball.decisions import Comparison

__all__ = ["CAPTION", "crux_table"]

CAPTION = (
    "Each crux moves alone through 99 % of its prior, all else as the posterior has it. `0.78 to 0.18`: 0.78 times as "
    "risky as the reference at the low end, 0.18 times at the high end (ratio of posterior means); one number: the "
    "crux hardly matters. `= at v`: as risky as it at v. Weight `< 0.1`: in a sum of the first outcome and 0.1 of the "
    "other both are equal; below, this regime is the better."
)


def crux_table(comparison: Comparison) -> Table:
    """Lay out one row a regime and one column a crux.

    Parameters
    ----------
    comparison : Comparison
        With rows in `break_even`.

    Returns
    -------
    rich.table.Table
        To be followed by `CAPTION`, which is not its own so that it is as wide as the terminal. Of 100 columns of
        text at most for four cruxes and one weight.
    """
    titles = regime_words(comparison)
    found, weights = comparison.break_even, comparison.break_even_weights
    outcome, at = found[["outcome", "at"]].iloc[0]
    unit = str(comparison.described.set_index("outcome")["unit"][outcome])
    what = f"{outcome_words(outcome, unit)} {place_words(at)}".strip()
    table = headed(f"What would have to be true: {what} against {titles[comparison.reference]!r}")
    table.padding = (0, 1, 0, 0)
    table.add_column("Regime", ratio=1, overflow="fold")
    columns = []
    for crux, cells in found.groupby("crux", sort=False):
        first = cells.iloc[0]
        ends = " to ".join(number(end, str(first["unit"])) for end in (first["low"], first["high"]))
        _add(table, _header(str(crux), f"{ends}{_unit(str(first['unit']))}"))
        columns.append({str(regime): _moved(rows) for regime, rows in cells.groupby("regime")})
    for other, cells in weights.groupby("against", sort=False):
        _add(table, _header(f"weight_of_{other}", "safer while"))
        columns.append({str(regime): _weighed(rows) for regime, rows in cells.groupby("regime")})
    for name, title in titles.items():
        if name != comparison.reference:
            table.add_row(title, *(column[name] for column in columns))
    return table


def _add(table: Table, header: str) -> None:
    table.add_column(header, justify="right", min_width=max(len(word) for word in header.split()))


def _header(name: str, below: str) -> str:
    return "\n".join([*_folded(name.replace("_", " ").capitalize()), below])


def _unit(unit: str) -> str:
    """Return a sign, or the head of a unit in words on a line of its own: `months` of "months from a warning"."""
    if unit == "probability":
        return " %"
    head = split(r",| (?:at|of|by|for|from|per|in|between) ", unit)[0]
    return f"\n{head}" if head else ""


def _folded(name: str) -> list[str]:
    """Break a long name in two, so that its column stays narrow."""
    words = name.split()
    return [name] if len(words) < 2 else [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]


def _moved(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    if first["safer"] == "same":
        return "the same"
    unit = str(first["unit"])
    sign = " %" if unit == "probability" else ""
    equal = [f"= at {number(value, unit)}{sign}" for value in rows["value"].dropna().tolist()]
    ends = ["–" if isnan(first[end]) else f"{first[end]:.2f}" for end in ("ratio_low", "ratio_high")]
    # A crux that moves nothing is one number, so that those which do stand out.
    return "\n".join([" to ".join(dict.fromkeys(ends)), *equal])


def _weighed(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    words = {"everywhere": "always", "nowhere": "never"}
    two_digits = f"{float(f'{row["weight"]:.2g}'):,g}"  # and no exponent
    return words.get(row["better"]) or f"{'<' if row['better'] == 'below' else '>'} {two_digits}"
