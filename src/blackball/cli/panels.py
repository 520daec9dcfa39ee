"""What the verbs about panels share: how panels and methods are named and read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blackball.panel import Panel

__all__ = ["Methods", "PanelPath", "Workers", "read"]

PanelPath = Annotated[Path, typer.Argument(help="Panel folder or its shipped name, or a study of Excalibur (.dtt).")]
Methods = Annotated[
    list[str] | None,
    typer.Option("--method", help="Pool or expert model; give it for each. Default: usual ones."),
]
Workers = Annotated[int, typer.Option(min=1, help="Processes that share the work.")]


def read(paths: Sequence[Path], methods: Sequence[str]) -> list[Panel]:
    """Read panels and check the names of methods, before anything heavy is loaded.

    Raises
    ------
    InputError
        With every problem of the first input that is wrong.
    """
    from blackball.cli.inputs import resolve
    from blackball.panel import read_panel
    from blackball.pools import known_methods

    known_methods(methods)
    return [read_panel(resolve(path)) for path in paths]
