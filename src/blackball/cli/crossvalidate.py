"""`blackball crossvalidate`."""

from pathlib import Path
from typing import Annotated

import typer

from blackball.cli.choices import Cluster, Scheme
from blackball.cli.panels import Methods, Workers, read

__all__ = ["crossvalidate"]

USUAL = ["equal", "performance", "quantile-mean", "geometric-odds", "consensus", "mixture"]


def crossvalidate(
    panels: Annotated[list[Path], typer.Argument(help="Panels with seeds: folders, shipped names, or .dtt files.")],
    *,
    method: Methods = None,
    scheme: Annotated[Scheme, typer.Option(help="How seeds are held out.")] = Scheme.leave_one_out,
    reference: Annotated[str, typer.Option(help="The method that others are compared with.")] = "equal",
    out: Annotated[Path, typer.Option(help="Folder for results; a run that was stopped goes on there.")] = Path(
        "crossvalidation"
    ),
    seed: Annotated[int, typer.Option(min=0, help="Same panels and seed give the same numbers.")] = 1,
    workers: Workers = 2,
    cluster: Cluster = None,
) -> None:
    """Compare pools and expert models on seeds that they have not seen, over many panels."""
    judgements = read(panels, [reference, *(method or [])])
    from dataclasses import replace

    from blackball.cli.console import console
    from blackball.cli.progress import live
    from blackball.inference.on_cluster import on_cluster
    from blackball.inference.panels import QUICK, applicable
    from blackball.inference.panels import crossvalidate as crossvalidate_panels
    from blackball.inference.parallel import processes
    from blackball.reporting.scores import cross_validation_tables
    from blackball.store.crossvalidation import compared_scores, write_cross_validation

    usual = {name for panel in judgements for name in applicable(panel) if name in USUAL}
    methods = list(dict.fromkeys([reference, *(method or sorted(usual))]))
    with live() as progress:
        found = crossvalidate_panels(
            judgements,
            methods,
            scheme=scheme.value,
            folder=out / "results",
            workers=processes(workers) if cluster is None else on_cluster(cluster),
            settings=replace(QUICK, seed=seed),
            progress=progress,
        )
    compared = compared_scores(found, reference)
    console().print(cross_validation_tables(found, compared, reference))
    written = write_cross_validation(found, compared, reference, out)
    typer.echo(f"Written: {', '.join(str(path) for path in written)}")
