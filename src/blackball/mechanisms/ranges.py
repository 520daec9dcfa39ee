"""Ranges of risk parameters: a number outside its range is refused when the graph is built, not found as a NaN later.

Every mechanism reads its arguments through these functions. Known values (numbers, labelled arrays, constants and
data of a model) are checked at once; an input that has no value yet remembers its range, and `evaluate` holds what
it is given to it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from math import inf
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np
from pytensor.graph.basic import Constant, Variable
from pytensor.xtensor.basic import XTensorFromTensor

from blackball.errors import ModelError
from blackball.mechanisms.labelled import Labelled, Tensor, labelled

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["FINITE", "Range", "at_least", "finite", "positive", "probability", "ranges_of", "whole", "within"]

FINITE = sys.float_info.max
"""Upper end of a range that infinity is outside of: it has no gradient, and infinity times 0 is no number."""


@dataclass(frozen=True)
class Range:
    """A closed range that a named parameter must lie in; an open end is the smallest double inside it.

    Attributes
    ----------
    name : str
    low, high : float
        `high` is `FINITE`, or infinity where an infinite value has a meaning.
    low_open : bool
        Whether `low` itself is outside.
    """

    name: str
    low: float
    high: float = inf
    low_open: bool = False

    def __str__(self) -> str:
        if self.low == -FINITE and self.high == FINITE:
            return "must be finite"
        if self.high >= FINITE:
            end = "" if self.high == inf else " and finite"
            return f"must be {'above' if self.low_open else 'at least'} {self.low:g}{end}"
        return f"must lie in {'(' if self.low_open else '['}{self.low:g}, {self.high:g}]"

    def check(self, values: ArrayLike) -> None:
        """Refuse values outside the range.

        Raises
        ------
        ModelError
            With the first such value.
        """
        numbers = np.asarray(values, dtype=np.float64)
        inside = (numbers <= self.high) & (numbers > self.low if self.low_open else numbers >= self.low)
        if not inside.all():
            raise ModelError(f"{self.name} is {numbers[~inside].flat[0]:g}: it {self}")


def probability(name: str, value: Labelled) -> Tensor:
    """Read a parameter in [0, 1]; name, value, result and errors as for `within`."""
    return within(Range(name, 0.0, 1.0), value)


def positive(name: str, value: Labelled) -> Tensor:
    """Read a finite parameter above 0; name, value, result and errors as for `within`."""
    return within(Range(name, 0.0, FINITE, low_open=True), value)


def at_least(low: float, name: str, value: Labelled) -> Tensor:
    """Read a finite parameter of at least `low`; name, value, result and errors as for `within`."""
    return within(Range(name, low, FINITE), value)


def finite(name: str, value: Labelled) -> Tensor:
    """Read a parameter that may be any real number; name, value, result and errors as for `within`."""
    return within(Range(name, -FINITE, FINITE), value)


def whole(name: str, value: object) -> int:
    """Read a count that shapes a graph.

    Parameters
    ----------
    name : str
    value : int or NumPy integer

    Returns
    -------
    int

    Raises
    ------
    ModelError
        If it is no whole number of at least 1; True and False are none.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ModelError(f"{name} is {value}: it must be a whole number of at least 1")
    return int(value)


def within(allowed: Range, value: Labelled) -> Tensor:
    """Read a value as a labelled tensor, and hold it to a range as soon as its numbers are known.

    Parameters
    ----------
    allowed : Range
    value : Labelled

    Returns
    -------
    XTensorVariable
        The same values in float64.

    Raises
    ------
    ModelError
        If a known number is outside the range, or not a number.
    """
    known = _numbers(value)
    if known is not None:
        allowed.check(known)
    elif isinstance(value, Variable) and value.owner is None:
        value.tag.ranges = (*ranges_of(value), allowed)
    return labelled(value)


def ranges_of(variable: Variable) -> tuple[Range, ...]:
    """Return the ranges that an input without a value was read with."""
    found: tuple[Range, ...] = getattr(variable.tag, "ranges", ())
    return found


def _numbers(value: Labelled) -> np.ndarray | None:
    """Return the numbers of a value that has them before anything is computed."""
    if not isinstance(value, Variable):
        return np.asarray(value)
    # Data of a model and constants wear their labels as a node of their own.
    held = value.owner.inputs[0] if value.owner is not None and isinstance(value.owner.op, XTensorFromTensor) else value
    if isinstance(held, Constant):
        return np.asarray(held.data)
    return np.asarray(held.get_value()) if hasattr(held, "get_value") else None
