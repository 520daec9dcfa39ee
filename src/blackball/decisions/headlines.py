"""The headline outcomes of a fit, laid out so that every comparison reads them alike."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from blackball.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["describe", "grid", "headlines", "laid_out", "same_spelling", "samples"]


def headlines(fit: xr.DataTree, group: str = "posterior") -> dict[str, xr.DataArray]:
    """Pick the outcomes that the model marks as headline.

    Parameters
    ----------
    fit : xarray.DataTree
    group : {"posterior", "prior"}
        Where to take the draws from; the posterior always says which outcomes are headline.

    Returns
    -------
    dict of str to DataArray
        Dims chain, draw and the outcome's own, in the model's order, on the natural scale.

    Raises
    ------
    ModelError
        If the model marks none.
    """
    marked = fit["posterior"].dataset.data_vars.items()
    names = [
        str(name)
        for name, variable in marked
        if variable.attrs.get("kind") == "outcome" and variable.attrs.get("headline")
    ]
    if not names:
        raise ModelError("the model marks no outcome to compare; name one with outcome(..., headline=True)")
    return {name: fit[group].dataset[name] for name in names}


def laid_out(variable: xr.DataArray) -> xr.DataArray:
    """Arrange an outcome as regimes by labels, whatever dims it has.

    Parameters
    ----------
    variable : DataArray
        Dims chain, draw, perhaps regime, and any others.

    Returns
    -------
    DataArray
        Dims `("chain", "draw", "regime", "at")`.  Regime is one empty name where there are no regimes; `at`
        joins the labels of all other dims as questions write them, such as `horizon=2050`, and is empty
        without any.
    """
    if "regime" not in variable.dims:
        variable = variable.expand_dims(regime=[""])
    others = [str(dim) for dim in variable.dims if dim not in {"chain", "draw", "regime"}]
    ordered = variable.transpose("chain", "draw", "regime", *others)
    labels = product(*(ordered[dim].values.tolist() for dim in others))
    at = ["; ".join(f"{dim}={label}" for dim, label in zip(others, row, strict=True)) for row in labels]
    return xr.DataArray(
        ordered.values.reshape(*ordered.shape[:3], len(at)),
        dims=("chain", "draw", "regime", "at"),
        coords={"regime": ordered["regime"].values.astype(object), "at": np.array(at, dtype=object)},
        name=variable.name,
        attrs=variable.attrs,
    )


def samples(cells: xr.DataArray) -> NDArray[np.float64]:
    """Return laid-out draws with the chains one after the other: (sample, regime, at)."""
    return np.asarray(cells.values.reshape(-1, *cells.shape[2:]), dtype=float)


def grid(cells: xr.DataArray) -> pd.DataFrame:
    """Return one row for each regime and label of a laid-out outcome: outcome, regime, at."""
    rows = product([str(cells.name)], cells["regime"].values.tolist(), cells["at"].values.tolist())
    return pd.DataFrame(list(rows), columns=["outcome", "regime", "at"])


def same_spelling(at: str) -> str:
    """Return the labels of `at` in one canonical spelling."""
    pairs = (pair.split("=", 1) for pair in at.split(";") if pair.strip())
    return "; ".join(sorted("=".join(part.strip() for part in pair) for pair in pairs))


def describe(outcomes: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Say what each outcome means.

    Returns
    -------
    pandas.DataFrame
        outcome, meaning (a sentence) and unit (`probability` where the model names none).
    """
    rows = [
        (name, str(variable.attrs.get("meaning", "")), str(variable.attrs.get("unit") or "probability"))
        for name, variable in outcomes.items()
    ]
    return pd.DataFrame(rows, columns=["outcome", "meaning", "unit"])
