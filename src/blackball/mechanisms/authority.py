"""Authority to halt: a warning only helps if somebody can stop, and does.

Claim: a board that would halt still may not: incumbents may change the rules, and safety delayed is often
safety denied. With the chance of a majority from `blackball.mechanisms.board`,

    halt = P(majority) (1 - rules_changed) exp(-delay / window),
    halt, by the board or an outside authority = 1 - (1 - inside)(1 - outside),
    release = miss + (1 - miss)(1 - halt),

and with a yearly chance y that incumbents change the rules, for good, the rules are changed by year t with
chance 1 - (1 - y)^t.
"""

from __future__ import annotations

import pytensor.xtensor as px

from blackball.mechanisms.board import majority
from blackball.mechanisms.composition import any_of
from blackball.mechanisms.labelled import Labelled, Tensor
from blackball.mechanisms.logs import log_complement
from blackball.mechanisms.ranges import at_least, probability
from blackball.mechanisms.shared_dims import agree

__all__ = ["either", "halt", "majority", "release", "rules_changed_by"]

SHORTEST_WINDOW = 1e-6
"""Half a minute, in years: below any delay, and its square is far from 0, which gradients need."""


def halt(majority: Labelled, rules_changed: Labelled = 0.0, delay: Labelled = 0.0, window: Labelled = 1.0) -> Tensor:
    """Chance that a board's warning ends in a halt, in time.

    Parameters
    ----------
    majority : Labelled
        Chance that the board votes to halt, in [0, 1].
    rules_changed : Labelled, optional
        Chance that incumbents change the rules first, in [0, 1]; over years, see `rules_changed_by`.
    delay, window : Labelled, optional
        Time that acting takes (>= 0) and mean time in which acting still helps (at least 1e-6), in the same unit.

    Returns
    -------
    XTensorVariable
        Probability with the dims of the arguments together.

    Raises
    ------
    ModelError
        If a known number is outside its range, or two arrays disagree about a dim.
    """
    agree({"majority": majority, "rules_changed": rules_changed, "delay": delay, "window": window})
    in_time = px.math.exp(-at_least(0.0, "delay", delay) / at_least(SHORTEST_WINDOW, "window", window))
    return probability("majority", majority) * (1 - probability("rules_changed", rules_changed)) * in_time


def rules_changed_by(yearly: Labelled, years: Labelled) -> Tensor:
    """Chance that incumbents have changed the rules after so many years, ``1 - (1 - y)^t``.

    Parameters
    ----------
    yearly : Labelled
        y, the chance that they do in a year in which the rules still stand, in [0, 1]. Changed rules stay changed.
    years : Labelled
        t >= 0, the years since the rules were made, real; over a dim such as year for the chance by each.

    Returns
    -------
    XTensorVariable
        Probability with the dims of both arguments: 0 at first, accurate however small.

    Raises
    ------
    ModelError
        If a known number is outside its range, or the arrays disagree about a dim.
    """
    agree({"yearly": yearly, "years": years})
    still_stand = at_least(0.0, "years", years) * log_complement(probability("yearly", yearly))
    return -px.math.expm1(still_stand)


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

    Raises
    ------
    ModelError
        If a known number is outside its range, or the arrays disagree about a dim.
    """
    agree({"inside": inside, "outside": outside})
    return any_of(probability("inside", inside), probability("outside", outside))


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

    Raises
    ------
    ModelError
        If a known number is outside its range, or the arrays disagree about a dim.
    """
    agree({"miss": miss, "halt": halt})
    return any_of(probability("miss", miss), 1 - probability("halt", halt))
