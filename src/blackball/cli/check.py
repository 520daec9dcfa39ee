"""`blackball check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from blackball.errors import InputError, Problem

__all__ = ["check"]


def check(
    what: Annotated[list[Path], typer.Argument(help="Panel folders, regimes files (.toml), models (.py or names).")],
) -> None:
    """Validate panels, regimes files and models, and print every problem at once.

    Given together, they are also checked against one another.
    """
    problems: list[Problem | str] = []
    for path in what:
        problems += _problems(path)
    if not problems:
        problems += _together(what)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)


def _problems(path: Path) -> list[Problem | str]:
    """Check one thing alone and say what it is."""
    from blackball.cli.inputs import resolve
    from blackball.errors import BlackballError

    found = resolve(path)
    try:
        if found.is_dir():
            from blackball.panel import read_panel

            panel = read_panel(found)
            typer.echo(f"{path}: a panel of {len(panel.experts)} experts, {len(panel.judgements)} judgements")
        elif found.suffix == ".toml":
            from blackball.regimes import read_regimes

            regimes = read_regimes(found)
            typer.echo(f"{path}: {len(regimes.names)} regimes: {', '.join(regimes.names)}")
        else:
            from blackball.risk_model import load_model

            typer.echo(f"{path}: {load_model(found).question}")
    except InputError as error:
        return list(error.problems)
    except BlackballError as error:
        return [str(error)]
    return []


def _together(what: list[Path]) -> list[Problem | str]:
    """Build each model given with the panel and regimes given, or those it is meant for."""
    from blackball.cli.inputs import find_inputs, resolve
    from blackball.errors import BlackballError

    paths = [resolve(path) for path in what]
    panel = next((path for path in paths if path.is_dir()), None)
    regimes = next((path for path in paths if path.suffix == ".toml"), None)
    problems: list[Problem | str] = []
    for path in paths:
        if path.is_dir() or path.suffix == ".toml":
            continue
        try:
            risk, judgements, ways = find_inputs(path, panel, regimes)
            risk.build(judgements, ways)
        except InputError as error:
            problems += error.problems
        except BlackballError as error:
            problems.append(str(error))
    return problems
