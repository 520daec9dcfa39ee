"""New judgements for an old fit: append, refit, and say who moved what.

The posterior is always that of all judgements together, never a posterior of a posterior.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.inference.fit import fit
from blackball.inference.rebuild import model_of_fit, regimes_of_fit
from blackball.inference.settings import Progress, Settings, quiet
from blackball.panel import append, panel_of_fit

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["update"]


def update(
    fitted: xr.DataTree,
    new: pd.DataFrame,
    *,
    settings: Settings | None = None,
    progress: Progress = quiet,
) -> xr.DataTree:
    """Return the posterior given all judgements: those of a fit and new ones.

    The model and the regimes are those kept in the fit itself, so that an update needs no other file.

    Parameters
    ----------
    fitted : DataTree
        From `fit` or an earlier `update`.
    new : pandas.DataFrame
        From `blackball.panel.read_judgements`.
    settings : Settings, optional
        Those of the fit if not given.
    progress : Progress

    Returns
    -------
    DataTree
        A new fit, with one more entry in the group `history`.

    Raises
    ------
    BlackballError
        If a judgement repeats one already there, or the judgements do not fit the model.
    """
    attrs = fitted.attrs
    risk, regimes = model_of_fit(fitted), regimes_of_fit(fitted)
    panel = append(panel_of_fit(fitted), new)
    settings = settings or Settings(**json.loads(attrs["settings"]))
    updated = fit(risk, panel, regimes, experts=attrs["experts"], settings=settings, progress=progress)
    updated.attrs["state"] = int(attrs.get("state", 0)) + 1
    updated["history"] = _history(fitted, updated, new)
    return updated


def _history(old: xr.DataTree, new: xr.DataTree, rows: pd.DataFrame) -> xr.Dataset:
    """Append an entry: when, what came in from whom, and how far each headline outcome's mean moved."""
    entry = {
        "when": str(new.attrs["created"]),
        "way": "refit",
        "rows": len(rows),
        "experts": ", ".join(sorted(set(rows["expert"]))),
        "judgements": rows.to_csv(index=False),
        "moves": json.dumps(_moves(old, new)),
        "previous": str(old.attrs["fingerprint"]),
    }
    now = xr.Dataset({key: ("entry", np.array([value], dtype=_kind(value))) for key, value in entry.items()})
    return xr.concat([old["history"].dataset, now], dim="entry") if "history" in old.children else now


def _kind(value: object) -> type:
    return int if isinstance(value, int) else object


def _moves(old: xr.DataTree, new: xr.DataTree) -> dict[str, float]:
    """Return the change of each headline outcome's posterior mean, by label."""
    moves = {}
    for name, after in new["posterior"].dataset.data_vars.items():
        if after.attrs.get("headline"):
            change = (after.mean(("chain", "draw")) - old["posterior"][str(name)].mean(("chain", "draw"))).rename(
                "change"
            )
            cells = change.to_dataframe() if change.ndim else change.expand_dims("all").to_dataframe()
            for label, value in cells["change"].items():
                key = ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)
                moves[f"{name}[{key}]"] = float(value)
    return moves
