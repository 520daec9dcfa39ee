"""`blackball convert`."""

from pathlib import Path
from typing import Annotated

import typer

from blackball.cli.choices import Format

__all__ = ["convert"]


def convert(
    source: Annotated[Path, typer.Argument(help="Panel folder or its shipped name, .dtt file, or wide survey table.")],
    target: Annotated[Path, typer.Argument(help="New or empty folder, or a path that ends in .dtt.")],
    *,
    questions: Annotated[Path | None, typer.Option(help="File with the questions of a wide table.")] = None,
    format: Annotated[Format, typer.Option(help="Of the files in a folder.")] = Format.csv,
) -> None:
    """Bring a panel from one kind of file to another; what is there already stays."""
    from blackball.cli.inputs import resolve
    from blackball.panel import convert as convert_panel

    written = convert_panel(resolve(source), target, questions, format=format.value)
    typer.echo(f"Written: {', '.join(str(path) for path in written)}")
