"""`blackball report`."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["report"]


def report(
    study: Annotated[Path, typer.Argument(help="Folder that `blackball fit` wrote.")],
    file: Annotated[Path | None, typer.Argument(help="HTML file to write; default: STUDY/report.html.")] = None,
) -> None:
    """Write one self-contained HTML page that explains a study, for readers without code.

    What `sensitivity`, `leave-out` and `calibrate` left in folders of the study is in it.
    """
    from blackball.store import open_study
    from blackball.store.report import new_page

    opened = open_study(study)
    path = file or study / "report.html"
    with new_page(path) as write:
        fit = opened.read()
        from blackball.cli.finish import leave
        from blackball.decisions import compare
        from blackball.reporting.report import page
        from blackball.store.for_report import kept_for_report

        write(page(fit, compare(fit), kept_for_report(study)))
        typer.echo(f"Written: {path}")
        leave(fit)
