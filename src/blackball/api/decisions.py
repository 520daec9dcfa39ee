"""Decisions from a script, which take a file where the layer below takes what was read from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.decisions import Decision, losses_of, read_losses
from blackball.decisions import decide as decide_between

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["decide"]


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
