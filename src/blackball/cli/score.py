"""`blackball score`."""

from pathlib import Path
from typing import Annotated

import typer

from blackball.cli.panels import Methods, PanelPath, Workers, read

__all__ = ["score"]


def score(
    panel: PanelPath,
    *,
    method: Methods = None,
    out: Annotated[Path | None, typer.Option(help="New CSV file for the scores of each prediction.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same panel and seed give the same numbers.")] = 1,
    workers: Workers = 1,
) -> None:
    """Score a panel's experts, pools and expert models on its seeds, each predicted from the others."""
    from blackball.store.tables import new_csv

    (judgements,) = read([panel], method or [])
    with new_csv(out) as write:
        from dataclasses import replace

        from blackball.cli.console import console
        from blackball.cli.progress import live
        from blackball.inference.panels import QUICK
        from blackball.inference.panels import score as score_panel
        from blackball.inference.parallel import processes
        from blackball.reporting.scores import score_tables

        settings = replace(QUICK, seed=seed)
        with live() as progress:
            scored = score_panel(judgements, method, settings=settings, workers=processes(workers), progress=progress)
        write(scored.predictions)
    console().print(score_tables(scored))
