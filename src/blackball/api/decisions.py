"""Decisions from a script, which take a file where the layer below takes what was read from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.api.given import model_of
from blackball.decisions import Decision, Sensitivity, check_chosen, losses_of, read_losses
from blackball.decisions import decide as decide_between
from blackball.decisions import sensitivity as sensitivity_of
from blackball.inference import tornado

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr

__all__ = ["decide", "sensitivity"]


def decide(fit: xr.DataTree, losses: str | Path | pd.DataFrame) -> Decision:
    """Reckon the expected loss of each regime of a fit under your table of losses.

    Parameters
    ----------
    fit : DataTree
        Of a model with at least two regimes.
    losses : str, Path or DataFrame
        Columns outcome, at (its labels, such as `horizon=2050`), regime, loss, unit and source. A row with an outcome
        is a loss if that outcome happens; a row without one is what its regime costs in any case. An empty regime
        means all that no other row of the same outcome names.

    Returns
    -------
    Decision
        By regime the expected loss with its Monte Carlo error, the probability of being the best and the regret; which
        regime is best as each loss grows; the expected value of perfect information.

    Raises
    ------
    InputError
        If the table is wrong, names what the fit does not have, or states a loss for some regimes and not for others.
    ModelError
        If there are fewer than two regimes to choose between.
    """
    return decide_between(fit, read_losses(losses) if isinstance(losses, str | Path) else losses_of(losses))


def sensitivity(
    fit: xr.DataTree, *, outcomes: Sequence[str] = (), regimes: Sequence[str] = (), seed: int = 1
) -> Sensitivity:
    """Say which uncertain quantities drive which result of a fit.

    Parameters
    ----------
    fit : DataTree
    outcomes, regimes : sequence of str
        Only these headline outcomes and regimes, or all without any.
    seed : int
        Of the random orders behind Shapley shares.

    Returns
    -------
    Sensitivity
        For each result and quantity Spearman's rank correlation, the share of the result's variance that the quantity
        explains alone, and its Shapley share, with Monte Carlo errors; and a tornado: the mean of the result with the
        quantity alone moved to the ends of its 90 % interval.

    Raises
    ------
    InputError
        If a name is no headline outcome or regime of the fit.
    ModelError
        If the model marks no outcome as headline.
    """
    check_chosen(fit, outcomes, regimes)
    moved = tornado(model_of(fit), fit["posterior"].to_dataset())
    return sensitivity_of(fit, moved, outcomes=outcomes, regimes=regimes, seed=seed)
