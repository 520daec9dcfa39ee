"""Who moved what: how far each outcome's mean went in an update, and whose judgements moved it.

What an expert moved is the mean of two differences: what the expert's changes alone do to the fit before, and what is
lost without them from the fit after. With two experts that is the Shapley value; with more, what is left over is
nobody's alone. Each is a posterior given some of the changes, by weights; where these would not do, it is not said.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.errors import BlackballError
from blackball.inference.base import base_of
from blackball.inference.reweigh import unlike, weigh

if TYPE_CHECKING:
    import pymc as pm

    from blackball.panel import Revision

__all__ = ["means", "moved_by", "moves"]

type Means = dict[str, float]


def means(draws: xr.Dataset, weights: xr.DataArray | None = None) -> Means:
    """Return the mean of each headline outcome, by name and labels.

    Parameters
    ----------
    draws : Dataset
        Posterior draws with their attributes.
    weights : DataArray, optional
        dims `("chain", "draw")`, sum 1; by default all draws count the same.
    """
    found = {}
    for name, values in draws.data_vars.items():
        if values.attrs.get("headline"):
            mean = values.mean(("chain", "draw")) if weights is None else (values * weights).sum(("chain", "draw"))
            for place in np.ndindex(mean.shape):
                labels = [str(mean[dim].values[i]) for dim, i in zip(mean.dims, place, strict=True)]
                found[f"{name}[{', '.join(labels) or 'all'}]"] = float(mean.values[place])
    return found


def moves(before: Means, after: Means) -> Means:
    """Return the change of each mean."""
    return {label: after[label] - before[label] for label in after}


def moved_by(
    before: xr.DataTree, after: xr.DataTree, revision: Revision, build: Callable[[Revision], pm.Model]
) -> dict[str, Means]:
    """Share the moves of an update out among the experts whose judgements came in or were withdrawn.

    Parameters
    ----------
    before, after : DataTree
        The fit, and the updated fit.
    revision : Revision
    build : callable
        Makes the model of a part of the revision.

    Returns
    -------
    dict of str to dict of str to float
        By expert, and under it by outcome; an expert is missing of whom it cannot be said.
    """
    start, end = means(before["posterior"].dataset), means(after["posterior"].dataset)
    experts = frozenset(revision.experts)
    base = base_of(after)
    headlines = [name for name, values in after["posterior"].data_vars.items() if values.attrs.get("headline")]
    draws = base["posterior"].dataset[headlines]

    @cache
    def given(some: frozenset[str]) -> Means | None:
        if some in (frozenset(), experts):
            return end if some else start
        try:
            model = build(revision.only(some))
        except BlackballError:  # what these experts changed is no panel without the others
            return None
        weights = None if unlike(base, model) else weigh(base, model).weights
        return means(draws, weights.each) if weights and weights.reliable else None

    found = {}
    for expert in sorted(experts):
        alone, rest = given(frozenset({expert})), given(experts - {expert})
        if alone is not None and rest is not None:
            found[expert] = {label: (alone[label] - start[label] + end[label] - rest[label]) / 2 for label in end}
    return found
