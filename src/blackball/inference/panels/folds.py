"""Which seeds to learn from and which to predict: the schemes of cross-validation."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from blackball.errors import InputError, Problem
from blackball.panel.words import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SCHEMES", "Fold", "folds_of"]

SCHEMES = ("leave-one-out", "k-fold", "splits", "without-seeds")

TRAINING = 0.8
"""Share of the seeds that each of the `splits` learns from, as in Colson & Cooke (10.1016/j.ress.2017.02.003)."""

PARTS = 5
"""Parts of `k-fold`."""

MOST = 30
"""Most `splits` of one panel; where there are more, as many are drawn at random."""


@dataclass(frozen=True)
class Fold:
    """One split of a panel's seeds.

    Attributes
    ----------
    train, test : tuple of str
        Labels of the seeds to learn from, and of those to predict.
    """

    train: tuple[str, ...]
    test: tuple[str, ...]


def folds_of(seeds: Sequence[str], scheme: str, *, panel: str, seed: int = 1) -> list[Fold]:
    """Split a panel's seeds.

    Parameters
    ----------
    seeds : sequence of str
        Labels of the seeds.
    scheme : {"leave-one-out", "k-fold", "splits", "without-seeds"}
        Predict each seed from the others; five parts; splits that learn from four fifths of the seeds (all of them,
        or thirty drawn at random where there are more); or predict all from none.
    panel : str
        What to call the panel in messages.
    seed : int
        Of the random choices.

    Raises
    ------
    InputError
        If the scheme is unknown, or there are fewer than two seeds.
    """
    if scheme not in SCHEMES:
        raise InputError([Problem("crossvalidate", unknown("scheme", scheme, SCHEMES), column="scheme", value=scheme)])
    if len(seeds) < 2:
        rule = f"has {len(seeds)} seed question{'s' * (len(seeds) != 1)}: cross-validation needs two or more"
        raise InputError([Problem(panel, rule)])
    rng = np.random.default_rng(seed)
    if scheme == "without-seeds":
        return [_without(seeds, range(len(seeds)))]
    if scheme == "splits":
        return [_without(seeds, test) for test in _held_out(len(seeds), rng)]
    parts = len(seeds) if scheme == "leave-one-out" else min(PARTS, len(seeds))
    order = np.arange(len(seeds)) if scheme == "leave-one-out" else rng.permutation(len(seeds))
    return [_without(seeds, sorted(part)) for part in np.array_split(order, parts)]


def _held_out(count: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Return the sets of seeds that splits predict."""
    size = max(1, round((1 - TRAINING) * count))
    if comb(count, size) <= MOST:
        return list(combinations(range(count), size))
    found: set[tuple[int, ...]] = set()
    while len(found) < MOST:
        found.add(tuple(sorted(rng.choice(count, size, replace=False).tolist())))
    return sorted(found)


def _without(seeds: Sequence[str], test: Sequence[int]) -> Fold:
    held = {seeds[place] for place in test}
    return Fold(tuple(seed for seed in seeds if seed not in held), tuple(seeds[place] for place in test))
