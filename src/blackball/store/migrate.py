"""Studies of older layouts, brought to today's when they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xarray as xr

__all__ = ["SCHEMA", "migrated"]

SCHEMA = 2
"""Version of a fit's layout."""


def migrated(fit: xr.DataTree, path: Path) -> xr.DataTree:
    """Return a fit in today's layout; the file it was read from stays as it is.

    Parameters
    ----------
    fit : DataTree
        As it was read.
    path : Path
        Where from, for messages.

    Raises
    ------
    StudyError
        If it has no layout, or that of a newer version.
    """
    found = fit.attrs.get("schema")
    if found is None:
        raise StudyError(f"{path}: is damaged or no study: it does not say which layout it has")
    if int(found) > SCHEMA:
        raise StudyError(f"{path}: has layout {found}, this version reads up to {SCHEMA}: use a newer blackball")
    for layout in range(int(found), SCHEMA):
        if layout not in FROM:
            raise StudyError(f"{path}: has layout {found}, this version reads {min(FROM)} to {SCHEMA}; fit it again")
        fit = FROM[layout](fit)
        fit.attrs["schema"] = layout + 1
    return fit


def _from_1(fit: xr.DataTree) -> xr.DataTree:
    """Every update refitted, nothing was withdrawn, nobody joined, and nobody said who moved what."""
    if "history" in fit.children:
        history = fit["history"].to_dataset()
        absent = {"why": "this version always did", "gone": 0, "withdrawn": "", "joined": "", "by": "{}"}
        size = history.sizes["entry"]
        fit["history"] = history.assign(
            {
                name: ("entry", np.full(size, value, dtype=int if isinstance(value, int) else object))
                for name, value in absent.items()
            }
        )
    return fit


FROM: dict[int, Callable[[xr.DataTree], xr.DataTree]] = {1: _from_1}
"""What brings a layout to the next, by its number."""
