"""`blackball regimes`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["regimes"]


def regimes(
    file: Annotated[Path, typer.Argument(help="Regimes file (TOML), or the name of a shipped one.")],
    *,
    model: Annotated[str | None, typer.Option(help="Model file, or the name of a shipped one.")] = None,
) -> None:
    """Print what each regime changes; with --model, which parameters of the model a regime may set and shift."""
    from blackball.cli.inputs import resolve
    from blackball.regimes import read_regimes

    ways = read_regimes(resolve(file))
    if model is not None:
        from blackball.cli.inputs import own_panel, own_regimes
        from blackball.risk_model import load_model

        risk = load_model(model)
        # With its own panel and regimes: the file may yet lack what the model needs, which is what the table tells.
        built = risk.build(own_panel(risk), own_regimes(risk) or ways)
        risk.check_parameters(built, ways)
    from blackball.cli.console import console
    from blackball.reporting.effects import effects_table, parameters_table

    console().print(effects_table(ways) if model is None else parameters_table(built, ways))
