"""The loss of each regime: a weighted sum of headline outcomes, draw by draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.decisions.combined import weighed
from blackball.decisions.headlines import headlines, laid_out, same_spelling
from blackball.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

__all__ = ["loss_of", "usual_weights"]


def usual_weights(fit: xr.DataTree) -> dict[str, float]:
    """Return the weights where the user gives none: the model's first headline outcome alone.

    Raises
    ------
    ModelError
        If the model marks no outcome as headline.
    """
    return {next(iter(headlines(fit))): 1.0}


def loss_of(fit: xr.DataTree, weights: Mapping[str, float], at: str | None = None) -> xr.DataArray:
    """Return the loss of each regime.

    Parameters
    ----------
    fit : xarray.DataTree
    weights : mapping of str to float
        By headline outcome; an outcome without one counts 0.
    at : str, optional
        Labels other than the regime at which the loss is taken, such as `horizon=2050`; the last if not given.

    Returns
    -------
    DataArray
        dims `("chain", "draw", "regime")`, in the unit of the weighed outcomes; the coordinate `at` says where.

    Raises
    ------
    ModelError
        If the model marks no outcome as headline.
    InputError
        If a weight names no outcome or is no finite number of at least 0, or there are no such labels.
    """
    cells = laid_out(weighed(headlines(fit), weights))
    labels = [str(label) for label in cells["at"].values]
    if at is None:
        return cells.isel(at=-1)
    spelled = [same_spelling(label) for label in labels]
    if same_spelling(at) not in spelled:
        rule = f"the weighed outcomes have no such labels; valid: {', '.join(labels)}"
        raise InputError([Problem("loss", rule, column="at", value=at)])
    return cells.isel(at=spelled.index(same_spelling(at)))
