"""Find what a user names: a panel, a regimes file or a model, by path or by the name of a shipped one."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.shipped import shipped

if TYPE_CHECKING:
    from blackball.panel import Panel
    from blackball.regimes import Regimes
    from blackball.risk_model import RiskModel

__all__ = ["find_inputs", "own_panel", "own_regimes", "resolve"]


def find_inputs(model: str | Path, panel: Path | None, regimes: Path | None) -> tuple[RiskModel, Panel, Regimes | None]:
    """Read a model with the panel and regimes that the user names, else those that the model is meant for.

    What the user names is read first: loading a model imports PyMC, and a mistake should be told at once.

    Raises
    ------
    BlackballError
        If one of them is wrong.
    """
    from blackball.panel import read_panel
    from blackball.regimes import read_regimes
    from blackball.risk_model import load_model, shipped_model

    judgements = read_panel(resolve(panel)) if panel else None
    ways = read_regimes(resolve(regimes)) if regimes else None
    if shipped_model(model) or Path(model).is_file():
        # As in a script, before any model: PyTensor applies its rewrites in the order in which they were imported, and
        # the order decides how sums round.
        import_module("blackball.inference")
    risk = load_model(model)
    return risk, judgements or own_panel(risk), ways or own_regimes(risk)


def own_panel(risk: RiskModel) -> Panel:
    """Read the panel that a model is meant for.

    Raises
    ------
    InputError
        If it names none, or the panel is wrong.
    """
    from blackball.panel import read_panel

    if risk.panel is None:
        raise InputError([Problem(risk.file, "names no panel of its own (PANEL = ...); name one beside it")])
    return read_panel(resolve(Path(risk.panel)))


def own_regimes(risk: RiskModel) -> Regimes | None:
    """Read the regimes that a model is meant for; None if it has no regimes.

    Raises
    ------
    InputError
        If the regimes file is wrong.
    """
    from blackball.regimes import read_regimes

    return None if risk.regimes is None else read_regimes(resolve(Path(risk.regimes)))


def resolve(named: Path) -> Path:
    """Return the path itself if it exists, else that of shipped data of the name, else the path as given."""
    inside = shipped("data") / named
    return inside if not named.exists() and not named.is_absolute() and inside.exists() else named
