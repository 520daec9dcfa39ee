"""Racing: rivals close behind make a project cut corners and draw more, for fear of losing.

Claim: more projects race, and racing raises both the share of misaligned draws and the number of draws. Rivals j
that trail by gap_j months add up to a pressure,

    R = sum_j exp(-gap_j / tau) (1 - merge) (1 - spillover),    x = R / (1 + R),
    logit p' = logit p + beta x,    n' = n exp(gamma x).

This is the reduced form; `blackball.mechanisms.following` has its terms. Why racing raises risk at all is modelled by
Armstrong, Bostrom & Shulman, "Racing to the precipice", AI & Society 2016, 10.1007/s00146-015-0590-y: see
`blackball.mechanisms.precipice`.
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.following import follower_effect, merge_and_assist, race_to_the_top
from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import shifted
from blackball.mechanisms.ranges import at_least, probability
from blackball.mechanisms.shared_dims import has

__all__ = [
    "follower_effect",
    "merge_and_assist",
    "pressure",
    "race_to_the_top",
    "raced_draws",
    "raced_misalignment",
    "rivalry",
]


def rivalry(
    gap: Labelled, tau: Labelled, merge: Labelled = 0.0, spillover: Labelled = 0.0, dim: str = "rival"
) -> Tensor:
    """Add up how closely a project is pressed by its rivals.

    Parameters
    ----------
    gap : Labelled
        Months by which each rival trails, >= 0, over `dim`; a rival that does not exist is infinitely behind.
    tau : Labelled
        Months over which a lead stops the leader feeling pressed, > 0.
    merge, spillover : Labelled, optional
        Share of rivalry removed by a merge-and-assist clause that is believed (`merge_and_assist`), and by a race
        to the top (`race_to_the_top`), each in [0, 1], per rival or for all.
    dim : str, optional
        Dim that counts rivals.

    Returns
    -------
    XTensorVariable
        R >= 0 without `dim`: the number of rivals level with the leader that would press it as hard.

    Raises
    ------
    ModelError
        If a known number is outside its range, or there is no such dim.
    """
    racing_on = (1 - probability("merge", merge)) * (1 - probability("spillover", spillover))
    return has(dim, "gap (times merge and spillover)", follower_effect(gap, tau) * racing_on).sum(dim)


def pressure(rivalry: Labelled) -> Tensor:
    """Turn rivalry into a pressure that saturates, ``R / (1 + R)``.

    Parameters
    ----------
    rivalry : Labelled
        R, >= 0.

    Returns
    -------
    XTensorVariable
        x in [0, 1).

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    total = at_least(0.0, "rivalry", rivalry)
    return total / (1 + total)


def raced_misalignment(bad: Labelled, pressure: Labelled, beta: Labelled) -> Tensor:
    """Raise the share of misaligned draws by the corners that are cut, on the log-odds scale.

    Parameters
    ----------
    bad : Labelled
        p without racing, in [0, 1].
    pressure : Labelled
        x in [0, 1].
    beta : Labelled
        Log-odds added at full pressure, >= 0.

    Returns
    -------
    XTensorVariable
        p' in [0, 1]; 0 and 1 stay what they are.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    corners_cut = at_least(0.0, "beta", beta) * probability("pressure", pressure)
    return shifted(probability("bad", bad), corners_cut)[0]


def raced_draws(draws: Labelled, pressure: Labelled, gamma: Labelled) -> Tensor:
    """Raise the number of draws for fear of losing, ``n exp(gamma x)``.

    Parameters
    ----------
    draws : Labelled
        n without racing, >= 0.
    pressure : Labelled
        x in [0, 1].
    gamma : Labelled
        Log of the factor by which full pressure multiplies draws, >= 0.

    Returns
    -------
    XTensorVariable
        n' >= 0.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    hurry = at_least(0.0, "gamma", gamma) * probability("pressure", pressure)
    return at_least(0.0, "draws", draws) * px.math.exp(hurry)
