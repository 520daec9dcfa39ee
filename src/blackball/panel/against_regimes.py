"""Hold the regimes that a panel names against those that are defined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from blackball.panel.schema import JUDGEMENTS
from blackball.panel.table import as_table
from blackball.panel.words import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blackball.errors import Problem
    from blackball.panel.panel import Panel

__all__ = ["against_regimes"]


def against_regimes(panel: Panel, regimes: Sequence[str]) -> list[Problem]:
    """Find judgements about regimes that are not defined.

    Parameters
    ----------
    panel : Panel
    regimes : sequence of str
        Ids of the regimes that are defined.

    Returns
    -------
    list of Problem
        One for each unknown regime of a row and each unknown reference regime of a ratio, or the first of them
        alone where no regimes are defined; empty if all are known.  Rows are counted as `write_panel` writes them.
    """
    table = as_table(panel.judgements, JUDGEMENTS, f"{panel.name}/judgements")
    regime, given = table.cells["regime"], table.cells["given"]
    unnamed = (regime != "") & ~regime.isin(regimes)
    unreferenced = (table.cells["form"] == "ratio") & ~given.isin(regimes)
    problems = [
        *table.flag(unnamed, "regime", lambda name: unknown("regime", name, regimes)),
        *table.flag(unreferenced, "given", lambda name: unknown("reference regime", name, regimes)),
    ]
    problems.sort(key=lambda problem: problem.row or 0)
    if regimes or not problems:
        return problems
    return [replace(problems[0], rule=f"the model compares no regimes, but {len(problems)} cells name one")]
