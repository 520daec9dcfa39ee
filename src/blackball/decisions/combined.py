"""Several outcomes weighed into one sum, as the user weighs them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from blackball.decisions.summary import intervals
from blackball.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import xarray as xr

__all__ = ["check_weights", "combined", "weighed"]

COLUMNS = ["regime", "at", "mean", "q05", "q95"]


def check_weights(weights: Mapping[str, float], valid: list[str]) -> None:
    """Refuse weights that name no headline outcome or are no finite number of at least 0.

    Raises
    ------
    InputError
        With every bad weight and the valid names.
    """
    problems = [
        Problem(
            "weights",
            f"no outcome to weigh has this name; valid: {', '.join(valid)}",
            column=name,
            value=weight,
        )
        for name, weight in weights.items()
        if name not in valid
    ]
    problems += [
        Problem("weights", "a weight must be a finite number of at least 0", column=name, value=weight)
        for name, weight in weights.items()
        if name in valid and not (isfinite(weight) and weight >= 0)
    ]
    if not weights:
        problems.append(Problem("weights", f"weigh at least one outcome; valid: {', '.join(valid)}"))
    if problems:
        raise InputError(problems)


def combined(outcomes: dict[str, xr.DataArray], weights: Mapping[str, float]) -> pd.DataFrame:
    """Add outcomes up, each times its weight, draw by draw.

    Parameters
    ----------
    outcomes : dict of str to DataArray
        From `headlines`.
    weights : mapping of str to float
        By outcome; an outcome without one counts 0.  An outcome without a horizon counts at every horizon.

    Returns
    -------
    pandas.DataFrame
        One row for each regime and label: regime, at, mean, q05, q95 (central 90 %), in the weights' unit.

    Raises
    ------
    InputError
        If a weight names no outcome or is no finite number of at least 0.
    """
    return intervals(weighed(outcomes, weights))[COLUMNS]


def weighed(outcomes: dict[str, xr.DataArray], weights: Mapping[str, float]) -> xr.DataArray:
    """Return the draws of the sum; parameters and errors as for `combined`.

    Returns
    -------
    DataArray
        Dims chain, draw and those of the weighed outcomes.
    """
    check_weights(weights, list(outcomes))
    first, *others = (outcomes[name] * weight for name, weight in weights.items())
    return sum(others, start=first).rename("combined")
