"""`blackball update`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["update"]


def update(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    new: Annotated[
        Path | None, typer.Argument(help="CSV or Parquet file of new judgements, columns as judgements.csv.")
    ] = None,
    *,
    withdraw: Annotated[
        Path | None, typer.Option(help="File that names judgements to withdraw, by expert, question and more columns.")
    ] = None,
    add_experts: Annotated[Path | None, typer.Option(help="File of experts who join, columns as experts.csv.")] = None,
    refit: Annotated[bool, typer.Option("--refit", help="Sample anew even if importance weights would do.")] = False,
) -> None:
    """Add judgements to a study or withdraw some; the state before is kept in its history."""
    from blackball.store import open_study

    opened = open_study(study)
    with opened.locked():
        before = opened.read()
        from blackball.panel import panel_of_fit, revise

        revision = revise(panel_of_fit(before), new, withdraw, add_experts)
        from blackball.cli.finish import finish
        from blackball.cli.moves import show_moves
        from blackball.cli.progress import live
        from blackball.decisions import history
        from blackball.inference import update as update_fit

        with live() as progress:
            after = update_fit(before, revision, refit=refit, progress=progress)
        opened.write(after)
        show_moves(history(after)[-1])
        finish(opened, after)
