"""What a panel says of each question, by any method: one distribution or probability a question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy.special import expit

from blackball.errors import InputError, Problem
from blackball.inference.panels.learn import learn, prepare_panel
from blackball.inference.panels.methods import KEPT
from blackball.inference.panels.predict import cumulative
from blackball.inference.settings import Settings
from blackball.modelling.experts import EXPERT_MODELS
from blackball.panel import encode
from blackball.panel.supports import unlink
from blackball.pools import answers_of, events_of, known_methods, pool_quantities
from blackball.pools.named import EVENT_POOLS, QUANTITY_POOLS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from blackball.inference.panels.learn import PreparedPanel
    from blackball.panel import Panel
    from blackball.pools import Answers, Distribution

    Floats = NDArray[np.float64]
    type Distributions = dict[str, Distribution]

__all__ = ["LEVELS", "aggregate", "described"]

LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Levels at which aggregated distributions are reported."""

_HALF = np.sinh(np.concatenate([np.linspace(0, 4, 334)[1:], np.linspace(4, 12, 168)[1:]]))
STANDARD = np.concatenate([-_HALF[::-1], [0.0], _HALF])
"""Where distributions are laid out, in units of the question: close to the centre close together."""

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
        `quantile` (question, level), on each question's own scale; of a pool NaN beyond the panel's own levels, and
        where an answer has no distribution. `probability` (question), the chance that the panel gives an event: what a
        pool of events says, or an expert model that seeds which are events inform, else the mean of the distribution
        of a probability; NaN for questions of other supports. Expert models add what they say of each expert:
        `weight`, or `skill` (factor on the widths) and `bias` (in units of the questions), dims
        `("expert", "statistic")` with the mean and the ends of the central 90 % interval.

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
    return described(prepared, learn(prepared, settings=settings, kept=KEPT), cells)


def described(prepared: PreparedPanel, draws: xr.Dataset, cells: xr.Dataset) -> xr.Dataset:
    """Describe what an expert model says of judged cells; see `aggregate`.

    Parameters
    ----------
    prepared : PreparedPanel
    draws : Dataset
        From `learn`.
    cells : Dataset
        Of the panel, as `blackball.panel.encode` gives them.
    """
    quantities, events = (
        set(part["judged"].values.tolist()) for part in (prepared.built.quantities, prepared.built.events)
    )
    rows, chances = [], []
    for label in cells["judged"].values.tolist():
        row, chance = np.full(len(LEVELS), np.nan), np.nan
        if label in quantities:
            row, chance = _described(draws, prepared.built.quantities.sel(judged=label))
        if label in events:
            chance = float(expit(draws["log_odds"].sel(event=label)).mean())
        rows.append(row)
        chances.append(chance)
    found = _laid_out(cells["judged"].values.tolist(), rows, chances)
    for name in OF_EXPERTS:
        if name in draws:
            found[name] = _summary(draws[name])
    return found


def _described(draws: xr.Dataset, cell: xr.Dataset) -> tuple[Floats, float]:
    """Return quantiles of one question, and its mean if it is a probability."""
    reached = cumulative(draws.sel(judged=cell["judged"].item()), STANDARD)
    support, ends = str(cell["support"].item()), (float(cell["lower_bound"]), float(cell["upper_bound"]))
    centre, unit = float(cell["centre"]), float(cell["unit"])
    row = unlink(centre + unit * np.interp(LEVELS, reached, STANDARD), support, *ends)
    if support != "probability":
        return row, float("nan")
    values = unlink(centre + unit * STANDARD, support)
    middle = np.concatenate([values[:1], (values[1:] + values[:-1]) / 2, values[-1:]])
    return row, float(np.diff(reached, prepend=0.0, append=1.0) @ middle)


def _by_pool(panel: Panel, by: str, cells: xr.Dataset) -> xr.Dataset:
    labels = cells["judged"].values.tolist()
    chances = _chances(panel, by) if by in EVENT_POOLS else {}
    if by not in QUANTITY_POOLS and not any(label in chances for label in labels):
        raise InputError([Problem(panel.name, f"`{by}` pools probabilities of events, and there are none")])
    answers = _reported(panel, cells)
    pooled = _distributions(answers, by, labels, chances) if by in QUANTITY_POOLS else {}
    probabilities = cells["judged"].values[cells["support"].values == "probability"]
    chances = {label: pooled[label].mean() for label in probabilities if label in pooled} | chances
    rows = {label: _row(one, answers, label) for label, one in pooled.items()}
    nothing = np.full(len(LEVELS), np.nan)
    return _laid_out(
        labels, [rows.get(label, nothing) for label in labels], [chances.get(label, np.nan) for label in labels]
    )


def _chances(panel: Panel, by: str) -> dict[str, float]:
    """Return what a pool of events says of each of the panel's probabilities."""
    events = events_of(panel)
    pooled = EVENT_POOLS[by](events, events.seeds.tolist(), range(len(events.questions)))
    return dict(zip(events.questions, pooled.tolist(), strict=True))


def _reported(panel: Panel, cells: xr.Dataset) -> Answers:
    """Return the panel's answers, with ranges that stay inside the support.

    The range on which pools are scored may reach below 0; what is said of a positive quantity may not.
    """
    answers = answers_of(panel)
    positive = np.isin(answers.questions, cells["judged"].values[cells["support"].values == "positive"])
    return replace(answers, low=np.where(positive & ~answers.log, np.maximum(answers.low, 0.0), answers.low))


def _distributions(answers: Answers, by: str, labels: Collection[str], chances: Collection[str]) -> Distributions:
    """Return what a pool of distributions says of each question, on its scale.

    A probability that has a chance already needs no distribution: its answers may be points.
    """
    pointless = {fault.column for fault in answers.faults} & set(chances)
    places = [place for place, label in enumerate(answers.questions) if label in labels and label not in pointless]
    pooled = pool_quantities(by, answers, answers.seeds.tolist(), places)
    return {answers.questions[place]: distribution for place, distribution in zip(places, pooled, strict=True)}


def _row(distribution: Distribution, answers: Answers, label: str) -> Floats:
    """Return quantiles on the question's own scale at the levels between the panel's outermost ones."""
    values = distribution.quantile(LEVELS)
    values = np.exp(values) if answers.log[answers.questions.index(label)] else values
    inside = (np.array(LEVELS) >= answers.levels[0]) & (np.array(LEVELS) <= answers.levels[-1])
    return np.where(inside, values, np.nan)


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
