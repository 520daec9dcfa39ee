"""What drives the answer, what would change it, and whether to trust the computation, as tables."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from blackball.reporting.grid import Grid
from blackball.reporting.words import interval_words, number, outcome_words, place_words, regime_words, with_unit

if TYPE_CHECKING:
    import pandas as pd

    from blackball.decisions import Comparison

__all__ = ["checks_grid", "coherence_grid", "crux_grid", "dependence_grids", "weights_grid"]

STRONGEST = 8


def dependence_grids(depends: pd.DataFrame, comparison: Comparison) -> list[Grid]:
    """Return for each outcome, at its last label, the quantities that it moves with most, in the reference regime."""
    units = comparison.described.set_index("outcome")["unit"]
    titles = regime_words(comparison)
    grids = []
    for outcome, rows in depends.groupby("outcome", sort=False):
        own = rows[(rows["at"] == rows["at"].iloc[-1]) & (rows["regime"] == rows["regime"].iloc[0])]
        what = f"{outcome_words(str(outcome), str(units[outcome]))} {place_words(rows['at'].iloc[-1])}".strip()
        under = titles.get(rows["regime"].iloc[0])
        lines = tuple(
            (
                f"{row['quantity'].replace('_', ' ')} {place_words(row['label'])}".strip(),
                f"{row['rank_correlation']:+.2f}",
            )
            for row in own.head(STRONGEST).to_dict("records")
        )
        caption = (
            f"What {what} moves with{f', under {under}' if under else ''}: Spearman's rank correlation over draws."
        )
        grids.append(Grid(caption, ("Quantity", "Rank correlation"), lines, frozenset({1})))
    return grids


def crux_grid(comparison: Comparison) -> Grid:
    """Return one row a regime and one column a crux: how many times as risky as the reference, and where as risky."""
    found, titles = comparison.break_even, regime_words(comparison)
    first = found.iloc[0]
    own = found[(found["outcome"] == first["outcome"]) & (found["at"] == first["at"])]
    header, columns = ["Regime"], []
    for crux, rows in own.groupby("crux", sort=False):
        sign = "probability" if rows["unit"].iloc[0] == "probability" else ""
        ends = interval_words(rows["low"].iloc[0], rows["high"].iloc[0], sign).strip()
        header.append(f"{str(crux).replace('_', ' ').capitalize()}, {ends}")
        columns.append({str(regime): _moved(cells, sign) for regime, cells in rows.groupby("regime")})
    names = [name for name in titles if name != comparison.reference]
    lines = tuple((titles[name], *(column[name] for column in columns)) for name in names)
    unit = str(comparison.described.set_index("outcome")["unit"][first["outcome"]])
    what = f"{outcome_words(first['outcome'], unit)} {place_words(first['at'])}".strip()
    caption = (
        f"What would have to be true: {what}, as a multiple of that under {titles[comparison.reference]!r} (ratio of "
        "posterior means), while one crux alone moves through 99 % of its prior, all else as the posterior has "
        "it: at the low end, to at the high end; one number where the crux hardly matters. Equal: the value at which "
        "both are as risky."
    )
    return Grid(caption, tuple(header), lines, frozenset(range(1, len(header))))


def _moved(rows: pd.DataFrame, unit: str) -> str:
    first = rows.iloc[0]
    if first["safer"] == "same":
        return "the same"
    ends = ["–" if isnan(first[end]) else f"{first[end]:.2f}" for end in ("ratio_low", "ratio_high")]
    equal = [f"equal at {with_unit(value, unit).strip()}" for value in rows["value"].dropna().tolist()]
    return "\n".join([" to ".join(dict.fromkeys(ends)), *equal])


def weights_grid(comparison: Comparison) -> Grid:
    """Return the weight of each second outcome at which a regime equals the reference in a sum with the first."""
    titles, units = regime_words(comparison), comparison.described.set_index("outcome")["unit"]
    rows = comparison.break_even_weights
    first = str(rows["outcome"].iloc[0])
    lines = tuple(
        (
            titles[row["regime"]],
            outcome_words(row["against"], str(units[row["against"]])),
            "none" if isnan(row["weight"]) else number(row["weight"], ""),
            {"everywhere": "at every weight", "nowhere": "at no weight"}.get(row["better"], f"{row['better']} it"),
        )
        for row in rows.to_dict("records")
    )
    what = f"{outcome_words(first, str(units[first]))} {place_words(rows['at'].iloc[0])}".strip()
    caption = (
        f"How much the other outcome may weigh: in the sum of {what} and a weight times the other outcome, the weight "
        f"at which a regime equals {titles[comparison.reference]!r}."
    )
    return Grid(caption, ("Regime", "Other outcome", "Equal at weight", "Better"), lines, frozenset({2}))


def checks_grid(comparison: Comparison) -> Grid:
    """Return every check of the computation."""
    columns = ["name", "status", "value", "threshold", "advice"]
    lines = tuple(
        (
            name,
            status,
            *("–" if isnan(found) else f"{found:.4g}" for found in numbers),
            advice if status != "pass" else "",
        )
        for name, status, *numbers, advice in comparison.diagnosis[columns].itertuples(index=False, name=None)
    )
    caption = "Checks. fail: do not use the numbers. look: use them once somebody has looked."
    return Grid(caption, ("Check", "Status", "Value", "Limit", "What to do"), lines, frozenset({2, 3}))


def _plain(value: float) -> str:
    return "–" if isnan(value) else f"{value:.4g}"


def coherence_grid(comparison: Comparison) -> Grid:
    """Return what experts' premises imply and what they state."""
    units = comparison.described.set_index("outcome")["unit"]
    lines = []
    for row in comparison.coherence.to_dict("records"):
        unit = str(units.get(row["conclusion"].split(" ")[0], "probability"))
        pair = (with_unit(row["implied"], unit), with_unit(row["stated"], unit))
        lines.append((row["expert"], row["conclusion"].replace("_", " "), *pair, number(row["ratio"], "")))
    caption = "What experts' own premises imply and what they state; medians. Ratio: stated over implied."
    header = ("Expert", "Conclusion", "Implied", "Stated", "Ratio")
    return Grid(caption, header, tuple(lines), frozenset({2, 3, 4}))
