"""When a controlled process must stop drawing: once it can no longer be confident of the next draw.

The rule: draw while P(p_i > tolerance | what is known) < alpha. What is known before draw i is that the i - 1 draws
before it were aligned; by Bayes' rule each posterior sample of p_1, p_2, ... then counts

    weight_i = prod_{j < i} (1 - p_j).

A run of aligned draws is evidence that the whole urn is good, so that leaving the weights out stops too early.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.errors import InputError, ModelError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Stopping", "stopping"]


@dataclass(frozen=True, eq=False)
class Stopping:
    """How far the rule lets a controlled process draw.

    Attributes
    ----------
    exceeds : DataArray
        Chance that p_i is above the tolerance, given that all draws before were aligned, over the dim of
        draws; NaN where the samples say that so many aligned draws cannot be.
    effective : DataArray
        Samples that this chance effectively rests on (Kish, "Survey sampling", 1965), with the same dims: few
        mean that the posterior hardly foresaw so many aligned draws.
    allowed : DataArray
        Number of draws that the rule allows, without the dim of draws: 0 if not even the first, its length if
        at least so many.
    """

    exceeds: xr.DataArray
    effective: xr.DataArray
    allowed: xr.DataArray


def stopping(
    bad: xr.DataArray,
    *,
    tolerance: float,
    alpha: float,
    weight: xr.DataArray | float = 1.0,
    dim: str = "draw_number",
    samples: Sequence[str] = ("chain", "draw"),
) -> Stopping:
    """Apply the stopping rule to posterior draws.

    Parameters
    ----------
    bad : DataArray
        p_i in [0, 1], the chance that draw i = 1, 2, ... is bad if all before it were aligned, over `dim`,
        `samples` and any others, such as regime: see `blackball.mechanisms.research.improved`.
    tolerance : float
        Largest acceptable p_i, in (0, 1).
    alpha : float
        The next draw is made only if the chance that p_i exceeds the tolerance is below this, in (0, 1).
    weight : DataArray or float, optional
        What each sample counts before the first draw, >= 0 and finite. For gains that transfer or do not, stack both
        worlds along a dim, weigh them by t and 1 - t, and name that dim among `samples`.
    dim : str, optional
        Dim that counts draws in order.
    samples : sequence of str, optional
        Dims that count posterior samples.

    Returns
    -------
    Stopping

    Raises
    ------
    InputError
        If `tolerance` or `alpha` is outside (0, 1).
    ModelError
        If `bad` lacks one of the dims or is no probability, or a weight is below 0 or not finite.
    """
    _check_rule({"tolerance": tolerance, "alpha": alpha})
    _check_draws(bad, weight, [dim, *samples])
    # Before draw i only the draws before it are known: the product of all so far moves one place on.
    known = (1 - bad).cumprod(dim).shift({dim: 1}, fill_value=1.0) * weight
    total = known.sum(samples)
    possible = total > 0
    share = known / total.where(possible, 1.0)
    exceeds = (share * (bad > tolerance)).sum(samples).where(possible)
    effective = 1 / (share**2).sum(samples).where(possible)
    # Past the first draw that is not allowed none is, though the chance may fall again.
    allowed = (exceeds < alpha).cumprod(dim).sum(dim)
    return Stopping(exceeds, effective.fillna(0.0), allowed)


def _check_rule(levels: Mapping[str, float]) -> None:
    """Refuse levels outside (0, 1), all at once."""
    problems = [
        Problem("stopping rule", "must lie in (0, 1)", column=name, value=level)
        for name, level in levels.items()
        if not 0 < level < 1
    ]
    if problems:
        raise InputError(problems)


def _check_draws(bad: xr.DataArray, weight: xr.DataArray | float, needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in bad.dims]
    if missing:
        raise ModelError(f"the chances of bad draws have the dims {bad.dims}: they lack {', '.join(missing)}")
    wrong = ~((bad >= 0) & (bad <= 1)).to_numpy()
    if wrong.any():
        raise ModelError(f"a chance of a bad draw is {bad.to_numpy()[wrong].flat[0]:g}: it must lie in [0, 1]")
    weights = xr.DataArray(weight).to_numpy()
    wrong = ~((weights >= 0) & np.isfinite(weights))
    if wrong.any():
        raise ModelError(f"a weight of a sample is {weights[wrong].flat[0]:g}: it must be at least 0 and finite")
