"""Outcomes: what the argument concludes, named so that experts can judge it and studies report it."""

from __future__ import annotations

from dataclasses import dataclass

import pymc.dims as pmd
from pytensor.xtensor.type import XTensorVariable

__all__ = ["Outcome", "outcome"]


@dataclass(frozen=True)
class Outcome:
    """What is said of a derived variable: whether it is a headline result, and its meaning."""

    headline: bool
    meaning: str


def outcome(name: str, value: XTensorVariable, *, meaning: str = "", headline: bool = False) -> XTensorVariable:
    """Name a derived variable, so that questions of that name judge it and the posterior reports it.

    Parameters
    ----------
    name : str
    value : XTensorVariable
        Any dims; a probability unless a question says otherwise.
    meaning : str
        One sentence for tables and reports.
    headline : bool
        Whether `compare` reports it.

    Returns
    -------
    XTensorVariable
        `value`, named.
    """
    variable = pmd.Deterministic(name, value)
    variable.tag.outcome = Outcome(headline, meaning)
    return variable
