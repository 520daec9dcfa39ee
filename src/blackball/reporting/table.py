"""The comparison as tables for the terminal: one main table, the verdict, and experts' incoherence."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from blackball.reporting.by_regime import by_regime, fits_by_regime
from blackball.reporting.by_result import by_result
from blackball.reporting.checks import verdict_lines
from blackball.reporting.cruxes import CAPTION, crux_table
from blackball.reporting.headed import headed
from blackball.reporting.words import (
    chance,
    illustrative_note,
    number,
    outcome_words,
    place_words,
    regime_words,
    with_unit,
)

if TYPE_CHECKING:
    from blackball.decisions import Comparison

__all__ = ["comparison_table", "render"]


def comparison_table(comparison: Comparison) -> Group:
    """Lay a comparison out for the terminal.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    rich.console.Group
        The main table, what its outcomes mean, its footnote, the weighted sum if there are weights, the
        crux table if the model names cruxes, the draws that a stopping rule allows, the verdict with every check that
        did not pass, and a table of experts whose premises imply another conclusion than they state.  100
        columns are enough.
    """
    main = by_regime(comparison) if fits_by_regime(comparison) else by_result(comparison)
    parts: list[RenderableType] = [main, *_meanings(comparison), *_footnote(comparison)]
    if len(comparison.combined):
        parts.append(_weighed(comparison))
    if len(comparison.break_even):
        parts += [crux_table(comparison), Text(CAPTION, style="dim")]
    if len(comparison.draws_allowed):
        parts.append(_stopping(comparison))
    parts.extend(verdict_lines(comparison))
    if len(comparison.coherence):
        parts.append(_coherence(comparison))
    return Group(*parts)


def render(comparison: Comparison, width: int = 110) -> str:
    """Write the tables of a comparison as plain text.

    Parameters
    ----------
    comparison : Comparison
    width : int
        Columns of text.
    """
    console = Console(file=StringIO(), width=width, color_system=None, force_terminal=False)
    with console.capture() as captured:
        console.print(comparison_table(comparison))
    return captured.get()


def _meanings(comparison: Comparison) -> list[Text]:
    described = comparison.described[comparison.described["meaning"] != ""]
    columns = (described[column] for column in ("outcome", "meaning", "unit"))
    return [
        Text(f"{outcome_words(outcome, unit)}: {meaning}.") for outcome, meaning, unit in zip(*columns, strict=True)
    ]


def _footnote(comparison: Comparison) -> list[Text]:
    note = illustrative_note(comparison)
    return [Text(note, style="dim")] if note else []


def _weighed(comparison: Comparison) -> Table:
    terms = " + ".join(f"{weight:g} x {name}" for name, weight in comparison.weights.items())
    table = headed(f"Weighted sum: {terms}")
    titles = regime_words(comparison)
    places = list(dict.fromkeys(comparison.combined["at"]))
    table.add_column("Regime", ratio=1)
    for at in places:
        table.add_column(f"{place_words(at)}\nmean\n90 %".strip(), justify="right")
    for regime, rows in comparison.combined.groupby("regime", sort=False):
        cells = [
            f"{row.mean:.2g}\n{row.q05:.2g} – {row.q95:.2g}"
            for row in rows.set_index("at").loc[places].itertuples(name="Row")
        ]
        table.add_row(titles.get(str(regime), "all"), *cells)
    return table


def _stopping(comparison: Comparison) -> Table:
    table = headed("How many draws the stopping rule allows, as long as none goes wrong")
    table.caption = "Stop once the chance that the next draw is worse than tolerable reaches the limit."
    titles = regime_words(comparison)
    for header in ("Draw", "Regime"):
        table.add_column(header, ratio=1)
    for header in ("tolerable", "limit", "draws allowed", "chance at the next"):
        table.add_column(header, justify="right")
    for row in comparison.draws_allowed.to_dict("records"):
        allowed = f"{row['allowed']}" if row["allowed"] < row["most"] else f"{row['most']} or more"
        table.add_row(
            f"{row['outcome'].replace('_', ' ')} {place_words(row['at'])}".strip(),
            titles.get(row["regime"], "all"),
            *(with_unit(row[level], "probability") for level in ("tolerance", "alpha")),
            allowed,
            chance(row["exceeds_next"]),
        )
    return table


def _coherence(comparison: Comparison) -> Table:
    table = headed("What experts' own premises imply, and what they state")
    table.caption = "Ratio: stated / implied. Medians of the experts' answers."
    units = comparison.described.set_index("outcome")["unit"]
    for header in ("Expert", "Conclusion", "Premises"):
        table.add_column(header)
    for header in ("implied", "stated", "ratio"):
        table.add_column(header, justify="right", no_wrap=True)
    for row in comparison.coherence.to_dict("records"):
        unit = str(units.get(row["conclusion"].split(" ")[0], "probability"))
        numbers = [with_unit(row["implied"], unit), with_unit(row["stated"], unit), number(row["ratio"], "")]
        table.add_row(row["expert"], row["conclusion"], row["premises"].replace("; ", ", "), *numbers)
    return table
