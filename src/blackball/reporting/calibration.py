"""What a calibration found, as a table for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from blackball.inference import Calibration

__all__ = ["calibration_table"]

MOST = 12
FEW = 100.0
NOTE = (
    "p: probability that uniform ranks stray as far anywhere. Mean rank: .5 if right; above, posteriors lie too low. "
    "Spread: of ranks over that of uniform ones; below 1, posteriors are too wide; above, too narrow."
)


def calibration_table(found: Calibration) -> Group:
    """Lay out the labels whose ranks stray furthest from uniform, the worst first.

    Parameters
    ----------
    found : Calibration
        From `blackball.inference.calibrate`.
    """
    passed = found.verdict == "calibrated"
    said = "calibrated" if passed else "FAILED, do not use this model's posteriors before you know why"
    table = Table(
        title=f"{found.model} ({found.experts}): {said}",
        title_style="green" if passed else "bold red",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("truths of", ratio=1)
    for heading in ("p", "mean rank", "spread", ""):
        table.add_column(heading, justify="right")
    for row in found.table.sort_values("p_uniform").head(MOST).to_dict("records"):
        status = "[green]pass[/]" if row["passed"] else "[bold red]fail[/]"
        numbers = (f"{row['p_uniform']:.2g}", f"{row['mean']:.2f}", f"{row['spread']:.2f}")
        table.add_row(escape(str(row["label"])), *numbers, status)
    parts: list[RenderableType] = [table]
    shown = f" ({MOST} are shown)" if len(found.table) > MOST else ""
    counted = f"{len(found.ranks)} simulations; {len(found.table)} truths are ranked in each{shown}."
    parts.append(Text(f"{counted} {NOTE}", style="dim"))
    short = int((found.sampled["ess"] < FEW).sum())
    if short:
        parts.append(Text(f"look: in {short} simulations draws hang together (effective size below 100)", "yellow"))
    diverged = int((found.sampled["divergences"] > 0).sum())
    if diverged:
        parts.append(Text(f"look: in {diverged} simulations the sampler diverged", "yellow"))
    for row in found.failures.head(MOST).to_dict("records"):
        parts.append(Text(f"simulation {row['number']} could not be made: {row['reason']}", "bold red"))
    return Group(*parts)
