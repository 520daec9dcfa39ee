"""Draws of all uncertain quantities beside those of the headline outcomes, regime by regime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from blackball.decisions.headlines import headlines, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["Drawn", "drawn", "halves"]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Joint draws in one regime.

    Attributes
    ----------
    regime : str
        Empty for outcomes that are the same in all regimes.
    quantities : list of (str, str)
        Name, and label of a dim of its own such as `bloc=trust`, else empty.
    results : list of (str, str)
        Outcome and `at`.
    inputs, outputs : ndarray, (chain, draw, quantity) and (chain, draw, result)
        On natural scales. A quantity that varies has its value in this regime, or in the reference regime where the
        outcome has none.
    """

    regime: str
    quantities: list[tuple[str, str]]
    results: list[tuple[str, str]]
    inputs: NDArray[np.float64]
    outputs: NDArray[np.float64]


def drawn(fit: xr.DataTree, outcomes: Sequence[str] = (), regimes: Sequence[str] = ()) -> Iterator[Drawn]:
    """Lay quantities and headline outcomes beside each other.

    Parameters
    ----------
    fit : xarray.DataTree
    outcomes, regimes : sequence of str
        Only these, or all without any.

    Yields
    ------
    Drawn
        For each regime in the model's order.
    """
    chosen = [laid_out(one) for name, one in headlines(fit).items() if not outcomes or name in outcomes]
    quantities = [
        laid_out(one) for one in fit["posterior"].dataset.data_vars.values() if one.attrs.get("kind") == "quantity"
    ]
    known = dict.fromkeys(regime for outcome in chosen for regime in outcome["regime"].values.tolist())
    for regime in known:
        if regimes and regime and regime not in regimes:
            continue
        inputs = [_in_regime(quantity, regime) for quantity in quantities]
        outputs = [_in_regime(outcome, regime) for outcome in chosen if regime in outcome["regime"].values]
        yield Drawn(regime, _names(inputs), _names(outputs), _beside(inputs), _beside(outputs))


def halves(draws: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Cut each chain in two, for Monte Carlo errors from means of batches that are nearly independent.

    Flegal, Haran & Jones (2008), 10.1214/08-STS257.

    Parameters
    ----------
    draws : ndarray, (chain, draw, ...)

    Returns
    -------
    list of ndarray, (sample, ...)
    """
    return [half for chain in draws for half in np.array_split(chain, 2)]


def _in_regime(variable: xr.DataArray, regime: str) -> xr.DataArray:
    """Pick a laid-out variable's values in a regime; one that is the same in all has a single place."""
    known = variable["regime"].values.tolist()
    return variable.isel(regime=known.index(regime) if regime in known else 0)


def _names(variables: list[xr.DataArray]) -> list[tuple[str, str]]:
    return [(str(variable.name), str(at)) for variable in variables for at in variable["at"].values]


def _beside(variables: list[xr.DataArray]) -> NDArray[np.float64]:
    return np.concatenate([variable.values for variable in variables], axis=-1, dtype=float)
