"""What every fit ends with: exports, the table, the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import xarray as xr

    from blackball.decisions import Comparison
    from blackball.store import Study

__all__ = ["finish", "leave", "show", "write"]

FAILED = 2


def finish(study: Study, fit: xr.DataTree) -> None:
    """Print the table of a fit, summarise it in its study, and exit 2 if the verdict failed."""
    from blackball.decisions import compare

    comparison = compare(fit)
    show(comparison)
    write(study, fit, comparison)
    leave(fit)


def show(comparison: Comparison) -> None:
    """Print the table of a comparison."""
    from blackball.cli.console import console
    from blackball.reporting import comparison_table

    console().print(comparison_table(comparison))


def write(study: Study, fit: xr.DataTree, comparison: Comparison) -> None:
    """Write the summaries of a fit into its study and say where all is.

    Raises
    ------
    StudyError
        If a file cannot be written; the posterior is there all the same.
    """
    from blackball.store.export import summarise

    written = summarise(fit, comparison, study.folder)
    typer.echo(f"Written: {', '.join(str(path) for path in [study.posterior, *written])}")


def leave(fit: xr.DataTree) -> None:
    """Exit with 2 if the verdict failed."""
    if fit.attrs["verdict"] == "failed":
        raise typer.Exit(FAILED)
