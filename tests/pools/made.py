"""Answers made in memory, without a panel, and strategies for distributions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from blackball.pools import Answers, Distribution

LEVELS = (0.05, 0.5, 0.95)


def answers_from(values: ArrayLike, truths: ArrayLike, levels: Sequence[float] = LEVELS):
    """Lay out quantiles, shape (questions, experts, levels), whose realisations are these."""
    stated, truth = np.asarray(values, dtype=float), np.asarray(truths, dtype=float)
    everything = np.concatenate([stated.reshape(len(stated), -1), truth[:, None]], axis=1)
    least, most = np.nanmin(everything, axis=1), np.nanmax(everything, axis=1)
    beyond = 0.1 * np.where(most > least, most - least, 1.0)
    return Answers(
        panel="made",
        questions=tuple(f"q{number}" for number in range(stated.shape[0])),
        experts=tuple(f"e{number}" for number in range(stated.shape[1])),
        levels=np.asarray(levels, dtype=float),
        values=stated,
        realisations=truth,
        low=least - beyond,
        high=most + beyond,
        log=np.zeros(len(stated), dtype=bool),
        whole=~np.isnan(stated).any(axis=-1),
        faults=(),
    )


def drawn(seed: int, questions: int = 7, experts: int = 5, missing: float = 0.0, levels: Sequence[float] = LEVELS):
    """Draw answers of experts who differ in how sure they are; each expert and each question has an answer."""
    rng = np.random.default_rng(seed)
    sure = np.exp(rng.normal(0, 1, (1, experts, 1)))
    middles = rng.normal(0, 1, (questions, experts, 1))
    values = middles + sure * np.sort(rng.normal(0, 1, (questions, experts, len(levels))), axis=-1)
    absent = rng.random((questions, experts)) < missing
    absent[0] = absent[np.arange(questions), rng.integers(0, experts, questions)] = False
    values[absent] = np.nan
    return answers_from(values, rng.normal(0, 1, questions), levels)


def hitting(bins: ArrayLike, widths: ArrayLike, seed: int = 0):
    """Return answers whose realisations fall in these bins of the experts' quantiles, both (seeds, experts)."""
    jitter = np.random.default_rng(seed).uniform(0.3, 0.7, np.shape(bins))
    # Between quantiles at 0, 1 and 2 widths, the realisation 0 lies where its bin says.
    places = np.arange(3) - (np.asarray(bins) - jitter)[..., None]
    return answers_from(places * np.asarray(widths, dtype=float)[..., None], np.zeros(len(places)))


@st.composite
def distributions(draw: st.DrawFn, flat: bool = False) -> Distribution:
    """Distributions of one to eight pieces; some of no probability if `flat`."""
    count = draw(st.integers(1, 8))
    steps = draw(st.lists(st.floats(0.01, 10), min_size=count, max_size=count))
    least = 0 if flat else 1
    masses = draw(st.lists(st.integers(least, 50), min_size=count, max_size=count).filter(any))
    points = draw(st.floats(-20, 20)) + np.concatenate([[0.0], np.cumsum(steps)])
    return Distribution(points, np.concatenate([[0.0], np.cumsum(masses)]) / sum(masses))
