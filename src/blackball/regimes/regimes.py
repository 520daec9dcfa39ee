"""The frozen value that models receive: regimes in order, the reference first."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    kinds : frozenset of str
        Kinds of effect stated (`odds`, `times`, `plus`).
    """

    centre: xr.DataArray
    sd: xr.DataArray
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
        By id, in file order with the reference moved to the front.
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
        """
        default = self.rows[self.reference].sets[parameter]
        values = [row.sets.get(parameter, default).to for row in self.rows.values()]
        return xr.DataArray(np.asarray(values, dtype=float), dims="regime", coords={"regime": [*self.names]})

    def shift(self, parameter: str) -> ShiftTable:
        """Return the stated effects on a parameter, on its link scale."""
        stated = {name: row.shifts[parameter] for name, row in self.rows.items() if parameter in row.shifts}
        centre = np.zeros(len(self.rows))
        sd = np.zeros(len(self.rows))
        for position, name in enumerate(self.names):
            if name in stated:
                low, high = stated[name].interval
                if stated[name].kind != "plus":
                    low, high = log(low), log(high)
                centre[position] = (low + high) / 2
                sd[position] = (high - low) / (2 * HALF_90)
        coords = {"regime": [*self.names]}
        return ShiftTable(
            xr.DataArray(centre, dims="regime", coords=coords),
            xr.DataArray(sd, dims="regime", coords=coords),
            frozenset(shift.kind for shift in stated.values()),
        )

    def illustrative(self, name: str) -> tuple[str, ...]:
        """Return the parameters of a regime whose number is marked illustrative."""
        row = self.rows[name]
        entries: dict[str, Setting | Shift] = {**row.sets, **row.shifts}
        return tuple(key for key, entry in entries.items() if entry.source.lower().startswith("illustrative"))
