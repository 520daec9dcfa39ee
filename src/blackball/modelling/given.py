"""Known numbers: what a regime sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pymc.dims as pmd
import xarray as xr
from pytensor.xtensor.type import XTensorVariable

from blackball.errors import InputError, ModelError, Problem
from blackball.regimes import Regimes

__all__ = ["given", "given_counts"]


def given(name: str, regimes: Regimes, within: tuple[float, float] = (0.0, float("inf"))) -> XTensorVariable:
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
        If a regime sets it outside its range.
    """
    if name not in regimes.rows[regimes.reference].sets:
        known = ", ".join(sorted(regimes.rows[regimes.reference].sets)) or "none"
        raise ModelError(
            f"{regimes.source}: the model needs the number `{name}`, which the reference regime "
            f"`{regimes.reference}` does not set (it sets: {known})"
        )
    low, high = within
    problems = [
        Problem(
            regimes.source, f"must lie in [{low:g}, {high:g}]", column=f"regime.{key}.sets.{name}.to", value=entry.to
        )
        for key, row in regimes.rows.items()
        if (entry := row.sets.get(name)) is not None and not low <= entry.to <= high
    ]
    if problems:
        raise InputError(problems)
    variable = pmd.Data(name, regimes.setting(name).values, dims=("regime",))
    variable.tag.given = True
    return variable


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
    """
    by_label = dict(names) if isinstance(names, Mapping) else {name: name for name in names}
    for name in by_label.values():
        given(name, regimes)
    columns = [regimes.setting(name) for name in by_label.values()]
    return xr.concat(columns, dim=dim).assign_coords({dim: list(by_label)})
