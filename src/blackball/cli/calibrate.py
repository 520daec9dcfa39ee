"""`blackball calibrate`."""

from pathlib import Path
from typing import Annotated

import typer

from blackball.cli.choices import Cluster, Experts

__all__ = ["calibrate"]


def calibrate(
    model: Annotated[str, typer.Argument(help="Model file, or the name of a shipped one, such as one-or-many.")],
    *,
    panel: Annotated[Path | None, typer.Option(help="Panel folder or .dtt, or the name of a shipped one.")] = None,
    regimes: Annotated[Path | None, typer.Option(help="Regimes file (TOML).")] = None,
    out: Annotated[Path, typer.Option(help="Folder for results; a run that was stopped goes on there.")] = Path(
        "calibration"
    ),
    simulations: Annotated[int, typer.Option(min=20, help="How many panels to simulate and fit.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Same inputs and seed give the same ranks.")] = 1,
    experts: Annotated[Experts, typer.Option(help="How judgements relate to the truth.")] = Experts.mixture,
    workers: Annotated[int | None, typer.Option(min=1, help="Fits at a time; default: a processor each.")] = None,
    cluster: Cluster = None,
) -> None:
    """Check a model by simulation: whether posteriors hold the truth as often as they say."""
    from blackball.cli.inputs import find_inputs

    risk, judgements, ways = find_inputs(model, panel, regimes)
    from dataclasses import replace

    from blackball.cli.console import console
    from blackball.cli.progress import live
    from blackball.inference import calibrate as calibrate_model
    from blackball.inference.calibration.calibrate import QUICK
    from blackball.inference.on_cluster import threads_or_cluster
    from blackball.reporting.calibration import calibration_table
    from blackball.store.calibration import write_calibration

    chosen = threads_or_cluster(workers, cluster)
    with live() as progress:
        found = calibrate_model(
            risk,
            judgements,
            ways,
            chosen,
            experts=experts.value,
            simulations=simulations,
            settings=replace(QUICK, seed=seed),
            folder=out / "results",
            progress=progress,
        )
    console().print(calibration_table(found))
    written = write_calibration(found, out)
    typer.echo(f"Written: {', '.join(str(path) for path in written)}")
    if found.verdict == "failed":
        raise typer.Exit(2)
