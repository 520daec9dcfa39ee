"""The history of a fit: what each update brought, and how far it moved the outcomes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Entry", "history"]


@dataclass(frozen=True)
class Entry:
    """One update.

    Attributes
    ----------
    state : int
        The state that it made; the first fit is state 0.
    when : str
        ISO 8601.
    way : {"weights", "refit"}
        How the posterior was found.
    why : str
        Why so.
    came, gone : int
        Rows that came in and that were withdrawn.
    experts : tuple of str
        Whose they are.
    moves : mapping of str to float
        How far the posterior mean of each headline outcome went, by name and labels, in its unit.
    by : mapping of str to mapping of str to float
        The part of that by each expert; an expert of whom it cannot be said is missing. What they do not add up to
        is nobody's alone.
    previous : str
        Fingerprint of the state before.
    """

    state: int
    when: str
    way: str
    why: str
    came: int
    gone: int
    experts: tuple[str, ...]
    moves: Mapping[str, float]
    by: Mapping[str, Mapping[str, float]]
    previous: str


def history(fit: xr.DataTree) -> list[Entry]:
    """List the updates of a fit, the first one first.

    Parameters
    ----------
    fit : DataTree
        From `fit`, `update` or a study.

    Returns
    -------
    list of Entry
        Empty for a fit that was never updated.
    """
    if "history" not in fit.children:
        return []
    entries = fit["history"].dataset
    return [_entry(entries.isel(entry=place), place + 1) for place in range(entries.sizes["entry"])]


def _entry(row: xr.Dataset, state: int) -> Entry:
    return Entry(
        state=state,
        when=str(row["when"].item()),
        way=str(row["way"].item()),
        why=str(row["why"].item()),
        came=int(row["rows"].item()),
        gone=int(row["gone"].item()),
        experts=tuple(str(row["experts"].item()).split(", ")),
        moves=json.loads(row["moves"].item()),
        by=json.loads(row["by"].item()),
        previous=str(row["previous"].item()),
    )
