"""What a panel says of each question, by any method: one distribution or probability a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy.special import expit

from blackball.errors import InputError, Problem
from blackball.inference.panels.learn import learn, prepare_panel
from blackball.inference.panels.methods import KEPT
from blackball.inference.panels.predict import cumulative
from blackball.inference.settings import Settings
from blackball.inference.what_if import thinned
from blackball.modelling.experts import EXPERT_MODELS
from blackball.panel import encode
from blackball.panel.supports import unlink
from blackball.pools import answers_of, events_of, known_methods, pool_quantities
from blackball.pools.named import EVENT_POOLS, QUANTITY_POOLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from blackball.panel import Panel

    Floats = NDArray[np.float64]

__all__ = ["LEVELS", "aggregate"]

LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Levels at which aggregated distributions are reported."""

FARTHEST, POINTS = 12.0, 2001
"""Distributions are laid out at the hyperbolic sines, in units of the question, of so many numbers up to so large."""

OF_EXPERTS = ("weight", "skill", "bias")


def aggregate(panel: Panel, by: str = "mixture", settings: Settings | None = None) -> xr.Dataset:
    """Aggregate what a panel says of each question whose answer is not known.

    Parameters
    ----------
    panel : Panel
        Its seeds, if it has any, inform expert models and performance weights. If all questions are seeds, all are
        aggregated.
    by : str
        One of `blackball.pools.named.METHODS`.
    settings : Settings, optional
        How to sample an expert model.

    Returns
    -------
    Dataset
        `quantile` (question, level), on each question's own scale; `probability` (question), the chance that the
        panel gives an event: the mean of the distribution of a probability, or what a pool of events says; NaN for
        questions of other supports. Expert models add what they say of each expert: `weight`, or `skill` (factor on
        the widths) and `bias` (in units of the questions), dims `("expert", "statistic")` with the mean and the ends
        of the central 90 % interval.

    Raises
    ------
    InputError
        If the method is unknown, or cannot work with the panel.
    """
    known_methods([by])
    encoded = encode(panel)
    open_ = np.flatnonzero(encoded["realisation"].isnull().values)
    cells = encoded.isel(judged=open_) if open_.size else encoded
    found = _by_experts(panel, by, cells, settings) if by in EXPERT_MODELS else _by_pool(panel, by, cells)
    found["support"] = ("question", cells["support"].values)
    return found.assign_attrs(panel=panel.name, by=by)


def _by_experts(panel: Panel, by: str, cells: xr.Dataset, settings: Settings | None) -> xr.Dataset:
    prepared = prepare_panel(panel, by)
    draws = thinned(learn(prepared, settings=settings), KEPT)
    quantities = set(prepared.built.quantities["judged"].values.tolist())
    rows, chances = [], []
    for label in cells["judged"].values.tolist():
        if label in quantities:
            row, chance = _described(draws, prepared.built.quantities.sel(judged=label))
        else:
            row, chance = np.full(len(LEVELS), np.nan), float(expit(draws["log_odds"].sel(event=label)).mean())
        rows.append(row)
        chances.append(chance)
    found = _laid_out(cells["judged"].values.tolist(), rows, chances)
    for name in OF_EXPERTS:
        if name in draws:
            found[name] = _summary(draws[name])
    return found


def _described(draws: xr.Dataset, cell: xr.Dataset) -> tuple[Floats, float]:
    """Return quantiles of one question, and its mean if it is a probability."""
    standard = np.sinh(np.linspace(-FARTHEST, FARTHEST, POINTS))
    reached = cumulative(draws.sel(judged=cell["judged"].item()), standard)
    support, ends = str(cell["support"].item()), (float(cell["lower_bound"]), float(cell["upper_bound"]))
    centre, unit = float(cell["centre"]), float(cell["unit"])
    row = unlink(centre + unit * np.interp(LEVELS, reached, standard), support, *ends)
    if support != "probability":
        return row, float("nan")
    values = unlink(centre + unit * standard, support)
    middle = np.concatenate([values[:1], (values[1:] + values[:-1]) / 2, values[-1:]])
    return row, float(np.diff(reached, prepend=0.0, append=1.0) @ middle)


def _by_pool(panel: Panel, by: str, cells: xr.Dataset) -> xr.Dataset:
    labels = cells["judged"].values.tolist()
    chances = _chances(panel, by) if by in EVENT_POOLS else {}
    if by not in QUANTITY_POOLS and not any(label in chances for label in labels):
        raise InputError([Problem(panel.name, f"`{by}` pools probabilities of events, and there are none")])
    rows = _quantiles(panel, by, labels) if by in QUANTITY_POOLS else {}
    nothing = np.full(len(LEVELS), np.nan)
    return _laid_out(
        labels, [rows.get(label, nothing) for label in labels], [chances.get(label, np.nan) for label in labels]
    )


def _chances(panel: Panel, by: str) -> dict[str, float]:
    """Return what a pool of events says of each of the panel's probabilities."""
    events = events_of(panel)
    pooled = EVENT_POOLS[by](events, events.seeds.tolist(), range(len(events.questions)))
    return dict(zip(events.questions, pooled.tolist(), strict=True))


def _quantiles(panel: Panel, by: str, labels: Sequence[str]) -> dict[str, Floats]:
    """Return the quantiles of a pool of distributions, on each question's own scale."""
    answers = answers_of(panel)
    places = [place for place, label in enumerate(answers.questions) if label in labels]
    pooled = pool_quantities(by, answers, answers.seeds.tolist(), places)
    found = {}
    for place, distribution in zip(places, pooled, strict=True):
        values = distribution.quantile(LEVELS)
        found[answers.questions[place]] = np.exp(values) if answers.log[place] else values
    return found


def _laid_out(labels: Sequence[str], rows: Sequence[Floats], chances: Sequence[float]) -> xr.Dataset:
    return xr.Dataset(
        {"quantile": (("question", "level"), np.array(rows)), "probability": ("question", np.array(chances))},
        coords={"question": list(labels), "level": list(LEVELS)},
    )


def _summary(draws: xr.DataArray) -> xr.DataArray:
    """Return mean and central 90 % interval, dims `("expert", "statistic")`."""
    parts = [
        draws.mean(("chain", "draw")),
        *(draws.quantile(q, ("chain", "draw"), keep_attrs=False).drop_vars("quantile") for q in (0.05, 0.95)),
    ]
    joined: xr.DataArray = xr.concat(parts, dim="statistic").assign_coords(statistic=["mean", "low", "high"])
    return joined.transpose("expert", "statistic")
