"""The same scores for everybody: experts alone, pools and expert models on the same held-out seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import expit

from blackball.errors import InputError, Problem
from blackball.inference.panels.crossvalidate import crossvalidate
from blackball.inference.panels.methods import QUICK, applicable
from blackball.inference.settings import Progress, Settings, quiet
from blackball.pools import answers_of, events_of
from blackball.pools.calibration import hit_calibration
from blackball.pools.performance import calibrations, informations
from blackball.pools.scores import log_score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blackball.inference.parallel import Workers
    from blackball.panel import Panel
    from blackball.pools import Answers

__all__ = ["Scored", "score"]

MEANS = (
    "log_score",
    "log_density",
    "crps",
    "pinball",
    "covered_50",
    "covered_90",
    "covered_95",
    "information",
    "brier",
    "event_log_score",
)


@dataclass(frozen=True, eq=False)
class Scored:
    """How well a panel's experts, and every way of combining them, did on its seeds.

    Attributes
    ----------
    experts : pandas.DataFrame
        Index expert: `seeds` answered, `calibration`, `information`, `log_score` of quantities; `events` answered and
        `brier`. What experts stated, on the very seeds.
    methods : pandas.DataFrame
        Index method: means of held-out scores, each seed predicted from the others, and `calibration` of those
        predictions.
    predictions : pandas.DataFrame
        One row a held-out prediction, as in `CrossValidation`.
    failures : pandas.DataFrame
        method and reason of what could not be had.
    """

    experts: pd.DataFrame
    methods: pd.DataFrame
    predictions: pd.DataFrame
    failures: pd.DataFrame


def score(
    panel: Panel,
    methods: Sequence[str] | None = None,
    *,
    settings: Settings = QUICK,
    workers: Workers | None = None,
    progress: Progress = quiet,
) -> Scored:
    """Score a panel's experts and methods on its seeds.

    Parameters
    ----------
    panel : Panel
        With two or more seeds.
    methods : sequence of str, optional
        Names of `METHODS`; by default all that the kinds of its seeds allow.
    settings : Settings
    workers : Workers, optional
        From `blackball.inference.parallel`; by default this process does it all.
    progress : Progress

    Raises
    ------
    InputError
        If a method is unknown, there are fewer than two seeds, or no method could predict any.
    """
    answers, chosen = answers_of(panel), methods or applicable(panel)
    found = crossvalidate([panel], chosen, settings=settings, workers=workers, progress=progress)
    if found.scores.empty:
        raise InputError(Problem(panel.name, f"`{row.method}`: {row.reason}") for row in found.failures.itertuples())
    means = found.scores.groupby("method")[list(MEANS)].mean()
    means.insert(0, "calibration", _calibration(found.scores, answers))
    experts = _of_quantities(answers).join(_of_events(panel), how="outer")
    return Scored(experts.loc[panel.experts["expert"]], means, found.scores, found.failures.drop(columns="panel"))


def _calibration(scores: pd.DataFrame, answers: Answers) -> pd.Series[float]:
    """Return the calibration of each method's predictions, at the sample size at which experts are compared."""
    hits = scores.dropna(subset=["interval"])
    if hits.empty:
        return pd.Series(dtype=float)
    each = answers.answered[answers.seeds].sum(axis=0)
    size = int(each[each > 0].min()) if each.any() else None
    return hits.groupby("method")["interval"].apply(lambda own: hit_calibration(own, answers.levels, size))


def _of_quantities(answers: Answers) -> pd.DataFrame:
    """Score what experts stated of the seeds that are quantities."""
    seeds = answers.seeds
    answered = answers.answered[seeds]
    scored = np.full(answered.shape, np.nan)
    for row, expert in zip(*np.nonzero(answered), strict=True):
        place = seeds[row]
        truth, low, high = (float(part[place]) for part in (answers.realisations, answers.low, answers.high))
        scored[row, expert] = log_score(answers.values[place, expert], truth, low, high, answers.levels)
    columns = {
        "seeds": answered.sum(axis=0),
        "calibration": calibrations(answers, seeds),
        "information": _means(informations(answers)[seeds]),
        "log_score": _means(scored),
    }
    return pd.DataFrame(columns, index=pd.Index(answers.experts, name="expert"))


def _of_events(panel: Panel) -> pd.DataFrame:
    """Score what experts stated of events whose outcome is known."""
    events = events_of(panel)
    stated = expit(events.log_odds[events.seeds])
    error = (stated - events.outcomes[events.seeds][:, None]) ** 2
    columns = {"events": (~np.isnan(error)).sum(axis=0), "brier": _means(error)}
    return pd.DataFrame(columns, index=pd.Index(events.experts, name="expert"))


def _means(values: np.ndarray) -> np.ndarray:
    """Return means over the first axis of what is there; NaN where nothing is."""
    there = ~np.isnan(values)
    counts = there.sum(axis=0)
    return np.where(counts > 0, np.where(there, values, 0.0).sum(axis=0) / np.maximum(counts, 1), np.nan)
