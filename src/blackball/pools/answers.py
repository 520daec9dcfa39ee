"""What a panel states of quantities, as plain arrays on the scale on which they are pooled and scored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.errors import Problem
from blackball.panel.judged import judged_things, with_judged
from blackball.panel.quantiles import quantiles
from blackball.panel.rounds import latest
from blackball.pools.events import is_event
from blackball.pools.linear import Curves, curves_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blackball.panel import Panel

    Floats = NDArray[np.float64]

__all__ = ["Answers", "answers_of"]

OVERSHOOT = 0.1
"""How far the intrinsic range reaches beyond all quantiles and the realisation, as a share of their spread."""

USUAL_LEVELS = (0.05, 0.5, 0.95)
"""Levels at which predictions are scored where the panel states bare points only."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What experts stated of quantities, on the scale of each question: logs where that is `log`.

    Attributes
    ----------
    panel : str
        What to call the panel in messages.
    questions, experts : tuple of str
        Labels of what is judged, and of who judges.
    levels : ndarray of float, shape (levels,)
        In (0, 1), increasing.
    values : ndarray of float, shape (questions, experts, levels)
        Quantiles; NaN where an expert has not answered, or not with a distribution.
    realisations : ndarray of float, shape (questions,)
        NaN unless the question is a seed.
    low, high : ndarray of float, shape (questions,)
        Ends of the intrinsic range.
    log : ndarray of bool, shape (questions,)
        Whether the scale of the question is logarithmic.
    whole : ndarray of bool, shape (questions, experts)
        Whether an answer states all levels; those that it lacks are interpolated.
    faults : tuple of Problem
        Answers from which no distribution follows: pools refuse them, expert models do not.
    """

    panel: str
    questions: tuple[str, ...]
    experts: tuple[str, ...]
    levels: Floats
    values: Floats
    realisations: Floats
    low: Floats
    high: Floats
    log: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    faults: tuple[Problem, ...]

    @property
    def seeds(self) -> NDArray[np.int64]:
        """Positions of the questions whose realisation is known."""
        return np.flatnonzero(~np.isnan(self.realisations))

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Whether each expert answered each question, shape (questions, experts)."""
        return np.asarray(~np.isnan(self.values).any(axis=-1))

    @cached_property
    def curves(self) -> tuple[Curves, ...]:
        """The experts' cumulative distributions, one group a question."""
        stated = zip(self.values, self.low, self.high, strict=True)
        return tuple(curves_of(values, low, high, self.levels) for values, low, high in stated)


@lru_cache(maxsize=64)  # every method lays the same panels out
def answers_of(panel: Panel) -> Answers:
    """Lay out a panel's answers about quantities; seeds that are events are left to `events_of`.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    Answers
        Questions in the order of the panel, experts too.
    """
    rows = with_judged(latest(panel), panel.questions)
    things = judged_things(rows, panel.questions)
    things = things.assign(log=_on_log_scale(things, panel.questions))
    chosen = things[~is_event(things)]
    stated = _stated(rows, chosen, panel)
    log = chosen["log"].to_numpy(dtype=bool)
    realisations = _scaled(chosen["realisation"].to_numpy(dtype=float), log)
    low, high = _ranges(stated, chosen, realisations)
    faulty, faults = _faults(stated, chosen, low, high, panel)
    sound = stated[~faulty]
    levels = np.unique(sound["level"]) if len(sound) else np.array(USUAL_LEVELS)
    values = _grid(sound, (len(chosen), len(panel.experts)), levels, low, high)
    return Answers(
        panel=panel.name,
        questions=tuple(chosen["label"]),
        experts=tuple(panel.experts["expert"]),
        levels=levels,
        values=values,
        realisations=realisations,
        low=low,
        high=high,
        log=log,
        whole=_counts(sound, values.shape[:2]) == len(levels),
        faults=tuple(faults),
    )


def _on_log_scale(things: pd.DataFrame, questions: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which questions are pooled in logs: those that say so, and every ratio."""
    scale = things["question"].map(questions.set_index("question")["scale"])
    return np.asarray((scale == "log") | (things["reference"] != ""))


def _stated(rows: pd.DataFrame, things: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Return one row a stated quantile: place of the question, of the expert, level, value on the scale."""
    kept = rows[rows["judged"].isin(things.index)]
    if kept.empty:
        return pd.DataFrame({name: np.empty(0) for name in ("place", "who", "level", "at")})
    experts = pd.Index(panel.experts["expert"])
    cell = kept["judged"].to_numpy() * len(experts) + experts.get_indexer(kept["expert"])
    found = quantiles(kept, cell)
    judged, who = np.divmod(found["cell"].to_numpy(), len(experts))
    found = found.assign(place=things.index.get_indexer(pd.Index(judged)), who=who)
    log = things["log"].to_numpy(dtype=bool)[found["place"]]
    return found.assign(at=_scaled(found["value"].to_numpy(dtype=float), log))


def _faults(
    stated: pd.DataFrame, things: pd.DataFrame, low: Floats, high: Floats, panel: Panel
) -> tuple[NDArray[np.bool_], list[Problem]]:
    """Say which rows belong to answers from which no distribution follows, and why."""
    by_answer = stated.groupby(["place", "who"])
    single = by_answer["level"].transform("size") == 1
    flat = (by_answer["at"].diff() <= 0).groupby([stated["place"], stated["who"]]).transform("any")
    place = stated["place"].to_numpy(dtype=int)
    at_end = (stated["at"] <= low[place]) | (stated["at"] >= high[place])
    ended = ~single & at_end.groupby([stated["place"], stated["who"]]).transform("any")
    rules = (
        (single, "a bare point has no distribution of its own: only expert models and pools of events take points"),
        (flat, "two levels have the same value, so that no density lies between them"),
        (ended, "a level has the value at the end of the scale, so that no density lies beyond it"),
    )
    labels, experts = things["label"].tolist(), panel.experts["expert"].tolist()
    problems = [
        Problem(panel.name, f"{experts[int(who)]}: {rule}", column=labels[int(place)])
        for bad, rule in rules
        for place, who in stated.loc[bad, ["place", "who"]].drop_duplicates().to_numpy().tolist()
    ]
    return np.asarray(single | flat | ended, dtype=bool), problems


def _grid(stated: pd.DataFrame, shape: tuple[int, int], levels: Floats, low: Floats, high: Floats) -> Floats:
    """Return quantiles at all levels, shape (questions, experts, levels); those not stated lie on the straight line."""
    values = np.full((*shape, len(levels)), np.nan)
    place, who = stated["place"].to_numpy(dtype=int), stated["who"].to_numpy(dtype=int)
    level, at = stated["level"].to_numpy(dtype=float), stated["at"].to_numpy(dtype=float)
    starts = np.flatnonzero(np.diff(place * shape[1] + who, prepend=-1))
    for rows in np.split(np.arange(len(stated)), starts)[1:]:
        question = place[rows[0]]
        own = np.concatenate([[0.0], level[rows], [1.0]])
        values[question, who[rows[0]]] = np.interp(
            levels, own, np.concatenate([low[[question]], at[rows], high[[question]]])
        )
    return values


def _counts(stated: pd.DataFrame, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Return how many levels each answer states, shape (questions, experts)."""
    counts = np.zeros(shape, dtype=int)
    np.add.at(counts, (stated["place"].to_numpy(dtype=int), stated["who"].to_numpy(dtype=int)), 1)
    return counts


def _scaled(values: Floats, log: NDArray[np.bool_]) -> Floats:
    return np.where(log, np.log(np.where(log, values, 1.0)), values)


def _ranges(stated: pd.DataFrame, things: pd.DataFrame, realisations: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the intrinsic range: a tenth beyond all that was stated or came true, inside the support."""
    ends = stated.groupby("place")["at"].agg(["min", "max"]).to_numpy(dtype=float).T
    least, most = np.fmin(ends[0], realisations), np.fmax(ends[1], realisations)
    # Where everybody says the same and it came true, there is no spread to reach beyond.
    spread = np.where(most > least, most - least, np.maximum(np.abs(most), 1.0))
    beyond = OVERSHOOT * spread
    closed = things["support"].isin(["probability", "bounded"]).to_numpy()
    floor = np.where(closed, things["lower_bound"].to_numpy(dtype=float), -np.inf)
    ceiling = np.where(closed, things["upper_bound"].to_numpy(dtype=float), np.inf)
    return np.maximum(least - beyond, floor), np.minimum(most + beyond, ceiling)
