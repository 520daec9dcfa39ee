"""Whether the priors alone, or the posterior, say otherwise than the experts who judged the very same value.

Prior and judgements are in conflict where answers as far out would be rare if the priors were right: Box, "Sampling and
Bayes' inference in scientific modelling and robustness", JRSS A 1980 (10.2307/2982063). That an outcome moves when the
prior counts more, and when the judgements do, is none: elicited priors and few judgements both move it.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from blackball.inference.checks.check import Check, look, some
from blackball.inference.checks.stated import judged_cells, median, modelled, pooled, said

__all__ = ["conflict", "contradicted"]

# Where nothing is amiss, at most so many fits are said to have a prior that judgements contradict.
FALSE_ALARMS = 0.05
# Mass of the posterior that lies to either side of its central 90 % interval.
TAIL = 0.05


def conflict(fit: xr.DataTree) -> Check:
    """Ask whether the priors alone would be surprised by what experts say of some value.

    The chance of answers as far out, by the prior, is two-sided and held against a limit that is shared by all values.
    """
    name, cells = "judged values that surprise the priors (share)", judged_cells(fit)
    if cells.sizes["judged"] == 0:
        return Check(name, "pass", 0.0, 0.0, "")
    prior = modelled(fit["prior"].dataset, cells)
    above = pooled(prior, cells).mean("sample")
    chance = 2 * above.where(above < 0.5, 1 - above)
    found = chance < FALSE_ALARMS / cells.sizes["judged"]
    named = _named(cells, prior, chance.where(found, np.inf), "the priors alone say about")
    advice = f"prior and judgements pull apart in {named}: ask what the priors, or the experts, have overlooked"
    return look(name, float(found.mean()), 0.0, advice)


def contradicted(fit: xr.DataTree) -> Check:
    """Ask whether the posterior of a judged value leaves out what the experts who judged it say, taken together."""
    name, cells = "judged values whose 90 % posterior interval leaves out what experts said (share)", judged_cells(fit)
    if cells.sizes["judged"] == 0:
        return Check(name, "pass", 0.0, 0.0, "")
    posterior = modelled(fit["posterior"].dataset, cells)
    below = (pooled(posterior, cells) < 0.5).mean("sample")
    side = below.where(below < 0.5, 1 - below)
    found = side < TAIL
    named = _named(cells, posterior, side.where(found, np.inf), "posterior")
    advice = f"the model and other judgements outweigh {named}: see whether that is meant"
    return look(name, float(found.mean()), 0.0, advice)


def _named(cells: xr.Dataset, values: xr.DataArray, rank: xr.DataArray, whose: str) -> str:
    """Name the judged values with the lowest finite rank, who said what of them, and what the draws say."""
    order = np.argsort(rank.values, kind="stable")[: int(np.isfinite(rank).sum())]
    return some(
        (
            f"{cells['judged'].values[place]} ({said(cells.isel(judged=place))}; "
            f"{whose} {median(values.isel(judged=place), cells.isel(judged=place))})"
            for place in order
        ),
        between="; ",
    )
