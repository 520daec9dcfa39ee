"""The frozen value that models receive: regimes in order, the reference first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.errors import InputError, Problem
from blackball.regimes.path import walked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from blackball.regimes.schema import RegimeRow, Setting, Shift

__all__ = ["Regimes", "ShiftTable"]

# Half the width of a standard normal's central 90 % interval.
HALF_90 = 1.6448536269514722


@dataclass(frozen=True)
class ShiftTable:
    """Effects on one parameter, on its link scale, against the reference regime.

    Attributes
    ----------
    centre, sd : DataArray
        dims `("regime",)`: mean and standard deviation of the stated effect; 0 and 0 where none is stated.
    competence : DataArray
        dims `("regime",)`: how far one standard deviation of government competence moves the parameter; 0 where
        none is stated.
    kinds : frozenset of str
        Kinds of effect stated (`odds`, `times`, `plus`).
    """

    centre: xr.DataArray
    sd: xr.DataArray
    competence: xr.DataArray
    kinds: frozenset[str]


@dataclass(frozen=True)
class Regimes:
    """Regimes of one file, the reference first.

    Attributes
    ----------
    source : str
        File name as given, for messages.
    text : str
        The TOML text itself, so that a study can rebuild the model from itself alone.
    rows : mapping of str to RegimeRow
        As the file states them, by id, in file order with the reference moved to the front.
    """

    source: str
    text: str
    rows: Mapping[str, RegimeRow]

    @property
    def names(self) -> tuple[str, ...]:
        """Ids, the reference first."""
        return tuple(self.rows)

    @property
    def reference(self) -> str:
        """Id of the regime that ratios and shifts are stated against."""
        return self.names[0]

    @cached_property
    def effective(self) -> Mapping[str, RegimeRow]:
        """The regimes with all they do: one that lies between others has what follows from its ends."""
        return walked(self.rows, self.reference)

    @property
    def parameters(self) -> frozenset[str]:
        """Names of all parameters that any regime sets or shifts."""
        return frozenset(name for row in self.rows.values() for name in (*row.sets, *row.shifts))

    def setting(self, parameter: str) -> xr.DataArray:
        """Return the known number of a parameter per regime; a regime that is silent has the reference's.

        Returns
        -------
        DataArray
            dims `("regime",)`.

        Raises
        ------
        KeyError
            If the reference regime does not set the parameter.
        InputError
            If a regime sets it to a schedule, which has no one number.
        """
        numbers = self._entries(parameter)
        rule = "a schedule over the years, where one number for all years is needed: state `to`"
        scheduled = [name for name in self.names if self._own(name, parameter) and numbers[name].schedule is not None]
        if scheduled:
            raise InputError(
                Problem(self.source, rule, column=f"regime.{name}.sets.{parameter}.schedule") for name in scheduled
            )
        values = [entry.to for entry in numbers.values()]
        return xr.DataArray(np.asarray(values, dtype=float), dims="regime", coords={"regime": [*self.names]})

    def setting_by_year(self, parameter: str, years: Sequence[int]) -> xr.DataArray:
        """Return the known number of a parameter per regime and calendar year.

        A number without a schedule holds in every year; a scheduled one from its year until the next.

        Parameters
        ----------
        parameter : str
        years : sequence of int
            Calendar years, in any order.

        Returns
        -------
        DataArray
            dims `("regime", "year")`.

        Raises
        ------
        KeyError
            If the reference regime does not set the parameter.
        InputError
            If a schedule begins after one of the years.
        """
        entries = self._entries(parameter)
        late = [
            Problem(
                self.source,
                f"begins after {min(years)}, the first year that is needed: begin it there or earlier",
                column=f"regime.{name}.sets.{parameter}.schedule",
                value=min(entry.schedule),
            )
            for name, entry in entries.items()
            if self._own(name, parameter) and entry.schedule is not None and min(entry.schedule) > min(years)
        ]
        if late:
            raise InputError(late)
        values = [[entry.in_year(year) for year in years] for entry in entries.values()]
        coords = {"regime": [*self.names], "year": [*years]}
        return xr.DataArray(np.asarray(values, dtype=float), dims=("regime", "year"), coords=coords)

    def _entries(self, parameter: str) -> dict[str, Setting]:
        """Return what each regime sets a parameter to, its own or else the reference's entry."""
        default = self.rows[self.reference].sets[parameter]
        return {name: row.sets.get(parameter, default) for name, row in self.effective.items()}

    def _own(self, name: str, parameter: str) -> bool:
        return parameter in self.rows[name].sets

    def shift(self, parameter: str) -> ShiftTable:
        """Return the stated effects on a parameter, on its link scale."""
        stated = {name: row.shifts[parameter] for name, row in self.effective.items() if parameter in row.shifts}
        centre = np.zeros(len(self.rows))
        sd = np.zeros(len(self.rows))
        competence = np.zeros(len(self.rows))
        for position, name in enumerate(self.names):
            if name in stated:
                low, high = stated[name].interval
                if stated[name].kind != "plus":
                    low, high = log(low), log(high)
                centre[position] = (low + high) / 2
                sd[position] = (high - low) / (2 * HALF_90)
                competence[position] = stated[name].competence
        coords = {"regime": [*self.names]}
        return ShiftTable(
            xr.DataArray(centre, dims="regime", coords=coords),
            xr.DataArray(sd, dims="regime", coords=coords),
            xr.DataArray(competence, dims="regime", coords=coords),
            frozenset(shift.kind for shift in stated.values()),
        )

    def illustrative(self, name: str) -> tuple[str, ...]:
        """Return the parameters of a regime whose number is marked illustrative."""
        row = self.effective[name]
        entries: dict[str, Setting | Shift] = {**row.sets, **row.shifts}
        return tuple(key for key, entry in entries.items() if entry.source.lower().startswith("illustrative"))
