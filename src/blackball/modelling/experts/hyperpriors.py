"""What is known of expert panels before one speaks: population values with their uncertainty, from a table.

They are learned on published seed studies by `benchmarks/population.py`, and lie in `data/hyperpriors.csv`.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import xarray as xr

from blackball.shipped import shipped

__all__ = ["FILE", "constants", "hyperpriors", "read_hyperpriors"]

FILE = "hyperpriors.csv"


def hyperpriors(model: str) -> xr.Dataset:
    """Return the shipped population values of an expert model.

    Parameters
    ----------
    model : {"mixture", "consensus"}

    Returns
    -------
    Dataset
        dims `("hyperparameter",)`, labelled by name: `median` on the natural scale; `log`, whether it is positive and
        varies on the log scale; `sd` of what a new panel's value is, on that scale.
    """
    return read_hyperpriors(shipped("data") / FILE, model)


@cache
def read_hyperpriors(file: Path, model: str) -> xr.Dataset:
    """Return the population values of an expert model from a table; result as for `hyperpriors`."""
    rows = [row for row in _rows(file) if row["model"] == model and row["sd"]]
    return xr.Dataset(
        {
            "median": ("hyperparameter", np.array([float(row["median"]) for row in rows])),
            "sd": ("hyperparameter", np.array([float(row["sd"]) for row in rows])),
            "log": ("hyperparameter", np.array([row["scale"] == "log" for row in rows])),
        },
        coords={"hyperparameter": [row["name"] for row in rows]},
    )


@cache
def constants() -> dict[str, float]:
    """Return the values of the table that are taken as known: those without an uncertainty."""
    return {row["name"]: float(row["median"]) for row in _rows(shipped("data") / FILE) if not row["sd"]}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
