"""Doubts from a script: what hangs on whom, and whether a model's posteriors can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.decisions.influence import Influence, influence
from blackball.inference import leave_out as refits_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["leave_out"]


def leave_out(fit: xr.DataTree, *, workers: int | None = None) -> Influence:
    """Say how far each expert moves the headline outcomes, and all illustrative numbers together, by leaving them out.

    Every row is a refit of the same compiled model on the remaining judgements.

    Parameters
    ----------
    fit : DataTree
    workers : int, optional
        Refits at a time; by default as many as there are processors.

    Returns
    -------
    Influence
        Tables `moves`, `refits`, `answers` and `experts`.

    Raises
    ------
    BlackballError
        If the model of the fit cannot be built again, or marks no outcome as headline.
    """
    return influence(fit, refits_of(fit, workers=workers))
