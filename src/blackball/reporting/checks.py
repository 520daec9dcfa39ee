"""The verdict as a table for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["diagnosis_table"]

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
