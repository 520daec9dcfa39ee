"""What every fit ends with: exports, the table, the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import xarray as xr

    from blackball.decisions import Comparison
    from blackball.store import Study

__all__ = ["finish", "leave", "show"]

FAILED = 2


def finish(study: Study, fit: xr.DataTree) -> None:
    """Export a fit into its study, print the table, say where all is, and exit 2 if the verdict failed."""
    from blackball.decisions import compare
    from blackball.store.export import export

    comparison = compare(fit)
    written = export(fit, comparison, study.folder)
    show(comparison)
    typer.echo(f"Written: {', '.join(str(path) for path in [study.posterior, *written])}")
    leave(fit)


def show(comparison: Comparison) -> None:
    """Print the table of a comparison."""
    from rich.console import Console

    from blackball.reporting import comparison_table

    console = Console()
    console.print(comparison_table(comparison))


def leave(fit: xr.DataTree) -> None:
    """Exit with 2 if the verdict failed."""
    if fit.attrs["verdict"] == "failed":
        raise typer.Exit(FAILED)
