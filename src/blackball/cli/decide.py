"""`blackball decide`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["decide"]


def decide(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    losses: Annotated[Path, typer.Argument(help="CSV or Parquet file: outcome, at, regime, loss, unit, source.")],
    *,
    out: Annotated[Path | None, typer.Option(help="New CSV file for the numbers of each regime.")] = None,
) -> None:
    """Say which regime your losses ask for: expected loss, P(best) and regret of each."""
    from blackball.store import open_study

    opened = open_study(study)
    from blackball.decisions.losses import read_losses
    from blackball.store.tables import new_csv

    stated = read_losses(losses)
    with new_csv(out) as write:
        from blackball.cli.console import console
        from blackball.cli.finish import leave
        from blackball.decisions.decide import decide as decide_between
        from blackball.reporting.decision import decision_table

        fit = opened.read()
        decision = decide_between(fit, stated)
        write(decision.regimes.assign(unit=decision.unit, verdict=decision.verdict))
    console().print(decision_table(decision))
    if out is not None:
        typer.echo(f"Written: {out}")
    leave(fit)
