"""Known numbers: what a regime sets, once and for all or year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import InputError, ModelError, Problem
from blackball.regimes import Regimes

__all__ = ["Given", "given", "given_by_year", "given_counts", "given_counts_by_year"]

Interval = tuple[float, float]
ANY = (0.0, float("inf"))


@dataclass(frozen=True)
class Given:
    """What a known number may be, kept with its variable for tables.

    Attributes
    ----------
    within : (low, high)
        Range that it must lie in, ends included.
    whole : bool
        Whether it must be a whole number.
    years : tuple of int or None
        Calendar years that the model asks for; None if it takes one number for all years.
    """

    within: Interval
    whole: bool = False
    years: tuple[int, ...] | None = None

    def __str__(self) -> str:
        low, high = self.within
        words = "a whole number" if self.whole else "a number"
        if high == float("inf"):
            return words if low == -high else f"{words}, at least {low:g}"
        return f"{words} in [{low:g}, {high:g}]"

    def allows(self, number: float) -> bool:
        """Whether a number is one that it may be."""
        return self.within[0] <= number <= self.within[1] and (not self.whole or float(number).is_integer())


def given(name: str, regimes: Regimes, within: Interval = ANY) -> XTensorVariable:
    """Return the known number of a parameter in each regime, as data of the model.

    Parameters
    ----------
    name : str
        Parameter that the regimes file `sets`; a silent regime has the reference's number.
    regimes : Regimes
    within : (low, high)
        Range that the number must lie in, ends included.

    Returns
    -------
    XTensorVariable
        dims `("regime",)`.

    Raises
    ------
    ModelError
        If the reference regime does not set the parameter.
    InputError
        If a regime sets it outside its range, or to a schedule.
    """
    return _data(name, regimes, Given(within))


def given_by_year(name: str, regimes: Regimes, years: Sequence[int], within: Interval = ANY) -> XTensorVariable:
    """Return the known number of a parameter in each regime and year, as data of the model.

    Parameters
    ----------
    name, regimes, within
        As for `given`; a regime may also set the parameter to a schedule.
    years : sequence of int
        Calendar years.

    Returns
    -------
    XTensorVariable
        dims `("regime", "year")`: a number without a schedule is the same in every year.

    Raises
    ------
    ModelError
        If the reference regime does not set the parameter, or there is no year.
    InputError
        If a regime sets it outside its range in any year, or its schedule begins after one of the years.
    """
    return _data(name, regimes, Given(within, years=tuple(years)))


def given_counts(names: Mapping[str, str] | Sequence[str], dim: str, regimes: Regimes) -> xr.DataArray:
    """Return known whole numbers that shape the graph itself, such as the seats of a board by bloc.

    Parameters
    ----------
    names : mapping of label to parameter, or parameters that are their own labels
    dim : str
        Dimension of the labels.
    regimes : Regimes

    Returns
    -------
    DataArray
        dims `(dim, "regime")`: plain numbers, recorded as data of the model all the same.

    Raises
    ------
    ModelError
        If the reference regime does not set one of them.
    InputError
        If a regime sets one to anything but a whole number of at least 0.
    """
    return _counts(names, dim, regimes, Given(ANY, whole=True))


def given_counts_by_year(
    names: Mapping[str, str] | Sequence[str], dim: str, regimes: Regimes, years: Sequence[int]
) -> xr.DataArray:
    """Return known whole numbers by year, such as the seats that a trust elects.

    Parameters
    ----------
    names, dim, regimes
        As for `given_counts`; a regime may also set them to schedules.
    years : sequence of int
        Calendar years.

    Returns
    -------
    DataArray
        dims `(dim, "regime", "year")`: plain numbers, recorded as data of the model all the same.

    Raises
    ------
    ModelError
        If the reference regime does not set one of them, or there is no year.
    InputError
        If one is anything but a whole number of at least 0 in some year, or a schedule begins after one of the years.
    """
    return _counts(names, dim, regimes, Given(ANY, whole=True, years=tuple(years)))


def _counts(names: Mapping[str, str] | Sequence[str], dim: str, regimes: Regimes, allowed: Given) -> xr.DataArray:
    by_label = dict(names) if isinstance(names, Mapping) else {name: name for name in names}
    problems: list[Problem] = []
    for name in by_label.values():
        try:
            _data(name, regimes, allowed)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return xr.concat([_numbers(name, regimes, allowed) for name in by_label.values()], dim=dim).assign_coords(
        {dim: list(by_label)}
    )


def _data(name: str, regimes: Regimes, allowed: Given) -> XTensorVariable:
    if allowed.years == ():
        raise ModelError(f"{name}: a number by year needs at least one year")
    if name not in regimes.rows[regimes.reference].sets:
        known = ", ".join(sorted(regimes.rows[regimes.reference].sets)) or "none"
        raise ModelError(
            f"{regimes.source}: the model needs the number `{name}`, which the reference regime "
            f"`{regimes.reference}` does not set (it sets: {known})"
        )
    problems = [
        Problem(
            regimes.source,
            _rule(allowed, follows=name not in regimes.rows[key].sets),
            column=f"regime.{key}.sets.{name}.{place}",
            value=number,
        )
        for key, row in regimes.effective.items()
        if name in row.sets
        for place, number in row.sets[name].numbers.items()
        if not allowed.allows(number)
    ]
    if problems:
        raise InputError(problems)
    numbers = _numbers(name, regimes, allowed)
    if allowed.years is not None:
        pm.modelcontext(None).add_coords({"year": np.asarray(allowed.years)})
    variable = pmd.Data(name, numbers.values, dims=tuple(map(str, numbers.dims)))
    variable.tag.given = allowed
    return variable


def _numbers(name: str, regimes: Regimes, allowed: Given) -> xr.DataArray:
    return regimes.setting(name) if allowed.years is None else regimes.setting_by_year(name, allowed.years)


def _rule(allowed: Given, *, follows: bool) -> str:
    low, high = allowed.within
    rule = f"must be a whole number, at least {low:g}" if allowed.whole else f"must lie in [{low:g}, {high:g}]"
    return f"{rule}; the number follows from the regime's two ends: set it here" if follows else rule
