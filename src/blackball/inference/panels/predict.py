"""From draws of an expert model to the distribution of each question, on the scale on which it is pooled and scored."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from blackball.panel.supports import link, unlink
from blackball.pools import Distribution

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["cumulative", "predicted_distribution"]

POINTS = 300
"""Points evenly spread over the intrinsic range, and as many over six units of the question either side."""

NEGLIGIBLE = 1e-5
"""Share of a draw's weight below which an expert is left out."""

ENOUGH = 100
"""Experts of a draw that stand for more than so many: chosen by weight, in the order of what they say."""

GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it fill the unit interval evenly."""

SCORES = np.sinh(np.linspace(-14, 14, 2001))
"""Standard scores at which a t distribution is computed; between them it is as good as straight."""


def predicted_distribution(draws: xr.Dataset, cell: xr.Dataset, low: float, high: float, *, log: bool) -> Distribution:
    """Return what an expert model predicts of one question, given that it lies in the intrinsic range.

    Parameters
    ----------
    draws : Dataset
        From `learn`, thinned as far as wanted.
    cell : Dataset
        One of the panel's judged cells, as `blackball.panel.encode` gives it.
    low, high : float
        Ends of the intrinsic range, on the scale of the question.
    log : bool
        Whether that scale is logarithmic.

    Returns
    -------
    Distribution
    """
    centre, unit = float(cell["centre"]), float(cell["unit"])
    support, ends = str(cell["support"].item()), (float(cell["lower_bound"]), float(cell["upper_bound"]))
    near = unlink(centre + unit * np.linspace(-6, 6, POINTS), support, *ends)
    near = np.log(near) if log else near
    points = np.unique(np.concatenate([np.linspace(low, high, POINTS), near[(near > low) & (near < high)]]))
    natural = np.exp(points) if log else points
    inside = np.clip(natural, *ends)
    standard = (link(inside, support, *ends) - centre) / unit
    reached = cumulative(draws.sel(judged=cell["judged"].item()), standard)
    return Distribution(points, (reached - reached[0]) / (reached[-1] - reached[0]))


def cumulative(draws: xr.Dataset, standard: Floats) -> Floats:
    """Return the distribution function of one question, averaged over draws.

    Parameters
    ----------
    draws : Dataset
        dims `chain`, `draw`, `component`: the parts of `Predicted` for one question.
    standard : ndarray of float, shape (points,)
        In the question's standard units; may be infinite.

    Returns
    -------
    ndarray of float, shape (points,)
    """
    flat = draws.stack(sample=("chain", "draw"), create_index=False)
    logs, location, lower, upper = (
        flat[name].transpose("sample", "component").to_numpy() for name in ("log_weight", "location", "lower", "upper")
    )
    weight = np.exp(logs - logs.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    reached = np.zeros(len(standard))
    for draw, degrees in enumerate(flat["degrees"].to_numpy()):
        kept, share = _representative(weight[draw], location[draw], draw)
        middle, low, high = (part[draw, kept][:, None] for part in (location, lower, upper))
        reached += share @ _split_t(standard, middle, low, high, _tail(degrees))
    return reached / len(weight)


def _representative(weight: Floats, location: Floats, draw: int) -> tuple[NDArray[np.intp], Floats]:
    """Choose experts that stand for all in one draw, and the weight of each.

    Of many, equal steps of the cumulative weight are taken in the order of locations. Where they begin differs from
    draw to draw, evenly over a step, so that what one draw passes over the next ones take.
    """
    kept = np.flatnonzero(weight > NEGLIGIBLE)
    if kept.size <= ENOUGH:
        return kept, weight[kept]
    kept = kept[np.argsort(location[kept])]
    reached = np.cumsum(weight[kept])
    steps = (np.arange(ENOUGH) + draw * GOLDEN % 1) / ENOUGH
    return kept[np.searchsorted(reached, steps * reached[-1], side="right")], np.full(ENOUGH, 1 / ENOUGH)


@lru_cache(maxsize=1024)  # every question is predicted from the same draws
def _tail(degrees: float) -> Floats:
    """Return the distribution function of Student's t at `SCORES`."""
    return np.asarray(stdtr(degrees, SCORES))


def _split_t(x: Floats, location: Floats, lower: Floats, upper: Floats, tail: Floats) -> Floats:
    """Return the distribution functions of split Student t distributions, shape (components, points).

    `tail` is the distribution function of Student's t at `SCORES`: the degrees of freedom are the same for all.
    """
    gap = x - location
    below = gap < 0
    one = np.interp(gap / np.where(below, lower, upper), SCORES, tail)
    # The half below holds lower / (lower + upper) of the mass, the half above the rest.
    share = lower / (lower + upper)
    return np.asarray(np.where(below, 2 * share * one, share + (1 - share) * (2 * one - 1)))
