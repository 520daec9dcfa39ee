"""The verdict for the terminal: as a table, or in a few lines below other tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from blackball.reporting.words import check_line, verdict_words

if TYPE_CHECKING:
    import xarray as xr

    from blackball.reporting.words import Told

__all__ = ["diagnosis_table", "verdict_lines"]

STYLES = {"pass": "green", "look": "yellow", "fail": "bold red"}


def diagnosis_table(fit: xr.DataTree) -> Table:
    """Lay out every check of a fit: its number, its threshold, and what to do unless it passed.

    Parameters
    ----------
    fit : DataTree
        With group `diagnosis` and attribute `verdict`.
    """
    failed = fit.attrs["verdict"] == "failed"
    title = "Verdict: FAILED, do not use these numbers" if failed else "Verdict: trusted"
    table = Table(
        title=title,
        title_style=STYLES["fail" if failed else "pass"],
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for column in ("check", "", "value", "threshold", "what to do"):
        table.add_column(column, justify="right" if column in ("value", "threshold") else "left")
    checks = fit["diagnosis"].dataset
    for place in range(checks.sizes["check"]):
        row = checks.isel(check=place)
        status = str(row["status"].item())
        numbers = (f"{row[column].item():.3g}" for column in ("value", "threshold"))
        table.add_row(
            escape(str(row["name"].item())),
            f"[{STYLES[status]}]{status}[/]",
            *numbers,
            escape(str(row["advice"].item())),
        )
    return table


def verdict_lines(told: Told) -> list[Text]:
    """Say whether to believe what is told of a fit, with every check that did not pass."""
    failed = told.verdict == "failed"
    lines = [Text(verdict_words(told), style="bold white on red" if failed else "bold green")]
    columns = (told.diagnosis[name] for name in ("name", "status", "value", "threshold", "advice"))
    for name, status, value, threshold, advice in zip(*columns, strict=True):
        if status != "pass":
            style = "red" if status == "fail" else "yellow"
            lines.append(Text(f"  {check_line(name, status, value, threshold, advice)}", style=style))
    return lines
