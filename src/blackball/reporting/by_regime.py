"""The main table where there are regimes: one row a regime, one column a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from blackball.reporting.headed import headed
from blackball.reporting.words import (
    DAGGER,
    number,
    outcome_words,
    place_words,
    regime_words,
    riskier,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from blackball.decisions import Comparison

__all__ = ["by_regime", "fits_by_regime"]

# More columns of results than this do not fit 100 characters beside the titles of regimes.
MOST_COLUMNS = 4


def fits_by_regime(comparison: Comparison) -> bool:
    """Say whether every result has a regime and there are few enough for one column each."""
    results = comparison.outcomes[["outcome", "at"]].drop_duplicates()
    return bool((comparison.outcomes["regime"] != "").all()) and len(results) <= MOST_COLUMNS


def by_regime(comparison: Comparison) -> Table:
    """Lay out one row a regime: each result's mean, median and 90 % interval, and P(riskier).

    Parameters
    ----------
    comparison : Comparison
        For which `fits_by_regime` holds.

    Returns
    -------
    rich.table.Table
        The first outcome is followed by the probability that the regime is riskier than the reference, at its
        last label.
    """
    titles = regime_words(comparison)
    table = headed(f"{comparison.model}: mean (median) in %, below it the central 90 % posterior interval")
    table.caption = f"P(riskier): than the reference, {titles[comparison.reference]!r}, draw by draw"
    table.caption_style = ""
    table.leading, table.padding = 1, (0, 1, 0, 0)
    table.add_column("Regime", ratio=1, overflow="fold")
    units = comparison.described.set_index("outcome")["unit"]
    rows = comparison.outcomes.assign(leans=comparison.leans["leans"])
    results = list(dict.fromkeys(zip(rows["outcome"], rows["at"], strict=True)))
    first = [place for place in results if place[0] == results[0][0]]
    columns = []
    for outcome, at in results:
        cells = rows[(rows["outcome"] == outcome) & (rows["at"] == at)]
        columns.append([_result(cell, str(units[outcome])) for cell in cells.to_dict("records")])
        _add(table, _header(_name(outcome, str(units[outcome])), at))
        if (outcome, at) == first[-1] and len(titles) > 1:
            columns.append([riskier(row) for row in cells.to_dict("records")])
            _add(table, _header("P(riskier)", at))
    for title, *texts in zip(titles.values(), *columns, strict=True):
        table.add_row(title, *texts)
    return table


def _add(table: Table, header: str) -> None:
    table.add_column(header, justify="right", min_width=max(map(len, header.split("\n"))), overflow="fold")


def _name(outcome: str, unit: str) -> str:
    # The title says that probabilities are in percent; without `P()` the table fits 80 columns.
    return outcome.replace("_", " ").capitalize() if unit == "probability" else outcome_words(outcome, unit)


def _header(name: str, at: str) -> str:
    # One word a line, so that a long name does not widen its column.
    return "\n".join([*name.split(), place_words(at)]).strip()


def _result(cell: Mapping[Hashable, Any], unit: str) -> str:
    mark = DAGGER if cell["leans"] else ""
    centre = f"{number(cell['mean'], unit)} ({number(cell['median'], unit)}){mark}"
    return f"{centre}\n{number(cell['q05'], unit)}–{number(cell['q95'], unit)}"
