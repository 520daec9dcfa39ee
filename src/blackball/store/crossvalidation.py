"""A cross-validation on disk: its scores, how methods compare, and a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from blackball.errors import InputError, Problem
from blackball.pools.paired import paired
from blackball.reporting.gains import gains
from blackball.reporting.scores import COMPARED
from blackball.store.drawn import write_drawn, write_tables

if TYPE_CHECKING:
    from blackball.inference.panels import CrossValidation

__all__ = ["compared_scores", "write_cross_validation"]


def compared_scores(found: CrossValidation, reference: str) -> dict[str, pd.DataFrame]:
    """Compare methods with a reference by every score that both have.

    Parameters
    ----------
    found : CrossValidation
    reference : str

    Returns
    -------
    dict of str to DataFrame
        As `blackball.pools.paired`, by score.

    Raises
    ------
    InputError
        If the reference could be scored nowhere.
    """
    scored = found.scores[found.scores["method"] == reference]
    if scored.empty:
        reasons = found.failures[found.failures["method"] == reference]
        raise InputError(
            Problem(str(row.panel), f"`{reference}`, which others are to be compared with, failed: {row.reason}")
            for row in reasons.itertuples()
        )
    return {name: paired(found.scores, name, reference) for name in COMPARED if scored[name].notna().any()}


def write_cross_validation(
    found: CrossValidation, compared: dict[str, pd.DataFrame], reference: str, folder: Path
) -> list[Path]:
    """Write `scores.csv`, `comparison.csv`, `failures.csv` and the figure `gains`; what is there is replaced.

    Raises
    ------
    StudyError
        If they cannot be written.
    """
    long = pd.concat([table.reset_index().assign(score=name) for name, table in compared.items()])
    tables = {"scores": found.scores, "comparison": long, "failures": found.failures}
    written = write_tables(tables, folder)
    if not any(len(table) > 1 for table in compared.values()):
        return written
    return written + write_drawn(lambda: gains(found.scores, compared, reference), folder, "gains")
