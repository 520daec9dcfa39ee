"""Write a panel into a folder."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.files import FORMATS
from blackball.panel.schema import SCHEMAS
from blackball.panel.table import as_table
from blackball.panel.whole import whole
from blackball.panel.words import unknown

if TYPE_CHECKING:
    import pandas as pd

    from blackball.panel.panel import Panel

__all__ = ["write_panel"]


def write_panel(panel: Panel, folder: str | Path, format: str = "csv") -> None:
    """Write a panel into a folder, from which `read_panel` reads the same panel.

    Parameters
    ----------
    panel : Panel
    folder : str or Path
        Made if it is not there; files of the same name are replaced, all of them or none.
    format : {"csv", "parquet"}, optional

    Raises
    ------
    InputError
        If the format is unknown, or the folder holds the panel in the other format: two copies would disagree
        sooner or later.
    SetupError
        If the folder cannot be written.
    """
    if format not in FORMATS:
        raise InputError([Problem(str(folder), unknown("format", format, FORMATS), value=format)])
    place = Path(folder)
    others = [place / f"{schema.name}.{kind}" for schema in SCHEMAS for kind in FORMATS if kind != format]
    twins = [Problem(str(path), f"would stand beside a .{format}") for path in others if path.exists()]
    if twins:
        raise InputError(twins)
    frames = {"judgements": panel.judgements, "experts": panel.experts, "questions": panel.questions}
    with whole(place) as fresh:
        for schema in SCHEMAS:
            path, frame = fresh / f"{schema.name}.{format}", frames[schema.name]
            if format == "csv":
                _write_csv(as_table(frame, schema, str(path)).cells, path)
            else:
                _write_parquet(frame[list(schema.columns)], path)


def _write_csv(cells: pd.DataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(cells.columns)
        writer.writerows(cells.itertuples(index=False))


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table, path, write_page_checksum=True)
