"""The answer: what each regime risks, all outcomes side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.reporting.grid import Grid
from blackball.reporting.words import (
    DAGGER,
    chance,
    interval_words,
    outcome_words,
    place_words,
    regime_words,
    riskier,
    summary_words,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd

    from blackball.decisions import Comparison

__all__ = ["answer_grid", "in_short"]


def answer_grid(comparison: Comparison) -> Grid:
    """Return one row a regime, or a label where there are no regimes, and every result as a column."""
    rows = comparison.outcomes.assign(leans=comparison.leans["leans"])
    units = dict(zip(comparison.described["outcome"], comparison.described["unit"], strict=True))
    titles = regime_words(comparison)
    if not titles:
        return _plain(rows, units)
    header, columns = ["Regime"], []
    for (outcome, at), part in rows.groupby(["outcome", "at"], sort=False):
        unit = units[str(outcome)]
        own = {row["regime"]: row for row in part.to_dict("records")}
        every = own.get("")
        header.append(f"{outcome_words(str(outcome), unit)} {place_words(str(at))}".strip())
        cells = [_cell(own[name if every is None else ""], unit) for name in titles]
        columns.append(cells)
        if at == rows.loc[rows["outcome"] == outcome, "at"].iloc[-1] and len(titles) > 1 and every is None:
            header.append(f"Riskier than {titles[comparison.reference]}?")
            columns.append([riskier(own[name]) for name in titles])
    lines = tuple((title, *cells) for title, *cells in zip(titles.values(), *columns, strict=True))
    caption = (
        "Mean of the posterior, and below it the central 90 % interval. Riskier: probability that the regime is "
        f"riskier than the reference, draw by draw, on the column to the left. {_marks(rows)}"
    )
    return Grid(caption.strip(), tuple(header), lines, frozenset(range(1, len(header))))


def in_short(comparison: Comparison) -> list[str]:
    """Say for each outcome, at its last label, how the reference stands and between which regimes all lie.

    Every outcome is told in the same words, so that none is favoured; a last sentence says whether they agree on the
    least risky regime.
    """
    titles, safest, sentences = regime_words(comparison), [], []
    results = comparison.outcomes.assign(mark=comparison.leans["leans"].map({True: f" {DAGGER}", False: ""}))
    for outcome, unit in comparison.described[["outcome", "unit"]].itertuples(index=False, name=None):
        own = results[results["outcome"] == outcome]
        at = own["at"].iloc[-1]
        rows = own[own["at"] == at].set_index("regime")
        first = rows.iloc[0]
        name = f"{outcome_words(outcome, unit)} {place_words(at)}".strip()
        under = f" under {titles[rows.index[0]]}" if rows.index[0] else ""
        interval = interval_words(first["q05"], first["q95"], unit)
        said = f"{name}{under}: {_mean(first, unit)} on average, 90 % interval {interval}."
        if len(rows) > 1:
            low, high = str(rows["mean"].idxmin()), str(rows["mean"].idxmax())
            ranks = comparison.ranks[(comparison.ranks["outcome"] == outcome) & (comparison.ranks["at"] == at)]
            least = ranks.set_index("regime")["p_least"][low]
            safest += [low] if unit == "probability" else []
            said += (
                f" Over all regimes the average runs from {_mean(rows.loc[low], unit)} ({titles[low]}, the lowest with "
                f"probability {chance(least)}) to {_mean(rows.loc[high], unit)} ({titles[high]})."
            )
        sentences.append(said)
    if len(safest) > 1:
        agree = len(set(safest)) == 1
        sentences.append(
            "One regime is the least risky on average for every outcome."
            if agree
            else "No regime is the least risky for every outcome: which to prefer depends on what each outcome weighs "
            "for you, and this report does not decide that."
        )
    return sentences


def _mean(row: Mapping[Hashable, Any] | pd.Series[Any], unit: str) -> str:
    return f"{with_unit(row['mean'], unit)}{row['mark']}"


def _plain(rows: pd.DataFrame, units: Mapping[str, str]) -> Grid:
    lines = []
    for row in rows.to_dict("records"):
        unit = units[row["outcome"]]
        name = f"{outcome_words(row['outcome'], unit)} {place_words(row['at'])}".strip()
        lines.append((f"{name}{f' {DAGGER}' if row['leans'] else ''}", *summary_words(row, unit)))
    header = ("Result", "Mean", "Median", "50 % interval", "90 % interval")
    caption = f"Posterior mean and median, central 50 % and 90 % intervals. {_marks(rows)}"
    return Grid(caption.strip(), header, tuple(lines), frozenset(range(1, 5)))


def _cell(row: Mapping[Hashable, Any], unit: str) -> str:
    mark = f" {DAGGER}" if row["leans"] else ""
    return f"{with_unit(row['mean'], unit)}{mark}\n{interval_words(row['q05'], row['q95'], unit)}"


def _marks(rows: pd.DataFrame) -> str:
    return f"{DAGGER} leans on illustrative numbers." if rows["leans"].any() else ""
