"""Racing: rivals close behind make a project cut corners and draw more, for fear of losing.

Claim: a follower one step behind still speeds up the leader; conspicuously safe behaviour can start a race to
the top (spillover), and a merge-and-assist clause, if it is believed, takes rivals out of the race (OpenAI
Charter, 2018). The reduced form: rivals j that trail by gap_j months add up to a pressure,

    R = sum_j exp(-gap_j / tau) (1 - merge) (1 - spillover),    x = R / (1 + R),
    logit p' = logit p + beta x,    n' = n exp(gamma x).

Why racing raises risk at all is modelled by Armstrong, Bostrom & Shulman, "Racing to the precipice", AI &
Society 2016, 10.1007/s00146-015-0590-y.
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.labelled import Labelled, Tensor, labelled

__all__ = ["pressure", "raced_draws", "raced_misalignment", "rivalry"]


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
        Share of rivalry removed by a merge-and-assist clause that is believed, and by a race to the top, each
        in [0, 1], per rival or for all.
    dim : str, optional
        Dim that counts rivals.

    Returns
    -------
    XTensorVariable
        R >= 0 without `dim`: the number of rivals level with the leader that would press it as hard.
    """
    pressing = px.math.exp(-labelled(gap) / labelled(tau)) * (1 - labelled(merge)) * (1 - labelled(spillover))
    return pressing.sum(dim)


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
    """
    total = labelled(rivalry)
    return total / (1 + total)


def raced_misalignment(bad: Labelled, pressure: Labelled, beta: Labelled) -> Tensor:
    """Raise the share of misaligned draws by the corners that are cut, on the log-odds scale.

    Parameters
    ----------
    bad : Labelled
        p without racing, in [0, 1].
    pressure : Labelled
        x in [0, 1).
    beta : Labelled
        Log-odds added at full pressure.

    Returns
    -------
    XTensorVariable
        p' in [0, 1]; 0 and 1 stay what they are.
    """
    p = labelled(bad)
    return p / (p + (1 - p) * px.math.exp(-labelled(beta) * labelled(pressure)))


def raced_draws(draws: Labelled, pressure: Labelled, gamma: Labelled) -> Tensor:
    """Raise the number of draws for fear of losing, ``n exp(gamma x)``.

    Parameters
    ----------
    draws : Labelled
        n without racing, >= 0.
    pressure : Labelled
        x in [0, 1).
    gamma : Labelled
        Log of the factor by which full pressure multiplies draws.

    Returns
    -------
    XTensorVariable
        n' >= 0.
    """
    return labelled(draws) * px.math.exp(labelled(gamma) * labelled(pressure))
