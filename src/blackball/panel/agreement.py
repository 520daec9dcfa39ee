"""How far from the middle of their peers experts usually answer.

On published seed studies experts whose answers lie near the middle of the panel, question after question, are right
more often; a population value says how much more they count. That was seen of agreement on the seeds: answers to a
study's other questions, which often are many of a kind, say less. So where a panel has seeds, they are what counts.

Where a panel has camps, an expert is held against the own camp: to disagree with another is no fault of a camp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["off_centre"]

USUAL = 3.0
"""How many answers at the panel's usual distance are added to the expert's own: few answers say little."""

PEERS = 3
"""How many peers, oneself included, must answer a question: of two nobody can say which is off the middle."""


def off_centre(
    location: NDArray[np.float64],
    answered: NDArray[np.bool_],
    seed: NDArray[np.bool_],
    camp: NDArray[np.str_],
) -> NDArray[np.float64]:
    """Return each expert's mean of ``log(1 + m^2)``, m the distance from the peers' median in units of each question.

    Parameters
    ----------
    location : ndarray of float, shape (judged, experts)
        Medians, standardised by the centre and the unit of each question.
    answered : ndarray of bool, shape (judged, experts)
    seed : ndarray of bool, shape (judged,)
        Which questions are seeds; if there are any, only answers to them count.
    camp : ndarray of str, shape (experts,)
        Peers are the members of the own camp, or everybody if no camp has more than one member.

    Returns
    -------
    ndarray of float, shape (experts,)
        Not negative; pulled towards the mean over all answers by three answers of that distance. The same for all
        if nowhere enough peers answered.
    """
    camps, own = np.unique(camp, return_inverse=True)
    own = np.zeros_like(own) if len(camps) == len(camp) else own
    said = np.where(answered & (seed[:, None] if seed.any() else True), location, np.nan)
    distance = np.full(said.shape, np.nan)
    for number in np.unique(own):
        peers = np.flatnonzero(own == number)
        enough = np.flatnonzero((~np.isnan(said[:, peers])).sum(axis=1) >= PEERS)
        among = said[np.ix_(enough, peers)]
        distance[np.ix_(enough, peers)] = np.log1p((among - np.nanmedian(among, axis=1, keepdims=True)) ** 2)
    counts = (~np.isnan(distance)).sum(axis=0)
    total = np.nansum(distance, axis=0)
    usual = total.sum() / max(counts.sum(), 1)
    return np.asarray((total + USUAL * usual) / (counts + USUAL))
