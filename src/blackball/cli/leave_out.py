"""`blackball leave-out`."""

from pathlib import Path
from typing import Annotated

import typer

from blackball.cli.choices import Cluster

__all__ = ["leave_out"]


def leave_out(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="Folder for tables and a figure; a run that was stopped goes on there.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Refits at a time; default: a processor each.")] = None,
    cluster: Cluster = None,
) -> None:
    """Refit without each expert and without illustrative numbers: who moves what, and who stands alone."""
    from blackball.store import open_study

    fit = open_study(study).read()
    from blackball.cli.console import console
    from blackball.cli.finish import leave
    from blackball.cli.progress import live
    from blackball.decisions.influence import influence
    from blackball.inference import leave_out as refits_of
    from blackball.inference.on_cluster import threads_or_cluster
    from blackball.reporting.influence import influence_tables

    chosen = threads_or_cluster(workers, cluster)
    folder = None if out is None else out / "results"
    with live() as progress:
        found = influence(fit, refits_of(fit, workers=chosen, folder=folder, progress=progress))
    console().print(influence_tables(found))
    if out is not None:
        from blackball.store.influence import write_influence

        written = write_influence(found, out)
        typer.echo(f"Written: {', '.join(str(path) for path in written)}")
    leave(fit)
    if (found.refits["failed"] != "").any():
        raise typer.Exit(2)
