"""The terms of the loss: each outcome that a table of losses names, on posterior draws, and what regimes cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.decisions.headlines import laid_out, same_spelling
from blackball.errors import InputError, ModelError, Problem
from blackball.panel.words import unknown

if TYPE_CHECKING:
    import pandas as pd

    from blackball.decisions.losses import Losses

__all__ = ["Term", "terms"]


@dataclass(frozen=True, eq=False)
class Term:
    """What one outcome, or the regimes themselves, add to the loss.

    Attributes
    ----------
    outcome, at : str
        Empty for what regimes cost in themselves.
    rate : DataArray
        Loss by regime if the outcome happens.
    loss : DataArray
        Expected loss given the parameters of each draw: dims chain, draw, regime.
    illustrative : tuple of str
        Regimes whose rate is.
    """

    outcome: str
    at: str
    rate: xr.DataArray
    loss: xr.DataArray
    illustrative: tuple[str, ...]


def terms(fit: xr.DataTree, losses: Losses) -> list[Term]:
    """Meet a table of losses with the outcomes of a fit.

    Parameters
    ----------
    fit : xarray.DataTree
        Of a model with at least two regimes.
    losses : Losses

    Returns
    -------
    list of Term
        In the order of the table.

    Raises
    ------
    ModelError
        If there are fewer than two regimes to choose between.
    InputError
        If an outcome, label or regime is not the model's, or a loss is stated for some regimes and not for others.
    """
    regimes = fit["regimes"].dataset["regime"].values.tolist() if "regimes" in fit.children else []
    if len(regimes) < 2:
        raise ModelError(f"{fit.attrs['model']}: has {len(regimes)} regimes: a decision is between two or more")
    found = {
        str(name): laid_out(variable)
        for name, variable in fit["posterior"].dataset.data_vars.items()
        if variable.attrs.get("kind") == "outcome"
    }
    groups = [(str(key[0]), str(key[1]), rows) for key, rows in losses.rows.groupby(["outcome", "at"], sort=False)]
    problems = [
        one for outcome, at, rows in groups for one in _problems(losses.file, rows, outcome, at, found, regimes)
    ]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    return [_term(rows, found.get(outcome), outcome, at, fit, regimes) for outcome, at, rows in groups]


def _problems(
    file: str, rows: pd.DataFrame, outcome: str, at: str, found: dict[str, xr.DataArray], regimes: list[str]
) -> list[Problem]:
    """Say what is wrong with the rows of one outcome at one label."""
    line = int(rows.index[0])
    if outcome and outcome not in found:
        return [Problem(file, unknown("outcome", outcome, found), line, "outcome", outcome)]
    places = _places(found[outcome]) if outcome else {"": ""}
    if at not in places:
        rule = unknown("label", at, places.values()) if at else f"{outcome} needs one of {', '.join(places.values())}"
        return [Problem(file, rule, line, "at", at)]
    wrong = [
        Problem(file, unknown("regime", name, regimes), row, "regime", name)
        for row, name in zip(rows.index.tolist(), rows["regime"].tolist(), strict=True)
        if name and name not in regimes
    ]
    named = set(rows["regime"])
    missing = [] if "" in named else [name for name in regimes if name not in named]
    if missing and not wrong:
        what = f"the loss of {outcome}" if outcome else "a cost"
        rule = (
            f"{what} is stated for some regimes and not for {', '.join(missing)}: name them too, with 0 where there is "
            "none, or add a row with an empty regime for all others"
        )
        return [Problem(file, rule, line, "regime")]
    return wrong


def _places(cells: xr.DataArray) -> dict[str, str]:
    """Return the labels of an outcome by their canonical spelling."""
    return {same_spelling(at): at for at in cells["at"].values.tolist()}


def _term(
    rows: pd.DataFrame, cells: xr.DataArray | None, outcome: str, at: str, fit: xr.DataTree, regimes: list[str]
) -> Term:
    named = rows.set_index("regime")
    stated = named.loc[[name if name in named.index else "" for name in regimes]]
    rate = xr.DataArray(stated["loss"].to_numpy(), dims="regime", coords={"regime": regimes})
    illustrative = tuple(name for name, so in zip(regimes, stated["illustrative"], strict=True) if so)
    if cells is None:
        draws = fit["posterior"].dataset
        return Term("", "", rate, rate.expand_dims(chain=draws["chain"], draw=draws["draw"]), illustrative)
    label = _places(cells)[at]
    own = cells.sel(at=label, drop=True)
    # An outcome that is the same in all regimes has one place, without a name.
    values = own if own["regime"].values.tolist() == regimes else own.isel(regime=np.zeros(len(regimes), dtype=int))
    return Term(outcome, label, rate, values.assign_coords(regime=regimes).astype(float) * rate, illustrative)
