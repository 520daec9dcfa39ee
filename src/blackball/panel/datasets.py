"""Keep a panel in NetCDF: three datasets, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blackball.panel.panel import Panel, panel_of
from blackball.panel.schema import SCHEMAS
from blackball.panel.table import as_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import xarray as xr
    from numpy.typing import NDArray

__all__ = ["from_datasets", "panel_of_fit", "to_datasets"]


def to_datasets(panel: Panel) -> dict[str, xr.Dataset]:
    """Turn a panel into datasets that NetCDF can hold.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    dict of str to xarray.Dataset
        `judgements`, `experts` and `questions`, each with the columns of its file along dim `row`; text as
        str, rounds as int, other numbers as float (NaN where missing).  The attribute `panel` is the name.
    """
    import xarray as xr

    frames = {"judgements": panel.judgements, "experts": panel.experts, "questions": panel.questions}
    stored = {}
    for schema in SCHEMAS:
        frame = frames[schema.name]
        variables = {column: ("row", _array(frame[column])) for column in schema.columns}
        stored[schema.name] = xr.Dataset(variables, attrs={"panel": panel.name})
    return stored


def from_datasets(datasets: Mapping[str, xr.Dataset]) -> Panel:
    """Restore the panel that `to_datasets` stored.

    Parameters
    ----------
    datasets : mapping of str to xarray.Dataset
        `judgements`, `experts` and `questions`; an optional column may be absent, as in what was stored before
        there was such a column.

    Returns
    -------
    Panel

    Raises
    ------
    InputError
        If what was stored has been changed so that it is no panel.
    """
    tables = [
        as_table(
            pd.DataFrame({name: array.to_numpy() for name, array in datasets[schema.name].data_vars.items()}),
            schema,
            schema.name,
        )
        for schema in SCHEMAS
    ]
    judgements, experts, questions = tables
    return panel_of(str(datasets["judgements"].attrs["panel"]), judgements, experts, questions)


def _array(column: pd.Series) -> NDArray[Any]:
    if not pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=str)
    if column.dtype == "int64":
        return column.to_numpy()
    return column.to_numpy(dtype=float, na_value=float("nan"))


def panel_of_fit(fit: xr.DataTree) -> Panel:
    """Return the panel that a fit was made from, out of the group `panel` that every fit keeps."""
    return from_datasets({name: group.dataset for name, group in fit["panel"].children.items()})
