"""The history of a fit: one dated entry for each update, from which any earlier panel can be made again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.inference.moved import means, moves

if TYPE_CHECKING:
    import pandas as pd

    from blackball.panel import Revision

__all__ = ["with_entry"]


def with_entry(
    before: xr.DataTree, after: xr.DataTree, revision: Revision, *, way: str, why: str, by: Mapping[str, object]
) -> xr.Dataset:
    """Return the history of a fit with an entry more.

    Parameters
    ----------
    before, after : DataTree
        The fit, and the updated fit.
    revision : Revision
    way : {"weights", "refit"}
    why : str
        Why that way.
    by : mapping of str to mapping
        From `moved_by`.

    Returns
    -------
    Dataset
        dims `entry`: `when`, `way` and `why`; `rows` and `gone`, how many rows came in and were withdrawn, `experts`,
        whose they were; `judgements`, `withdrawn` and `joined`, the rows as CSV; `moves`, how far the mean of each
        headline outcome went, and `by`, the same by expert (JSON); `previous`, the fingerprint of the state before.
    """
    entry = {
        "when": str(after.attrs["created"]),
        "way": way,
        "why": why,
        "rows": len(revision.added),
        "gone": len(revision.withdrawn),
        "experts": ", ".join(revision.experts),
        "judgements": _csv(revision.added),
        "withdrawn": _csv(revision.withdrawn),
        "joined": _csv(revision.joined),
        "moves": json.dumps(moves(means(before["posterior"].dataset), means(after["posterior"].dataset))),
        "by": json.dumps(by),
        "previous": str(before.attrs["fingerprint"]),
    }
    now = xr.Dataset({key: ("entry", np.array([value], dtype=_kind(value))) for key, value in entry.items()})
    if "history" not in before.children:
        return now
    # What was read from a file remembers how wide its texts were, and would cut longer ones off.
    earlier = before["history"].to_dataset().drop_encoding()
    plain = earlier.assign({name: earlier[name].astype(now[name].dtype) for name in now})
    return xr.concat([plain, now], dim="entry")


def _csv(rows: pd.DataFrame) -> str:
    return str(rows.to_csv(index=False)) if len(rows) else ""


def _kind(value: object) -> type:
    return int if isinstance(value, int) else object
