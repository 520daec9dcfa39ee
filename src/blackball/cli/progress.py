"""Live progress in the terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

    from blackball.inference import Progress

__all__ = ["live"]

STAGES = {
    "build": "Building the model",
    "compile": "Compiling (slowest the first time)",
    "weigh": "Weighing the draws",
    "sample": "Sampling",
    "derive": "Computing outcomes",
    "diagnose": "Checking the result",
    "predict": "Predicting seeds",
    "simulate": "Fitting simulations",
    "leave out": "Refitting without each expert",
}


@contextmanager
def live() -> Iterator[Progress]:
    """Show each stage with its time, and a bar while sampling; plain lines where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(finished_text="+"),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for task in tasks.values():
                    bars.update(task, total=1, completed=1)
                tasks[stage] = bars.add_task(STAGES[stage], total=None)
                if not console.is_terminal:
                    console.print(STAGES[stage])
            if total:
                bars.update(tasks[stage], total=total, completed=done)

        yield show
        for task in tasks.values():
            bars.update(task, total=1, completed=1)
