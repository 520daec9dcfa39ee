"""Who moved what: the entries of a study's history, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

    from blackball.decisions import Entry

__all__ = ["show_history", "show_moves"]

MOST = 5
WAYS = {"weights": "by importance weights", "refit": "by a new fit"}


def show_history(fit: xr.DataTree, entries: Sequence[Entry]) -> None:
    """Print when a study was first fitted, and every update since."""
    typer.echo(f"{fit.attrs['model']}, panel {fit.attrs['panel']}: state {len(entries)}, {_updated(len(entries))}")
    for entry in entries:
        typer.echo(f"\nstate {entry.state}, {entry.when}")
        show_moves(entry)


def show_moves(entry: Entry) -> None:
    """Print what came in, which way was taken, and the outcomes that moved most."""
    typer.echo(f"{_changes(entry)} by {', '.join(entry.experts)}; {WAYS[entry.way]}: {entry.why}")
    typer.echo("posterior means that moved most:")
    for name in sorted(entry.moves, key=lambda name: -abs(entry.moves[name]))[:MOST]:
        typer.echo(f"  {name}: {_points(entry.moves[name])} percentage points{_shares(name, entry)}")
    unknown = [expert for expert in entry.experts if expert not in entry.by]
    if unknown and entry.by:
        typer.echo(f"  how much is by {', '.join(unknown)} cannot be said without more fits")


def _changes(entry: Entry) -> str:
    came = f"{entry.came} new row{'s' * (entry.came > 1)}" if entry.came else ""
    gone = f"{entry.gone} row{'s' * (entry.gone > 1)} withdrawn" if entry.gone else ""
    return " and ".join(part for part in (came, gone) if part)


def _shares(name: str, entry: Entry) -> str:
    """Return who moved an outcome, where more than one could have."""
    by: Mapping[str, float] = {expert: moves[name] for expert, moves in entry.by.items()}
    if len(entry.experts) < 2 or not by:
        return ""
    rest = entry.moves[name] - sum(by.values())
    told = [f"{expert} {_points(by[expert])}" for expert in sorted(by, key=lambda expert: -abs(by[expert]))]
    return f" ({', '.join(told)}, together {_points(rest)})"


def _points(move: float) -> str:
    return f"{100 * move:+.2g}"


def _updated(count: int) -> str:
    return {0: "never updated", 1: "updated once"}.get(count, f"updated {count} times")
