"""The urn: one bad draw can suffice, so what counts is the chance that *any* draw is bad.

Claim: every system brought into being is a ball drawn from an urn of aligned and misaligned ones; more
independent projects mean more draws (Bostrom, "The Vulnerable World Hypothesis", Global Policy 2019,
10.1111/1758-5899.12718). Draws are only somewhat independent. With p the chance that a given draw is bad, n
draws and correlation r of any two of them, the draws are beta-binomial (Skellam, Journal of the Royal
Statistical Society B 1948, 10.1111/j.2517-6161.1948.tb00014.x):

    any = 1 - B(a, b + n) / B(a, b)    with    a = p (1-r) / r,    b = (1-p) (1-r) / r

which is 1 - (1-p)^n at r = 0 and tends to p, whatever n, as r -> 1. The gamma functions are never formed:
see `blackball.mechanisms.beta_binomial`.
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.beta_binomial import log_survival_shared
from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import log_complement
from blackball.mechanisms.one_factor import any_bad_unequal
from blackball.mechanisms.ranges import at_least, probability

__all__ = ["any_bad", "any_bad_independent", "any_bad_poisson", "any_bad_unequal", "log_survival"]


def any_bad(bad: Labelled, draws: Labelled, shared_fate: Labelled = 0.0) -> Tensor:
    """Chance that at least one of n draws is bad.

    Parameters
    ----------
    bad : Labelled
        p, the chance that a given draw is bad, in [0, 1].
    draws : Labelled
        n, the number of draws, real and >= 0.
    shared_fate : Labelled, optional
        r, the correlation between any two draws, in [0, 1]. The plain number 0 (the default) builds the
        smaller graph of independent draws.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together: rises with p and n and, for n > 1, falls
        with r. Relative error below 1e-9 whatever r, for n = 0 and n from 1e-9 on; of fewer draws it grows as
        1e-18 / n. The gradient is finite everywhere.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    return -px.math.expm1(log_survival(bad, draws, shared_fate))


def any_bad_independent(bad: Labelled, draws: Labelled) -> Tensor:
    """Chance that at least one of n independent draws is bad, ``1 - (1-p)^n``.

    Parameters
    ----------
    bad : Labelled
        p, the chance that a given draw is bad, in [0, 1].
    draws : Labelled
        n, the number of draws, real and >= 0.

    Returns
    -------
    XTensorVariable
        Probability with the dims of both arguments.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    return any_bad(bad, draws)


def any_bad_poisson(bad: Labelled, mean_draws: Labelled) -> Tensor:
    """Chance of a bad draw when the number of draws is itself Poisson, ``1 - exp(-m p)``.

    Parameters
    ----------
    bad : Labelled
        p, the chance that a given draw is bad, in [0, 1].
    mean_draws : Labelled
        m, the expected number of draws, >= 0.

    Returns
    -------
    XTensorVariable
        Probability with the dims of both arguments.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    return -px.math.expm1(-at_least(0.0, "mean_draws", mean_draws) * probability("bad", bad))


def log_survival(bad: Labelled, draws: Labelled, shared_fate: Labelled = 0.0) -> Tensor:
    """Log of the chance that none of n draws is bad: the sum over urns is the log for all of them.

    Parameters
    ----------
    bad : Labelled
        p, the chance that a given draw is bad, in [0, 1].
    draws : Labelled
        n, the number of draws, real and >= 0.
    shared_fate : Labelled, optional
        r, the correlation between any two draws, in [0, 1].

    Returns
    -------
    XTensorVariable
        Natural logarithm, <= 0 and finite: p = 1 is read as 1 - 1e-100.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    p, n = probability("bad", bad), at_least(0.0, "draws", draws)
    if isinstance(shared_fate, int | float) and shared_fate == 0:
        return n * log_complement(p)
    return log_survival_shared(p, n, probability("shared_fate", shared_fate))
