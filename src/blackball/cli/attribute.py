"""`blackball attribute`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["attribute"]


def attribute(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    *,
    remove: Annotated[
        list[str] | None, typer.Option(help="What removes a mechanism, such as theft:stolen=0; give it for each.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="New CSV file for the numbers.")] = None,
) -> None:
    """Say what each mechanism adds to the headline outcomes, by removal and by Shapley value."""
    from blackball.cli.removals import parse_removals
    from blackball.store import open_study

    removed = parse_removals(remove or [])
    fit = open_study(study).read()
    from blackball.store.tables import new_csv

    with new_csv(out) as write:
        from blackball.api import attribute as attribute_outcomes
        from blackball.cli.console import console
        from blackball.cli.finish import leave
        from blackball.decisions import compare
        from blackball.decisions.attributed import attributed
        from blackball.reporting.attribution import attribution_table

        found, comparison = attributed(attribute_outcomes(fit, removed)), compare(fit)
        write(found.assign(model=comparison.model, verdict=comparison.verdict))
    console().print(attribution_table(found, comparison))
    leave(fit)
