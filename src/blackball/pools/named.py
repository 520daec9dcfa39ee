"""The pools by name, each with one signature: learn from seeds, predict questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.errors import InputError, Problem
from blackball.panel.words import unknown
from blackball.pools import odds
from blackball.pools.beta_linear import beta_transformed, learn_shape
from blackball.pools.performance import global_weights, item_weights
from blackball.pools.quantile_average import quantile_mean, quantile_median, quantile_trimmed_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from blackball.pools.answers import Answers
    from blackball.pools.distribution import Distribution
    from blackball.pools.events import Events

    Floats = NDArray[np.float64]

    type QuantityPool = Callable[[Answers, Sequence[int], Sequence[int]], list[Distribution]]
    """Takes answers, positions of the seeds to learn from, and positions of what to predict."""

    type EventPool = Callable[[Events, Sequence[int], Sequence[int]], Floats]
    """Takes events, positions of the known ones to learn from, and positions of what to predict."""

__all__ = ["EVENT_POOLS", "METHODS", "POOLS", "QUANTITY_POOLS", "known_methods", "pool_quantities"]

FIXED_FACTOR = 1.5
"""Factor on log odds of the pool `extremised`: the middle of the best ones on three public sets (.7, 1.5, 2.5)."""


def _equal(answers: Answers, seeds: Sequence[int], questions: Sequence[int]) -> list[Distribution]:
    return [answers.curves[question].pool(np.ones(len(answers.experts))) for question in questions]


def _by_quantiles(average: Callable[[Answers, int], Distribution]) -> QuantityPool:
    return lambda answers, seeds, questions: [average(answers, question) for question in questions]


def _by_performance(weights: Callable[[Answers, Sequence[int]], Floats]) -> QuantityPool:
    def pool(answers: Answers, seeds: Sequence[int], questions: Sequence[int]) -> list[Distribution]:
        learned = weights(answers, seeds)
        rule = "nobody who has a performance weight answered it"
        left = [place for place in questions if not (learned[place] * answers.answered[place]).any()]
        if left:
            raise InputError(Problem(answers.panel, rule, column=answers.questions[place]) for place in left)
        return [answers.curves[question].pool(learned[question]) for question in questions]

    return pool


def _by_odds(combine: Callable[[Floats], Floats]) -> EventPool:
    return lambda events, seeds, questions: combine(events.log_odds[list(questions)])


def _beta_linear(events: Events, seeds: Sequence[int], questions: Sequence[int]) -> Floats:
    known = list(seeds)
    shape = learn_shape(events.log_odds[known], events.outcomes[known])
    return beta_transformed(events.log_odds[list(questions)], shape)


QUANTITY_POOLS: dict[str, QuantityPool] = {
    "equal": _equal,
    "median": _by_quantiles(quantile_median),
    "performance": _by_performance(global_weights),
    "performance-item": _by_performance(item_weights),
    "quantile-mean": _by_quantiles(quantile_mean),
    "trimmed": _by_quantiles(quantile_trimmed_mean),
}
"""Pools of distributions."""

LEARNING = ("performance", "performance-item")
"""Pools of distributions that learn from seeds; the others do not look at them."""

EVENT_POOLS: dict[str, EventPool] = {
    "beta-linear": _beta_linear,
    "equal": _by_odds(odds.mean),
    "extremised": _by_odds(lambda log_odds: odds.extremised(log_odds, FIXED_FACTOR)),
    "geometric-odds": _by_odds(odds.geometric_mean),
    "median": _by_odds(odds.median),
    "neyman-roughgarden": _by_odds(odds.neyman_roughgarden),
    "trimmed": _by_odds(odds.trimmed_mean),
}
"""Pools of probabilities of events."""

POOLS = tuple(sorted({*QUANTITY_POOLS, *EVENT_POOLS}))
"""Every pool; some pool both quantities and events."""

METHODS = tuple(sorted({*POOLS, "consensus", "mixture"}))
"""Every way of predicting: the pools, and the expert models."""


def known_methods(methods: Iterable[str]) -> None:
    """Refuse names that are no methods.

    Raises
    ------
    InputError
        With the valid names.
    """
    problems = [
        Problem("method", unknown("method", method, METHODS), value=method)
        for method in methods
        if method not in METHODS
    ]
    if problems:
        raise InputError(problems)


def pool_quantities(name: str, answers: Answers, seeds: Sequence[int], questions: Sequence[int]) -> list[Distribution]:
    """Pool distributions.

    Parameters
    ----------
    name : str
        One of `QUANTITY_POOLS`.
    answers : Answers
    seeds, questions : sequence of int
        Positions of the seeds to learn from, and of the questions to pool.

    Returns
    -------
    list of Distribution
        One a question, each ending with the intrinsic range.

    Raises
    ------
    InputError
        If no distribution follows from some answer that the pool uses, the pool needs seeds and there are none, or
        nobody who has a weight answered a question.
    """
    wanted = {answers.questions[place] for place in (*(seeds if name in LEARNING else ()), *questions)}
    faults = [fault for fault in answers.faults if fault.column in wanted]
    if faults:
        raise InputError(faults)
    return QUANTITY_POOLS[name](answers, seeds, questions)
