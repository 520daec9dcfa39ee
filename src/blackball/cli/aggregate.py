"""`blackball aggregate`."""

from pathlib import Path
from typing import Annotated

import typer

from blackball.cli.panels import PanelPath, read

__all__ = ["aggregate"]


def aggregate(
    panel: PanelPath,
    *,
    by: Annotated[str, typer.Option(help="mixture, consensus, or a pool such as equal or geometric-odds.")] = "mixture",
    out: Annotated[Path | None, typer.Option(help="New CSV file for the numbers.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same panel and seed give the same numbers.")] = 1,
) -> None:
    """Say what a panel says of each question, by an expert model or a pool."""
    from blackball.store.tables import new_csv

    (judgements,) = read([panel], [by])
    with new_csv(out) as write:
        from blackball.cli.console import console
        from blackball.inference import Settings
        from blackball.inference.panels import aggregate as aggregate_panel
        from blackball.reporting.aggregated import aggregated_frame, aggregated_tables

        found = aggregate_panel(judgements, by, Settings(seed=seed))
        write(aggregated_frame(found))
    console().print(aggregated_tables(found))
