"""`blackball sensitivity`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["sensitivity"]


def sensitivity(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    *,
    outcome: Annotated[list[str] | None, typer.Option(help="Headline outcome; default: all. Give it for each.")] = None,
    regime: Annotated[list[str] | None, typer.Option(help="Regime; default: the reference. Give it for each.")] = None,
    out: Annotated[Path | None, typer.Option(help="New or empty folder for tables (CSV) and tornado figures.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same study and seed give the same numbers.")] = 1,
) -> None:
    """Say which quantities drive which result: rank correlations, shares of variance, a tornado."""
    from blackball.store import open_study

    fit = open_study(study).read()
    from blackball.decisions import check_chosen, regimes_of

    outcomes, named = outcome or [], regime or []
    check_chosen(fit, outcomes, named)
    if out is not None:
        from blackball.store.sensitivity import check_new

        check_new(out)
    shown = named or regimes_of(fit)["regime"].tolist()[:1]
    from blackball.api import sensitivity as sensitivity_of
    from blackball.cli.console import console
    from blackball.cli.finish import leave
    from blackball.reporting.sensitivity import sensitivity_table

    found = sensitivity_of(fit, outcomes=outcomes, regimes=shown, seed=seed)
    console().print(sensitivity_table(found, shown))
    if out is not None:
        from blackball.store.sensitivity import write_sensitivity

        written = write_sensitivity(found, out, shown)
        typer.echo(f"Written: {', '.join(map(str, written))}")
    leave(fit)
