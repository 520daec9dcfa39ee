"""`blackball ask`."""

from pathlib import Path
from typing import Annotated

import typer

from blackball.cli.study import StudyFolder

__all__ = ["ask"]


def ask(
    study: StudyFolder,
    *,
    weight: Annotated[
        list[str] | None, typer.Option(help="What an outcome counts in the loss, such as catastrophe=1; for each.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="Where the loss is taken, such as horizon=2050.")] = None,
    costs: Annotated[
        Path | None, typer.Option(help="File with expert, question, cost; an empty one means every one.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Rows of each table.")] = 15,
    out: Annotated[Path | None, typer.Option(help="New CSV file for all questions.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same study and seed give the same numbers.")] = 1,
) -> None:
    """Say what is worth asking next, and whom."""
    from blackball.cli.weights import parse_weights
    from blackball.decisions.information.costs import read_costs
    from blackball.store import open_study
    from blackball.store.tables import new_csv

    weights = parse_weights(weight or [])
    prices = None if costs is None else read_costs(costs)
    fit = open_study(study).read()
    with new_csv(out) as write:
        from blackball.cli.console import console
        from blackball.cli.finish import leave
        from blackball.decisions.information import ask as ask_fit
        from blackball.reporting.asking import asking_tables

        asking = ask_fit(fit, weights, at=at, costs=prices, seed=seed)
        write(asking.questions)
    console().print(asking_tables(asking, top))
    leave(fit)
