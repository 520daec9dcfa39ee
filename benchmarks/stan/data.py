"""What the Stan program of the default model reads, from the model as blackball built it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pymc as pm

from blackball.modelling.experts.mixture import FEATURES

__all__ = ["data", "unconstrained"]

WHAT = ("breach", "misaligned", "power_concentration", "catastrophe", "extinction")
BLOCS = ("trust", "founders", "investors")
SCALARS = ("years", "projects", "merge_believed", "conspicuous", "idle_years", "halt_delay", "window")


def data(model: pm.Model) -> dict[str, Any]:
    """Return the data block, ready for JSON."""
    held = {variable.name: np.asarray(variable.get_value()) for variable in model.data_vars}
    coords = {dim: list(map(str, labels)) for dim, labels in model.coords.items() if labels is not None}
    seats = np.stack([held[f"seats_{bloc}"] for bloc in BLOCS], axis=1)
    boards, board = np.unique(seats, axis=0, return_inverse=True)
    found = {
        "R": len(coords["regime"]),
        "H": len(coords["horizon"]),
        "Q": len(coords["quantity"]),
        "V": len(coords["varying"]),
        "varying": [coords["quantity"].index(name) + 1 for name in coords["varying"]],
        **{name: held[name] for name in ("prior_mean", "prior_sd", "population_centre", "population_spread", *SCALARS)},
        "shift": held["stated_shift"],
        "variance": held["stated_variance"],
        "competence": held["stated_competence"],
        "rivals": len(held["rank"]),
        "boards": len(boards),
        "seats": boards.astype(int),
        "board": board.ravel() + 1,
        "centre": held["question_centre"],
        "unit": held["question_unit"],
        **_cells(model, coords),
        **_answers(held),
    }
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in found.items()}


def _cells(model: pm.Model, coords: dict[str, list[str]]) -> dict[str, Any]:
    """Return what each judged cell asks for."""
    encoded = model["judgements"].tag.judged.encoded
    columns = {name: list(map(str, encoded[name].values)) for name in ("variable", "at", "regime", "reference")}
    return {
        "J": len(columns["at"]),
        "what": [WHAT.index(name) + 1 for name in columns["variable"]],
        "regime": [coords["regime"].index(name) + 1 for name in columns["regime"]],
        "reference": [coords["regime"].index(name) + 1 if name else 0 for name in columns["reference"]],
        "horizon": [coords["horizon"].index(at.split("=")[1]) + 1 if at else 0 for at in columns["at"]],
    }


def _answers(held: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return the answers that count, cell by cell, and where each cell's begin."""
    table = dict(zip(FEATURES, np.moveaxis(held["answers"], -1, 0), strict=True))
    counts = table["own"] > -1e8
    cell, expert = np.nonzero(counts)
    each = counts.sum(axis=1)
    columns = {
        name.replace("lower", "low").replace("upper", "high"): values[cell, expert] for name, values in table.items()
    }
    first = np.concatenate([[0], np.cumsum(each)[:-1]]) + 1
    place = {"A": len(cell), "first": first, "answers": each, "cell": cell + 1}
    return {**place, "location": held["location"][cell, expert], **columns}


def unconstrained(model: pm.Model, point: dict[str, np.ndarray]) -> Sequence[float]:
    """Lay a point of PyMC's unconstrained values out in Stan's order: matrices by column."""
    order = [model.rvs_to_values[rv].name for rv in model.free_RVs]
    return np.concatenate([np.ravel(point[name], order="F") for name in order]).tolist()
