"""Outcomes: what the argument concludes, named so that experts can judge it and studies report it."""

from __future__ import annotations

from dataclasses import dataclass

import pymc.dims as pmd
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import ModelError

__all__ = ["Outcome", "StoppingRule", "outcome", "stopping_rule"]


@dataclass(frozen=True)
class Outcome:
    """What is said of a derived variable: whether it is a headline result, its meaning and its unit."""

    headline: bool
    meaning: str
    unit: str


@dataclass(frozen=True)
class StoppingRule:
    """Draw while P(p_i > tolerance | all draws before were good) < alpha, along the dim that counts draws."""

    dim: str
    tolerance: float
    alpha: float


def outcome(
    name: str, value: XTensorVariable, *, meaning: str = "", headline: bool = False, unit: str = "probability"
) -> XTensorVariable:
    """Name a derived variable, so that questions of that name judge it and the posterior reports it.

    Parameters
    ----------
    name : str
    value : XTensorVariable
        Any dims.
    meaning : str
        One sentence for tables and reports.
    headline : bool
        Whether `compare` reports it.
    unit : str
        `probability`, which tables print in percent, or the unit in a word.

    Returns
    -------
    XTensorVariable
        `value`, named.
    """
    variable = pmd.Deterministic(name, value)
    variable.tag.outcome = Outcome(headline, meaning, unit)
    return variable


def stopping_rule(
    name: str, bad: XTensorVariable, *, over: str, tolerance: float, alpha: float, meaning: str = ""
) -> XTensorVariable:
    """Name the chance that each further draw is bad; `compare` reports how many draws the rule allows.

    The rule: draw while P(p_i > tolerance | what is known) < alpha; see `blackball.decisions.stopping`.

    Parameters
    ----------
    name : str
    bad : XTensorVariable
        p_i for draw i = 1, 2, ... if all before it were good, over `over` and any other dims.
    over : str
        Dim that counts draws in order.
    tolerance : float
        Largest acceptable p_i, in (0, 1).
    alpha : float
        Chance, in (0, 1), of exceeding it that stops the process.
    meaning : str
        One sentence for tables and reports.

    Returns
    -------
    XTensorVariable
        `bad`, named: an outcome, but no headline.

    Raises
    ------
    ModelError
        If `bad` lacks the dim, or tolerance or alpha is outside (0, 1).
    """
    if over not in bad.type.dims:
        raise ModelError(f"{name}: has the dims {bad.type.dims}, not {over!r}, along which draws are counted")
    for level, value in (("tolerance", tolerance), ("alpha", alpha)):
        if not 0 < value < 1:
            raise ModelError(f"{name}: {level} is {value:g}: it must lie in (0, 1)")
    variable = outcome(name, bad, meaning=meaning)
    variable.tag.stopping = StoppingRule(over, float(tolerance), float(alpha))
    return variable
