"""Authority to halt: a warning only helps if somebody can stop, and does.

Claim: a trust that may elect a majority of directors is a kind of kill switch, but incumbents may change the
rules, and safety delayed is often safety denied. Directors of bloc b vote to halt with chance v_b, each
independently (votes within a bloc that correlate are not modelled here); with M votes needed,

    halt = P(sum of votes >= M) (1 - rules_changed) exp(-delay / window),
    release = miss + (1 - miss) (1 - halt),

the number of votes being Poisson-binomial (Wang, "On the number of successes in independent trials",
Statistica Sinica 1993). Its distribution is built by convolving the chairs in pairs, then the pairs, and so
on: four steps for a board of up to sixteen, each a sum of products of probabilities, hence exact at 0 and 1.
"""

from __future__ import annotations

import numpy as np
import pytensor.xtensor as px
import xarray as xr
from pytensor.xtensor.type import as_xtensor

from blackball.errors import ModelError
from blackball.mechanisms.composition import any_of
from blackball.mechanisms.labelled import Labelled, Tensor, labelled

__all__ = ["either", "halt", "majority", "release"]


def majority(
    stand: Labelled, seats: xr.DataArray, needed: xr.DataArray | int | None = None, dim: str = "bloc"
) -> Tensor:
    """Chance that enough directors vote to halt, each independently.

    Parameters
    ----------
    stand : Labelled
        v_b, the chance that a director of bloc b votes to halt, in [0, 1], over `dim` and any others.
    seats : DataArray of int
        Seats held by each bloc, over `dim` and, if boards differ, others such as regime. Known numbers: they
        shape the graph.
    needed : DataArray of int or int, optional
        M, the votes that carry; more than half of all seats if not given.
    dim : str, optional
        Dim that counts blocs.

    Returns
    -------
    XTensorVariable
        Probability without `dim`.

    Raises
    ------
    ModelError
        If `seats` holds anything but whole numbers >= 0.
    """
    counts = seats.to_numpy()
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ModelError(f"seats are {counts.tolist()}: each bloc holds a whole number of seats, 0 or more")
    total = seats.sum(dim)
    votes_needed = total // 2 + 1 if needed is None else xr.DataArray(needed)
    chairs = 1 << max(int(total.max()) - 1, 0).bit_length()
    by_chair = (labelled(stand) * labelled(_who_sits(seats, chairs, dim))).sum(dim)
    votes = xr.DataArray(np.arange(chairs + 1), dims="_votes")
    carries = labelled(votes >= votes_needed)
    # A sum of probabilities may round to one ulp above 1.
    return px.math.minimum((_vote_counts(by_chair, chairs) * carries).sum("_votes"), 1.0)


def _who_sits(seats: xr.DataArray, chairs: int, dim: str) -> xr.DataArray:
    """Mark the bloc that sits on each chair; nobody sits on chairs beyond the total."""
    chair = xr.DataArray(np.arange(chairs), dims="_chair")
    last = seats.cumsum(dim)
    return (chair < last) & (chair >= last - seats)


def _vote_counts(by_chair: Tensor, chairs: int) -> Tensor:
    """Distribution over `_votes` of the number of votes, from the chance of one on each chair."""
    # A chair casts no vote or one, with chances (1 - v, v): one constant row and v times another.
    certain = as_xtensor(np.array([1.0, 0.0]), dims=("_votes",))
    counts = certain + by_chair * as_xtensor(np.array([-1.0, 1.0]), dims=("_votes",))
    most = 1
    for _ in range(chairs.bit_length() - 1):
        left = counts.isel(_chair=slice(0, None, 2)).rename(_votes="_left")
        right = counts.isel(_chair=slice(1, None, 2)).rename(_votes="_right")
        counts = (left * right * _adds_up(most)).sum(("_left", "_right"))
        most *= 2
    return counts.isel(_chair=0)


def _adds_up(most: int) -> Tensor:
    """Mark which two vote counts, each up to `most`, add up to which sum."""
    each = np.arange(most + 1)
    sums = each[:, None, None] + each[None, :, None] == np.arange(2 * most + 1)
    return as_xtensor(sums.astype(np.float64), dims=("_left", "_right", "_votes"))


def halt(majority: Labelled, rules_changed: Labelled = 0.0, delay: Labelled = 0.0, window: Labelled = 1.0) -> Tensor:
    """Chance that a board's warning ends in a halt, in time.

    Parameters
    ----------
    majority : Labelled
        Chance that the board votes to halt, in [0, 1].
    rules_changed : Labelled, optional
        Chance that incumbents change the rules first, in [0, 1].
    delay, window : Labelled, optional
        Time that acting takes (>= 0) and mean time in which acting still helps (> 0), in the same unit.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.
    """
    in_time = px.math.exp(-labelled(delay) / labelled(window))
    return labelled(majority) * (1 - labelled(rules_changed)) * in_time


def either(inside: Labelled, outside: Labelled) -> Tensor:
    """Chance that the board or an outside authority (a licence, a treaty) halts.

    Parameters
    ----------
    inside, outside : Labelled
        Chance of a halt by each, in [0, 1], independent.

    Returns
    -------
    XTensorVariable
        Probability with the dims of both arguments.
    """
    return any_of(inside, outside)


def release(miss: Labelled, halt: Labelled) -> Tensor:
    """Chance that a misaligned draw acts unsupervised, ``miss + (1 - miss)(1 - halt)``.

    Parameters
    ----------
    miss : Labelled
        Chance that inspection misses it, in [0, 1].
    halt : Labelled
        Chance that a warning ends in a halt, in [0, 1].

    Returns
    -------
    XTensorVariable
        Probability with the dims of both arguments.
    """
    return any_of(miss, 1 - labelled(halt))
