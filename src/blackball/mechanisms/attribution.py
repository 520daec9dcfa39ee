"""Attribution: what each mechanism adds to an outcome.

Claim: which part of the argument carries the conclusion can be read off by switching mechanisms on and off. With
v(S) the outcome when the mechanisms in S, of m in all, are on,

    by removal:  v(all) - v(all but i),
    Shapley:     sum over S without i of  |S|! (m - |S| - 1)! / m!  (v(S and i) - v(S)),

the mean over all orders of switching them on (Shapley, "A value for n-person games", Contributions to the Theory
of Games II, 1953, 10.1515/9781400881970-018). Where any route suffices, removing one of two that are both likely
changes little: removal then says of each that it does not matter. Shapley values share out v(all) - v(none)
exactly.

These are functions of labelled arrays and return labelled arrays, not tensors: what they read has been computed,
with every subset of mechanisms on, by `evaluate` on `switch`ed parameters or by a posterior; no model samples an
attribution.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from blackball.errors import ModelError

__all__ = ["by_removal", "shapley", "switch"]

MECHANISM = "mechanism"


def switch(mechanism: str) -> xr.DataArray:
    """Return what a parameter is multiplied by to switch a mechanism off and on.

    Parameters
    ----------
    mechanism : str
        Name of the mechanism, and of the new dim.

    Returns
    -------
    DataArray
        0 and 1, labelled False and True along the dim.
    """
    return xr.DataArray([0.0, 1.0], dims=mechanism, coords={mechanism: [False, True]})


def by_removal(value: xr.DataArray, mechanisms: Sequence[str]) -> xr.DataArray:
    """Take one mechanism at a time off the whole, ``v(all) - v(all but i)``.

    Parameters
    ----------
    value : DataArray
        v, the outcome with every subset of the mechanisms on: a dim of size 2 for each, labelled False and True or
        0 and 1 (off and on), and any others, such as draw and regime. Finite.
    mechanisms : sequence of str
        The dims that switch mechanisms, each once.

    Returns
    -------
    DataArray
        In the unit of `value`, with a dim `mechanism` in place of the switches.

    Raises
    ------
    ModelError
        If a mechanism is not a dim of `value`, or named twice, if its dim is not off and on, or if a value is
        missing.
    """

    def added(gain: xr.DataArray, others: list[str]) -> xr.DataArray:
        return gain.isel(dict.fromkeys(others, 1), drop=True)

    return _each(value, mechanisms, added)


def shapley(value: xr.DataArray, mechanisms: Sequence[str]) -> xr.DataArray:
    """Share out what all mechanisms add together, by the mean over all orders of switching them on.

    Parameters
    ----------
    value, mechanisms
        As for `by_removal`.

    Returns
    -------
    DataArray
        In the unit of `value`, with a dim `mechanism` in place of the switches; the sum over it is
        ``v(all) - v(none)``.

    Raises
    ------
    ModelError
        As for `by_removal`.
    """
    count = len(mechanisms)
    weights = np.array([1 / (count * math.comb(count - 1, on)) for on in range(count)])

    def added(gain: xr.DataArray, others: list[str]) -> xr.DataArray:
        number_on = np.indices((2,) * len(others)).sum(axis=0)
        return (gain * xr.DataArray(weights[number_on], dims=others)).sum(others)

    return _each(value, mechanisms, added)


def _each(
    value: xr.DataArray, mechanisms: Sequence[str], added: Callable[[xr.DataArray, list[str]], xr.DataArray]
) -> xr.DataArray:
    """Attribute to each mechanism, from what it adds for every subset of the others."""
    switched = _off_then_on(value, mechanisms)
    parts = []
    for mechanism in mechanisms:
        gain = switched.isel({mechanism: 1}, drop=True) - switched.isel({mechanism: 0}, drop=True)
        parts.append(added(gain, [other for other in mechanisms if other != mechanism]))
    return xr.concat(parts, dim=xr.DataArray(list(mechanisms), dims=MECHANISM, name=MECHANISM))


def _off_then_on(value: xr.DataArray, mechanisms: Sequence[str]) -> xr.DataArray:
    """Check an outcome; return it without the labels of its switches, off first."""
    if not mechanisms or len(set(mechanisms)) < len(mechanisms):
        raise ModelError(f"mechanisms is {list(mechanisms)}: name each dim that switches a mechanism, once")
    if MECHANISM in value.dims:
        raise ModelError(f"value has a dim {MECHANISM!r}, the name of the dim of the result: rename it")
    for mechanism in mechanisms:
        if mechanism not in value.dims:
            raise ModelError(f"value has no dim {mechanism!r}; it has: {', '.join(map(str, value.dims)) or 'none'}")
        labels = value[mechanism].to_numpy().tolist()
        if sorted(labels) != [0, 1]:
            raise ModelError(
                f"dim {mechanism!r} of value is labelled {labels}: a mechanism is off and on, [False, True] or [0, 1]"
            )
    if not np.isfinite(value).all():
        raise ModelError("value is missing or infinite somewhere: attribution needs the outcome with every subset on")
    return value.sortby(list(mechanisms)).drop_vars(mechanisms, errors="ignore")
