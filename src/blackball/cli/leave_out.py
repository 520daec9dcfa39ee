"""`blackball leave-out`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["leave_out"]


def leave_out(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="New or empty folder for tables and a figure; default: none.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Refits at a time; default: a processor each.")] = None,
) -> None:
    """Refit without each expert and without illustrative numbers: who moves what, and who stands alone."""
    from contextlib import nullcontext

    from blackball.store import new_study, open_study

    fit = open_study(study).read()
    with new_study(out) if out is not None else nullcontext() as target:
        from blackball.cli.console import console
        from blackball.cli.finish import leave
        from blackball.cli.progress import live
        from blackball.decisions.influence import influence
        from blackball.inference import leave_out as refits_of
        from blackball.reporting.influence import influence_tables

        with live() as progress:
            found = influence(fit, refits_of(fit, workers=workers, progress=progress))
        console().print(influence_tables(found))
        if target is not None:
            from blackball.store.influence import write_influence

            written = write_influence(found, target.folder)
            typer.echo(f"Written: {', '.join(str(path) for path in written)}")
    leave(fit)
    if (found.refits["failed"] != "").any():
        raise typer.Exit(2)
