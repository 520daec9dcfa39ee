"""`blackball history`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["history"]


def history(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    *,
    at: Annotated[
        int | None, typer.Option(min=0, help="Show the study as it was in this state; 0 is the first.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="With --at: new or empty folder for that state.")] = None,
) -> None:
    """List a study's updates and who moved what, or show the study as it was."""
    from blackball.errors import InputError, Problem
    from blackball.store import open_study

    if out is not None and at is None:
        raise InputError([Problem("--out", "needs --at, the number of the state to write", value=str(out))])
    opened = open_study(study)
    if at is None:
        from blackball.cli.moves import show_history
        from blackball.decisions import history as entries_of

        fit = opened.read()
        show_history(fit, entries_of(fit))
        return
    fit = opened.at(at)
    from blackball.cli.finish import finish, leave, show
    from blackball.decisions import compare
    from blackball.store import new_study

    if out is None:
        show(compare(fit))
        leave(fit)
        return
    with new_study(out) as target:
        target.write(fit)
        finish(target, fit)
