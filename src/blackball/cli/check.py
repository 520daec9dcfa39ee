"""`blackball check`."""

from collections.abc import Iterator, Sequence, Sized
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from blackball.errors import BlackballError, InputError, Problem

if TYPE_CHECKING:
    from blackball.panel import Panel
    from blackball.regimes import Regimes
    from blackball.risk_model import RiskModel

__all__ = ["check"]

type Read = list[tuple[str, Panel | Regimes | RiskModel]]
"""What was read, under the name that the user gave it."""


def check(
    what: Annotated[
        list[Path], typer.Argument(help="Panels (folders or .dtt), regimes (.toml), models (.py or names).")
    ],
) -> None:
    """Validate panels, regimes files and models, and print every problem at once.

    Given together, they are also checked against one another.
    """
    problems: list[str] = []
    read: Read = []
    for named in what:
        for path in _places(named):
            with _collecting(problems):
                read.append((str(named), _read(path, named)))
    fine = [] if problems else _together(read, problems)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("\n".join(["No problems found.", *fine]))
    _show(read)


@contextmanager
def _collecting(problems: list[str], where: str = "") -> Iterator[None]:
    try:
        yield
    except InputError as error:
        problems += [f"{line}{where}" for line in error.lines()]
    except BlackballError as error:
        problems.append(f"{error}{where}")


def _places(named: Path) -> list[Path]:
    """Return what is meant: the path itself, or the shipped data and the shipped model of that name."""
    from blackball.cli.inputs import resolve
    from blackball.risk_model import shipped_model

    if named.exists():
        return [named]
    model = shipped_model(named)
    data = [resolve(named)] if resolve(named) != named else []
    return [*data, model] if model else data or [named]


def _read(path: Path, named: Path) -> "Panel | Regimes | RiskModel":
    """Read one thing, whatever it is, and say what it is."""
    from blackball.panel import is_excalibur, read_panel
    from blackball.regimes import read_regimes
    from blackball.risk_model import load_model, shipped_models

    if path.is_dir() or is_excalibur(path):
        panel = read_panel(path)
        experts, judgements = _counted(panel.experts, "expert"), _counted(panel.judgements, "judgement")
        typer.echo(f"{named}: a panel of {experts}, {judgements}")
        return panel
    if path.suffix == ".toml":
        regimes = read_regimes(path)
        typer.echo(f"{named}: {len(regimes.names)} regimes: {', '.join(regimes.names)}")
        return regimes
    if path.suffix == ".py":
        risk = load_model(path)
        typer.echo(f"{named}: a model: {risk.question}")
        return risk
    there = "is" if path.exists() else "is not there: it names"
    rule = f"{there} no panel folder, no regimes file (.toml), no .dtt and no model (.py, or one that is shipped: "
    raise InputError([Problem(str(named), f"{rule}{', '.join(shipped_models())})")])


def _counted(rows: Sized, noun: str) -> str:
    return f"{len(rows)} {noun}{'' if len(rows) == 1 else 's'}"


def _show(read: "Read") -> None:
    """Print what each regime changes; only of files without problems, so that no wrong number looks accepted."""
    from blackball.regimes import Regimes

    ways = [one for _, one in read if isinstance(one, Regimes)]
    if ways:
        from blackball.cli.console import console
        from blackball.reporting.effects import effects_table

        for regimes in ways:
            console().print(effects_table(regimes))


def _together(read: "Read", problems: list[str]) -> list[str]:
    """Build each model with what is given beside it, or its own; without a model, hold panels to regimes.

    Returns what was found to fit, a line each.
    """
    from blackball.cli.inputs import own_panel, own_regimes
    from blackball.panel import Panel, against_regimes
    from blackball.regimes import Regimes
    from blackball.risk_model import RiskModel

    panels = [(name, one) for name, one in read if isinstance(one, Panel)]
    ways = [(name, one) for name, one in read if isinstance(one, Regimes)]
    risks = [(name, one) for name, one in read if isinstance(one, RiskModel)]
    fine = []
    for name, risk in risks:
        with _collecting(problems):
            own: Sequence[tuple[str, Regimes | None]] = [(f"its own, {risk.regimes}", own_regimes(risk))]
            mine = panels or [(f"its own, {risk.panel}", own_panel(risk))]
            for (of, panel), (under, regimes) in product(mine, ways or own):
                said = f"panel {of}" + (f"; regimes {under}" if regimes else "")
                with _collecting(problems, f" (model {name}; {said})"):
                    risk.build(panel, regimes)
                    fine.append(f"Fit together: model {name}; {said}.")
    if not risks:
        for (of, panel), (under, defined) in product(panels, ways):
            problems += map(str, against_regimes(panel, defined.names))
            fine.append(f"Fit together: panel {of}; regimes {under}.")
    return fine
