"""Population values of the expert models, from the table in `data/hyperpriors.csv`."""

from __future__ import annotations

import csv
from functools import cache

import xarray as xr

from blackball.shipped import shipped

__all__ = ["hyperpriors"]


@cache
def _table() -> dict[str, dict[str, float]]:
    values: dict[str, dict[str, float]] = {}
    with (shipped("data") / "hyperpriors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values.setdefault(row["model"], {})[row["name"]] = float(row["value"])
    return values


def hyperpriors(model: str) -> xr.DataArray:
    """Return the reference values of an expert model together with those every panel shares.

    Parameters
    ----------
    model : {"mixture", "consensus"}

    Returns
    -------
    DataArray
        dims `("hyperparameter",)`, labelled by name.
    """
    values = {**_table()[model], **_table()["panel"]}
    coords = {"hyperparameter": list(values)}
    return xr.DataArray(list(values.values()), dims="hyperparameter", coords=coords)
