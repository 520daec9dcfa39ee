"""The vote of a board: seats in blocs, whose directors stand together more or less.

Claim: a trust that may elect a majority of directors is a kind of kill switch, if those whom it picks stand
together. A director of bloc b votes to halt with chance v_b, and any two directors of the bloc vote alike with
correlation r_b: of its S_b votes, K_b are beta-binomial (Skellam, Journal of the Royal Statistical Society B
1948, 10.1111/j.2517-6161.1948.tb00014.x). Blocs vote independently, and with M votes needed

    P(majority) = P(sum_b K_b >= M).

In the form of Polya's urn, where each vote follows the votes before it (Eggenberger & Polya, Zeitschrift für
Angewandte Mathematik und Mechanik 1923, 10.1002/zamm.19230030407), multiplied through by 1 - r,

    P(K = k) = C(S, k) v^[k>0] (1-v)^[k<S] (1-r)^[0<k<S]
               prod_{0<i<k} (v(1-r) + i r) prod_{0<i<S-k} ((1-v)(1-r) + i r) / prod_{0<i<S} (1 - r + i r),

whose denominator is never below 1: independent votes (r = 0), a bloc that is one vote (r = 1) and sure votes
(v = 0 or 1) are ordinary points, in value and in gradient. The distribution of the sum is built by adding up
groups of votes in pairs, then the pairs, and so on: sums of products of probabilities, hence exact at 0 and 1.
Where votes are independent each chair is a group of its own (Poisson-binomial: Wang, "On the number of
successes in independent trials", Statistica Sinica 1993), otherwise each bloc.
"""

from __future__ import annotations

import math

import numpy as np
import pytensor.xtensor as px
import xarray as xr
from pytensor.xtensor.type import as_xtensor

from blackball.errors import ModelError
from blackball.mechanisms.labelled import Labelled, Tensor, labelled
from blackball.mechanisms.ranges import probability
from blackball.mechanisms.shared_dims import agree

__all__ = ["majority"]

MOST_SEATS = 100
"""Work grows with the cube of the seats: beyond this many, a board is a parliament."""


def majority(
    stand: Labelled,
    seats: xr.DataArray,
    needed: xr.DataArray | int | None = None,
    agreement: Labelled = 0.0,
    dim: str = "bloc",
) -> Tensor:
    """Chance that enough directors vote to halt.

    Parameters
    ----------
    stand : Labelled
        v_b, the chance that a director of bloc b votes to halt, in [0, 1], over `dim` and any others.
    seats : DataArray of int
        S_b, the seats that each bloc holds, over `dim` and, if boards differ, others such as regime and year: a
        schedule of seats has a dim `year`. Known numbers: they shape the graph. From 1 to 100 seats on each board.
    needed : DataArray of int or int, optional
        M, the votes that carry, from 1 to the seats of the board; more than half of all seats if not given.
    agreement : Labelled, optional
        r_b, the correlation between the votes of any two directors of bloc b, in [0, 1], over `dim` or one for all.
        The plain number 0 (the default) builds the smaller graph of independent votes.
    dim : str, optional
        Dim that counts blocs.

    Returns
    -------
    XTensorVariable
        Probability without `dim`, with the other dims of the arguments together. The gradient is finite
        everywhere.

    Raises
    ------
    ModelError
        If `stand` or `agreement` lies outside [0, 1], `seats` holds anything but whole numbers >= 0, a board has no
        seats or too many, or `needed` is no number of votes that the board has; or if two arguments disagree
        about a dim.
    """
    agree({"stand": stand, "seats": seats, "needed": needed, "agreement": agreement})
    held = _whole(seats, dim)
    carries = _votes_that_carry(held.sum(dim), needed)
    stands, agrees = probability("stand", stand), probability("agreement", agreement)
    if isinstance(agreement, int | float) and agreement == 0:
        groups = _doubled(int(held.sum(dim).max()))
        by_chair = (stands * labelled(_who_sits(held, groups, dim))).sum(dim)
        return _chance_to_carry(_lone_votes(by_chair), groups, 1, carries)
    groups = _doubled(held.sizes[dim])
    place = xr.DataArray(np.eye(held.sizes[dim], groups), dims=(dim, "_group"))
    by_group = (stands * labelled(place)).sum(dim), (agrees * labelled(place)).sum(dim)
    empty = groups - held.sizes[dim]
    held = held.drop_vars(dim, errors="ignore").rename({dim: "_group"}).pad(_group=(0, empty), constant_values=0)
    return _chance_to_carry(_bloc_votes(*by_group, held), groups, int(held.max()), carries)


def _whole(seats: xr.DataArray, dim: str) -> xr.DataArray:
    """Return seats as integers; refuse what no board has."""
    if dim not in seats.dims:
        raise ModelError(f"seats has no dim {dim!r}; it has: {', '.join(map(str, seats.dims)) or 'none'}")
    bad = (seats < 0) | (seats != np.floor(seats))  # a NaN is not its own floor
    if bad.any():
        raise ModelError(f"seats is {_first(seats, bad)}: each bloc holds a whole number of seats, 0 or more")
    total = seats.sum(dim)
    bad = (total < 1) | (total > MOST_SEATS)
    if bad.any():
        raise ModelError(f"seats is {_first(total, bad)} in all: the seats of a board must lie in [1, {MOST_SEATS}]")
    return seats.astype(int)


def _votes_that_carry(total: xr.DataArray, needed: xr.DataArray | int | None) -> xr.DataArray:
    """Return how many votes carry a board of so many seats; refuse more majority than seats."""
    if needed is None:
        return total // 2 + 1
    wanted, most = xr.broadcast(xr.DataArray(needed), total)
    bad = (wanted != np.floor(wanted)) | (wanted < 1) | (wanted > most)
    if bad.any():
        raise ModelError(
            f"needed is {_first(wanted, bad)}: it must be a whole number in [1, {most.to_numpy()[bad][0]}], "
            f"no more majority than seats"
        )
    return wanted


def _first(numbers: xr.DataArray, bad: xr.DataArray) -> str:
    """Return the first bad number as text, with where it stands."""
    place = dict(zip(numbers.dims, np.argwhere(bad.transpose(*numbers.dims).to_numpy())[0], strict=True))
    where = ", ".join(f"{dim} {numbers[dim].to_numpy()[i]}" for dim, i in place.items())
    return f"{numbers.isel(place).item():g}{f' ({where})' if where else ''}"


def _doubled(count: int) -> int:
    """Return the least power of two, from 2 on, that has room for a count of groups."""
    return 1 << max((count - 1).bit_length(), 1)


def _who_sits(seats: xr.DataArray, chairs: int, dim: str) -> xr.DataArray:
    """Mark the bloc that sits on each chair; nobody sits on chairs beyond the total."""
    chair = xr.DataArray(np.arange(chairs), dims="_group")
    last = seats.cumsum(dim)
    return (chair < last) & (chair >= last - seats)


def _lone_votes(by_chair: Tensor) -> Tensor:
    """Distribution over `_votes` of the vote on each chair, from its chance."""
    # A chair casts no vote or one, with chances (1 - v, v): one constant row and v times another.
    certain = as_xtensor(np.array([1.0, 0.0]), dims=("_votes",))
    return certain + by_chair * as_xtensor(np.array([-1.0, 1.0]), dims=("_votes",))


def _bloc_votes(stand: Tensor, agreement: Tensor, seats: xr.DataArray) -> Tensor:
    """Distribution over `_votes` of the votes of each group, up to those of the largest."""
    most = int(seats.max())
    votes = xr.DataArray(np.arange(most + 1), dims="_votes")
    earlier = xr.DataArray(np.arange(1, max(most, 2)), dims="_earlier")
    against = seats - votes
    # No ways to cast more votes than seats. The ways for 100 seats are more than an integer holds.
    ways = xr.apply_ufunc(math.comb, seats, votes, vectorize=True, output_dtypes=[np.float64])
    alone = 1 - agreement
    followed = agreement * labelled(earlier)
    votes_for = _where(earlier < votes, stand * alone + followed)
    votes_against = _where(earlier < against, (1 - stand) * alone + followed)
    after_earlier = (votes_for * votes_against / _where(earlier < seats, alone + followed)).prod("_earlier")
    first = _where(votes > 0, stand) * _where(against > 0, 1 - stand) * _where((votes > 0) & (against > 0), alone)
    return labelled(ways) * first * after_earlier


def _where(mask: xr.DataArray, factor: Tensor) -> Tensor:
    """Return a factor where it counts, and 1 elsewhere."""
    return px.math.where(as_xtensor(mask), factor, 1.0)


def _chance_to_carry(votes: Tensor, groups: int, most: int, needed: xr.DataArray) -> Tensor:
    """Add up groups, each with a distribution over `_votes` from 0 to `most`; take the chance of enough."""
    while groups > 2:
        left = votes.isel(_group=slice(0, None, 2)).rename(_votes="_left")
        right = votes.isel(_group=slice(1, None, 2)).rename(_votes="_right")
        sums = _sums(most) == xr.DataArray(np.arange(2 * most + 1), dims="_votes")
        votes = (left * right * labelled(sums)).sum(("_left", "_right"))
        groups, most = groups // 2, 2 * most
    left, right = votes.isel(_group=0).rename(_votes="_left"), votes.isel(_group=1).rename(_votes="_right")
    chance = (left * right * labelled(_sums(most) >= needed)).sum(("_left", "_right"))
    # A sum of probabilities may round to one ulp above 1.
    return px.math.minimum(chance, 1.0)


def _sums(most: int) -> xr.DataArray:
    """Votes of two groups together, each with up to `most`."""
    each = np.arange(most + 1)
    return xr.DataArray(each, dims="_left") + xr.DataArray(each, dims="_right")
