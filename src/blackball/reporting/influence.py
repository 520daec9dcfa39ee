"""Who moves what, as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from blackball.reporting.headed import headed
from blackball.reporting.words import DAGGER, number, outcome_words, place_words

if TYPE_CHECKING:
    import pandas as pd

    from blackball.decisions.influence import Influence

__all__ = ["influence_tables"]

MOST_NAMED = 5
NOTE = (
    "In sd: the shift of the mean in posterior standard deviations, ± its Monte Carlo standard error. PIT: where the "
    "expert's answers lie among those that the others lead to expect; .5 in the middle. p: that the expert's PIT are "
    "uniform; answers that hang together make it too small. Surprising: fewer than 1 % of expected answers lie as far "
    "out."
)


def influence_tables(influence: Influence) -> Group:
    """Lay out the largest move of each headline outcome by who is left out, and how experts answer beside the others.

    Parameters
    ----------
    influence : Influence
        From `blackball.decisions.influence`.
    """
    failed = influence.refits[influence.refits["failed"] != ""]
    note = (
        f"{DAGGER} leans on illustrative numbers, nobody's published view. " if influence.moves["leans"].any() else ""
    )
    parts: list[RenderableType] = [_moves(influence.moves), _experts(influence.experts), Text(note + NOTE, style="dim")]
    surprising = influence.answers[influence.answers["surprising"]]
    for row in surprising.head(MOST_NAMED).itertuples():
        parts.append(Text(f"look: {row.expert} on {row.judged}: PIT {row.pit:.3f} without them", style="yellow"))
    if len(surprising) > MOST_NAMED:
        parts.append(Text(f"and {len(surprising) - MOST_NAMED} more surprising answers", style="yellow"))
    against = influence.answers[influence.answers["against_prior"]]
    for judged, own in list(against.groupby("judged", sort=False))[:MOST_NAMED]:
        who = ", ".join(own["expert"])
        parts.append(Text(f"look: on {judged} the priors alone hardly allow what {who} says", style="yellow"))
    for row in failed.itertuples():
        parts.append(Text(f"FAILED without {row.left_out}, do not use these numbers: {row.failed}", style="bold red"))
    return Group(*parts)


def _moves(moves: pd.DataFrame) -> Table:
    table = headed("Where each outcome moves most when judgements are left out")
    table.add_column("left out", ratio=1)
    table.add_column("outcome, in %" if set(moves["unit"]) == {"probability"} else "outcome", ratio=2)
    for heading in ("mean", "without", "change", "in sd"):
        table.add_column(heading, justify="right", no_wrap=True)
    for (left_out, _), own in moves.groupby(["left_out", "outcome"], sort=False):
        row = own.iloc[int(own["shift_sd"].abs().fillna(-1.0).argmax())]
        place = ", ".join(part for part in (row["regime"], place_words(row["at"])) if part)
        style = "bold red" if row["failed"] else "yellow" if abs(row["shift_sd"]) > 1 else ""
        table.add_row(
            escape(str(left_out)),
            escape(f"{outcome_words(row['outcome'], row['unit'])} {place} {DAGGER if row['leans'] else ''}".strip()),
            number(row["mean"], row["unit"]),
            number(row["mean_without"], row["unit"]),
            f"{row['shift_percent']:+.0f} %",
            f"{row['shift_sd']:+.2f} ± {row['mcse_sd']:.2f}",
            style=style,
        )
    return table


def _experts(experts: pd.DataFrame) -> Table:
    table = headed("How experts answer beside the others")
    table.add_column("expert", ratio=1)
    for heading in ("answers", "illustrative", "mean PIT", "p", "surprising"):
        table.add_column(heading, justify="right")
    for row in experts.to_dict("records"):
        numbers = (format(row[name], form) for name, form in (("pit_mean", ".2f"), ("p_uniform", ".2g")))
        shown = ("–" if text == "nan" else text for text in numbers)
        counts = (str(row["answers"]), str(row["illustrative"]))
        table.add_row(escape(row["expert"]), *counts, *shown, str(row["surprising"]))
    return table
