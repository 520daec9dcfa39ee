"""A decision as tables for the terminal: regimes by expected loss, and which is best as one loss grows."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from blackball.reporting.checks import verdict_lines
from blackball.reporting.headed import close_headed
from blackball.reporting.words import DAGGER, amount, chance, place_words, through_the_model

if TYPE_CHECKING:
    from blackball.decisions.decide import Decision

__all__ = ["decision_table"]

CAPTION = (
    "90 %: of the loss that is expected given the parameters of a draw. P(best): that no regime loses less. Regret: "
    "how much more than the best would lose, were all parameters known. Over the best: difference of expected "
    "losses, with its Monte Carlo error."
)
SURE = 2.0
"""Monte Carlo errors by which a regime must lose more than the best to be told apart from it."""


def decision_table(decision: Decision) -> Group:
    """Lay a decision out for the terminal.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    rich.console.Group
        Regimes from the smallest expected loss, which is best as each loss is multiplied, what leans on illustrative
        numbers, and the verdict; 100 columns are enough.
    """
    parts: list[RenderableType] = [_regimes(decision), Text(_best(decision)), "", _switches(decision)]
    note = _note(decision)
    parts += [Text(note, style="dim")] if note else []
    return Group(*parts, *verdict_lines(decision))


def _regimes(decision: Decision) -> Table:
    title = f"{decision.model}: expected loss in {decision.unit}"
    table = _table(title, CAPTION)
    table.add_column("Regime", ratio=1)
    for header in ("loss", "90 %", "P(best)", "regret", "over the best"):
        table.add_column(header, justify="right")
    for row in decision.regimes.sort_values("expected_loss", kind="stable").to_dict("records"):
        over = f"{amount(row['over_best'])} ± {amount(row['over_best_mcse'])}"
        table.add_row(
            row["title"],
            f"{amount(row['expected_loss'])}{DAGGER if row['leans'] else ''}",
            f"{amount(row['q05'])} – {amount(row['q95'])}",
            chance(row["p_best"]),
            amount(row["regret"]),
            "the best" if row["regime"] == decision.best else over,
        )
    return table


def _best(decision: Decision) -> str:
    rows = decision.regimes.set_index("regime")
    close = rows[(rows["over_best"] < SURE * rows["over_best_mcse"]) & (rows.index != decision.best)]
    tied = f" Within Monte Carlo error of it: {', '.join(map(repr, close['title']))}." if len(close) else ""
    return (
        f"Smallest expected loss: {rows.loc[decision.best, 'title']!r}.{tied} To know all parameters before the choice "
        f"would be worth {amount(decision.evpi)} {decision.unit}."
    )


def _switches(decision: Decision) -> Table:
    table = _table("Which regime is best, were a loss another", "Factor: times the stated loss; bold: as stated.")
    titles = decision.regimes.set_index("regime")["title"]
    table.add_column("Loss of")
    table.add_column("Factor", justify="right")
    table.add_column("Best regime", ratio=1)
    last = ("", "")
    for row in decision.switches.to_dict("records"):
        place = (str(row["outcome"]), str(row["at"]))
        name = f"{place[0].replace('_', ' ')} {place_words(place[1])}".strip()
        ends = f"above {amount(row['low'])}" if isinf(row["high"]) else f"{amount(row['low'])} – {amount(row['high'])}"
        stated = "bold" if row["low"] <= 1 < row["high"] else ""
        table.add_row("" if place == last else name, Text(ends, style=stated), Text(titles[row["best"]], style=stated))
        last = place
    return table


def _note(decision: Decision) -> str:
    sentences = through_the_model(decision)
    if decision.regimes["leans"].any():
        sentences = [
            f"{DAGGER} rests on an illustrative loss, or on an outcome that leans on illustrative numbers: nobody's "
            "published view.",
            *sentences,
        ]
    return " ".join(sentences)


def _table(title: str, caption: str) -> Table:
    table = close_headed(title)
    table.caption, table.caption_style = caption, "dim"
    return table
