"""How well experts and methods did, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from blackball.pools.paired import caution
from blackball.reporting.headed import headed

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from blackball.inference.panels import CrossValidation, Scored

__all__ = ["COMPARED", "cross_validation_tables", "score_tables"]

COMPARED = {
    "log_score": "Log score (nats; higher is better)",
    "crps": "CRPS (share of the range; lower is better)",
    "pinball": "Pinball loss (share of the range; lower is better)",
    "brier": "Brier score of events (lower is better)",
    "event_log_score": "Log score of events (nats; higher is better)",
}
"""Scores by which methods are compared, with what they mean."""

OF_METHODS = {
    "log_score": ("log score", ".3f"),
    "crps": ("CRPS", ".4f"),
    "pinball": ("pinball", ".4f"),
    "covered_50": ("in 50 %", ".0%"),
    "covered_90": ("in 90 %", ".0%"),
    "covered_95": ("in 95 %", ".0%"),
    "calibration": ("cali- bration", ".3g"),
    "information": ("infor- mation", ".3f"),
    "brier": ("Brier", ".4f"),
    "event_log_score": ("log score, events", ".3f"),
}

OF_EXPERTS = {
    "seeds": ("seeds", ".0f"),
    "calibration": ("cali- bration", ".3g"),
    "information": ("infor- mation", ".3f"),
    "log_score": ("log score", ".3f"),
    "events": ("events", ".0f"),
    "brier": ("Brier", ".4f"),
}

COUNTS = ("seeds", "events")

NOTE = (
    "Log score: nats over a uniform guess on the range, higher is better. CRPS and pinball: shares of the range, lower "
    "is better. In 50 %: how often the truth lay in the central 50 % interval. Calibration: p-value of Cooke's "
    "classical model."
)

LEARNED = (
    "Expert models start at population values that were learned on thirty published studies: on those studies, and on "
    "relatives of them, they are scored too well."
)


def score_tables(scored: Scored) -> Group:
    """Lay the scores of one panel out for the terminal: its experts, then every method on held-out seeds.

    Parameters
    ----------
    scored : Scored
        From `blackball.inference.panels.score`.
    """
    order = "log_score" if scored.methods["log_score"].notna().any() else "event_log_score"
    methods = scored.methods.sort_values(order, ascending=False)
    parts: list[RenderableType] = [
        _frame(scored.experts, "Experts: what they stated, on the seeds", "Expert", OF_EXPERTS),
        _frame(methods, "Methods: each seed predicted from the others", "Method", OF_METHODS),
        Text(NOTE, style="dim"),
        *_learned(scored.methods.index),
        *_failures(f"{row.method}: {row.reason}" for row in scored.failures.itertuples()),
    ]
    return Group(*parts)


def cross_validation_tables(found: CrossValidation, compared: dict[str, pd.DataFrame], reference: str) -> Group:
    """Lay a cross-validation out for the terminal: a table a score, each method against the reference.

    Parameters
    ----------
    found : CrossValidation
    compared : dict of str to DataFrame
        From `blackball.pools.paired`, by score.
    reference : str
        The method that the others are compared with.
    """
    parts: list[RenderableType] = [_against(table, COMPARED[name], reference) for name, table in compared.items()]
    parts.append(
        Text(
            f"{found.scheme}; means over studies. Intervals: 95 %, studies resampled. Better in: studies in which the "
            f"method beats {reference}.",
            style="dim",
        )
    )
    few = caution(compared.values())
    parts += [Text(few, style="yellow")] if few else []
    parts += _learned(found.scores["method"].unique())
    parts += _failures(f"{row.panel}, {row.method}: {row.reason}" for row in found.failures.itertuples())
    return Group(*parts)


def _learned(methods: Iterable[object]) -> list[Text]:
    return [Text(LEARNED, style="dim")] if set(methods) & {"mixture", "consensus"} else []


def _against(table: pd.DataFrame, title: str, reference: str) -> Table:
    shown = headed(title)
    shown.add_column("Method", ratio=1)
    for heading in ("mean", f"against {reference}", "95 % interval", "better in"):
        shown.add_column(heading, justify="right")
    for method, row in table.sort_values("difference", ascending="lower" in title).iterrows():
        if method == reference:
            shown.add_row(str(method), f"{row['mean']:.4f}", "", "", "")
            continue
        interval = f"{row['low']:+.4f} to {row['high']:+.4f}"
        better = f"{row['wins']:.0f} of {row['studies']:.0f}"
        shown.add_row(str(method), f"{row['mean']:.4f}", f"{row['difference']:+.4f}", interval, better)
    return shown


def _frame(frame: pd.DataFrame, title: str, first: str, columns: dict[str, tuple[str, str]]) -> Table:
    """Lay a frame out; columns in which nothing stands are left out, and counts of nothing."""
    there = [name for name in columns if name in frame and frame[name].notna().any()]
    shown = [name for name in there if name not in COUNTS or (frame[name] != 0).any()]
    table = headed(title)
    table.padding = (0, 1, 0, 0)
    table.add_column(first, ratio=1, min_width=max(map(len, map(str, frame.index))))
    for name in shown:
        # One word a line, so that eleven columns fit a narrow terminal.
        table.add_column("\n".join(columns[name][0].split()), justify="right", no_wrap=True)
    for label, row in frame.iterrows():
        table.add_row(str(label), *(_cell(float(row[name]), columns[name][1]) for name in shown))
    return table


def _cell(value: float, form: str) -> str:
    return "–" if np.isnan(value) else format(value, form)


def _failures(lines: Iterable[str]) -> list[Text]:
    return [Text(f"not scored: {line}", style="yellow") for line in lines]
