"""Controlled draws: every ball that turns out aligned helps to make the next one aligned.

Claim: one careful process inspects every ball, uses the aligned ones to do alignment research, and stops in time.
The paradox: if only advanced systems can do the real alignment work, why would today's be advanced enough, and why
would techniques that work today transfer past the next threshold? With p_i of `blackball.mechanisms.research`,
chance c that a bad draw has its consequence and chance t that gains transfer, all of them or none,

    any = t (1 - prod_{i <= n} (1 - c p_i)) + (1 - t) (1 - (1 - c p_1)^n).

At real n the last draw counts by its fraction: (1 - c p_i)^(n - floor n). A bad draw without consequence (caught in
time, or beaten) neither ends the process nor slows it: it is studied, and teaches as much as an aligned one. At
g = 0, u = 0 or t = 0 this is the urn of independent draws; as g grows and t = 1, any -> c p_1 for n >= 1.
"""

from __future__ import annotations

import numpy as np
import pytensor.xtensor as px
from pytensor.xtensor.type import as_xtensor

from blackball.mechanisms.labelled import Labelled, Tensor, labelled
from blackball.mechanisms.logs import log_complement
from blackball.mechanisms.ranges import Range, probability, whole, within
from blackball.mechanisms.research import improved_with_complement
from blackball.mechanisms.shared_dims import has

__all__ = ["any_bad_controlled", "draws_within_budget"]

MOST = 64


def any_bad_controlled(
    bad: Labelled,
    draws: Labelled,
    gain: Labelled,
    share: Labelled,
    transfer: Labelled = 1.0,
    consequence: Labelled = 1.0,
    *,
    most: int = MOST,
) -> Tensor:
    """Chance that at least one of n controlled draws is bad and has its consequence.

    Parameters
    ----------
    bad : Labelled
        p_1, the chance that the first draw is bad, in [0, 1].
    draws : Labelled
        n, the number of draws, real, in [0, `most`].
    gain : Labelled
        g, log odds of misalignment that one aligned draw's full work takes away, >= 0 and perhaps infinite.
    share : Labelled
        u, share of that work put to alignment research, in [0, 1].
    transfer : Labelled, optional
        t, the chance that gains hold beyond the threshold, in [0, 1]: one fact about all draws together.
    consequence : Labelled, optional
        c, the chance that a bad draw is released and wins, in [0, 1]. Research improves p_i, not c.
    most : int, optional
        Largest number of draws, which sizes the graph. Should n be computed and exceed it, each draw beyond is
        taken to be as bad as draw `most`: an upper bound on the risk.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together, continuous in n. The gradient is finite everywhere.

    Raises
    ------
    ModelError
        If `most` is no whole number of at least 1, or a known number is outside its range.
    """
    most = whole("most", most)
    n = within(Range("draws", 0.0, most), draws)
    t, c = probability("transfer", transfer), probability("consequence", consequence)
    before = np.arange(float(most))
    log_good = _log_good(bad, gain, share, as_xtensor(before, dims=("_draw",)), c)
    part = px.math.clip(n - as_xtensor(before, dims=("_draw",)), 0.0, 1.0)
    beyond = px.math.maximum(n - most, 0.0) * as_xtensor((before == most - 1).astype(float), dims=("_draw",))
    with_gains = ((part + beyond) * log_good).sum("_draw")
    without = n * _log_good(bad, 0.0, 0.0, 0.0, c)
    return -(t * px.math.expm1(with_gains) + (1 - t) * px.math.expm1(without))


def draws_within_budget(any_by_draws: Labelled, budget: Labelled, dim: str = "draws") -> Tensor:
    """Count how many draws a risk budget B allows: the largest n with any(n) <= B.

    Parameters
    ----------
    any_by_draws : Labelled
        any(n) in [0, 1] for n = 1, 2, 3, ... over `dim`; it never falls with n.
    budget : Labelled
        B in [0, 1].
    dim : str, optional
        Dim that counts candidate numbers of draws.

    Returns
    -------
    XTensorVariable
        A whole number without `dim`: 0 if not even one draw is within the budget, the length of `dim` if at
        least so many are. It has no slope, so an expert's judgement of it tells a gradient nothing.

    Raises
    ------
    ModelError
        If `any_by_draws` lacks `dim`, or a known number is outside its range.
    """
    chances = has(dim, "any_by_draws", probability("any_by_draws", any_by_draws))
    allowed = px.math.where(chances <= probability("budget", budget), labelled(1.0), labelled(0.0))
    return allowed.sum(dim)


def _log_good(bad: Labelled, gain: Labelled, share: Labelled, drawn: Labelled, consequence: Tensor) -> Tensor:
    """Log of the chance that the next draw has no consequence."""
    p, good = improved_with_complement(bad, gain, share, drawn)
    return log_complement(consequence * p, good + (1 - consequence) * p)
