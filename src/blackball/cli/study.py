"""The verbs that read a study: `blackball diagnose`, `compare` and `export`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["compare", "diagnose", "export"]

StudyFolder = Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")]


def diagnose(study: StudyFolder) -> None:
    """Say whether to believe a study: each check with its number, its threshold and what to do."""
    from blackball.store import open_study

    fit = open_study(study).read()
    from blackball.cli.console import console
    from blackball.cli.finish import leave
    from blackball.inference import diagnose as check_again
    from blackball.reporting import diagnosis_table

    diagnosis = check_again(fit)
    fit["diagnosis"] = diagnosis.dataset()
    fit.attrs["verdict"] = diagnosis.verdict
    console().print(diagnosis_table(fit))
    leave(fit)


def compare(
    study: StudyFolder,
    *,
    weight: Annotated[
        list[str] | None,
        typer.Option(help="Weigh outcomes together, such as catastrophe=1; give it for each."),
    ] = None,
) -> None:
    """Compare the regimes of a study."""
    from blackball.cli.weights import parse_weights
    from blackball.store import open_study

    weights = parse_weights(weight or [])
    fit = open_study(study).read()
    from blackball.cli.finish import leave, show
    from blackball.decisions import compare as compare_regimes

    show(compare_regimes(fit, weights))
    leave(fit)


def export(
    study: StudyFolder,
    folder: Annotated[Path, typer.Argument(help="New or empty folder for summaries, figures and draws.")],
) -> None:
    """Write a study's summary (CSV, JSON, Parquet, Markdown, LaTeX), figures and draws (NetCDF, Zarr) to a folder."""
    from blackball.store import new_study, open_study

    fit = open_study(study).read()
    with new_study(folder) as target:
        from blackball.cli.finish import leave, write
        from blackball.decisions import compare as compare_regimes
        from blackball.store.export import draw, write_zarr

        comparison = compare_regimes(fit)
        target.write(fit)
        typer.echo(f"Written: {write_zarr(fit, target.folder)}, {draw(fit, comparison, target.folder)}")
        write(target, fit, comparison)
        leave(fit)
