"""Who moved what: the last entry of a study's history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["show_moves"]

MOST = 5


def show_moves(fit: xr.DataTree) -> None:
    """Print what came in and the outcomes that moved most."""
    entry = fit["history"].dataset.isel(entry=-1)
    moves = json.loads(entry["moves"].item())
    rows, experts = entry["rows"].item(), entry["experts"].item()
    typer.echo(f"{rows} new row{'s' if rows > 1 else ''} by {experts}; posterior means that moved most:")
    for name in sorted(moves, key=lambda name: -abs(moves[name]))[:MOST]:
        typer.echo(f"  {name}: {100 * moves[name]:+.2g} percentage points")
