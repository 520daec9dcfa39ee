"""`blackball update`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["update"]


def update(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    new: Annotated[Path, typer.Argument(help="CSV or Parquet file of new judgements, columns as judgements.csv.")],
) -> None:
    """Add judgements to a study and refit; the state before is kept in its history."""
    from blackball.store import open_study

    opened = open_study(study)
    with opened.locked():
        before = opened.read()
        from blackball.panel import panel_of_fit, read_judgements

        rows = read_judgements(new, panel_of_fit(before))
        from blackball.cli.finish import finish
        from blackball.cli.moves import show_moves
        from blackball.cli.progress import live
        from blackball.inference import update as update_fit

        with live() as progress:
            after = update_fit(before, rows, progress=progress)
        opened.write(after)
        show_moves(after)
        finish(opened, after)
