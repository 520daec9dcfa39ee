"""What a panel says of each question, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from blackball.reporting.headed import headed
from blackball.reporting.words import number

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["aggregated_frame", "aggregated_tables"]

SHOWN = (0.05, 0.25, 0.5, 0.75, 0.95)

OF_EXPERTS = {
    "weight": "How much each expert counts (weight; all sum to 1)",
    "skill": "Each expert's noise (factor on stated widths; below 1 is better)",
    "bias": "Each expert's bias (units of the questions)",
}


def aggregated_frame(found: xr.Dataset) -> pd.DataFrame:
    """Return an aggregation as one row a question.

    Parameters
    ----------
    found : Dataset
        From `blackball.inference.panels.aggregate`.

    Returns
    -------
    pandas.DataFrame
        question, by, support, probability, and a column for each level, such as `q05`.
    """
    columns = {
        "question": found["question"].values,
        "by": found.attrs["by"],
        "support": found["support"].values,
        "probability": found["probability"].values,
    }
    levels = {
        f"q{100 * level:02g}": found["quantile"].sel(level=level).values for level in found["level"].values.tolist()
    }
    return pd.DataFrame({**columns, **levels})


def aggregated_tables(found: xr.Dataset) -> Group:
    """Lay an aggregation out for the terminal: questions, then experts where the method says something of them.

    Parameters
    ----------
    found : Dataset
        From `blackball.inference.panels.aggregate`.
    """
    parts: list[RenderableType] = [_questions(found)]
    parts += [_experts(found[name], title) for name, title in OF_EXPERTS.items() if name in found]
    return Group(*parts)


def _questions(found: xr.Dataset) -> Table:
    table = headed(f"{found.attrs['panel']}: what the panel says, by {found.attrs['by']}")
    table.add_column("Question", ratio=1)
    chances = found["probability"].notnull().any().item()
    quantiles = found["quantile"].notnull().any().item()
    if chances:
        table.add_column("Chance (%)", justify="right")
    for level in SHOWN if quantiles else ():
        table.add_column(f"{100 * level:g} %", justify="right")
    for label in found["question"].values.tolist():
        row = found.sel(question=label)
        unit = str(row["support"].item())
        cells = [number(float(row["probability"]), "probability")] if chances else []
        # A probability's quantiles are in percent, as its chance is.
        cells += [number(float(row["quantile"].sel(level=level)), unit) for level in (SHOWN if quantiles else ())]
        table.add_row(label, *cells)
    if quantiles:
        table.caption = "Columns are quantiles of the panel's distribution; probabilities are in percent."
    return table


def _experts(values: xr.DataArray, title: str) -> RenderableType:
    spread = np.ptp(values.sel(statistic="mean").values) > 0 or np.ptp(values.values) > 0
    if not spread:
        return Text("All experts count the same: no seed says whom to believe.", style="dim")
    table = headed(title)
    table.add_column("Expert", ratio=1)
    for heading in ("mean", "90 % interval"):
        table.add_column(heading, justify="right")
    ranked = values.sortby(values.sel(statistic="mean"), ascending=False)
    for expert in ranked["expert"].values.tolist():
        mean, low, high = (float(ranked.sel(expert=expert, statistic=name)) for name in ("mean", "low", "high"))
        table.add_row(expert, f"{mean:.2f}", f"{low:.2f} to {high:.2f}")
    return table
