"""Compare regimes: everything that the joint posterior says of the headline outcomes, as tidy tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from blackball.decisions.break_even import break_even, break_even_weights
from blackball.decisions.coherence import coherence
from blackball.decisions.combined import COLUMNS, combined
from blackball.decisions.draws_allowed import draws_allowed
from blackball.decisions.headlines import describe, headlines
from blackball.decisions.leaning import illustrative_inputs, illustrative_priors, leaning
from blackball.decisions.pairs import pairs
from blackball.decisions.ranks import ranks
from blackball.decisions.summary import summary
from blackball.decisions.survival import survival

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

__all__ = ["INTERVAL", "Comparison", "compare", "diagnosis_of", "regimes_of"]

INTERVAL = "central (equal-tailed) posterior interval: q05 to q95 holds 90 %, q25 to q75 holds 50 %"

REGIME_FACTS = ["title", "jurisdiction", "start", "duration", "held_fixed", "illustrative"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What a fit says of its headline outcomes, regime by regime.

    In every table `at` holds an outcome's labels other than the regime, such as `horizon=2050`, and `regime`
    is empty where the model has none.

    Attributes
    ----------
    model : str
        Name of the model.
    reference : str
        The regime that others are set against; empty where the model has none.
    regimes : pandas.DataFrame
        regime, title, jurisdiction, start, duration, held_fixed, illustrative; empty without regimes.
    described : pandas.DataFrame
        outcome, meaning, unit.
    outcomes : pandas.DataFrame
        One row for each outcome, regime and label; see `blackball.decisions.summary`.
    ranks : pandas.DataFrame
        Probability that each regime is the least and the most risky; see `blackball.decisions.ranks`.
    pairs : pandas.DataFrame
        Every two regimes; see `blackball.decisions.pairs`.
    coherence : pandas.DataFrame
        What experts' premises imply and what they state; see `blackball.decisions.coherence`.
    leans : pandas.DataFrame
        What supports each result, row by row with `outcomes`; see `blackball.decisions.leaning`.
    illustrative_inputs : tuple of str
        Other variables that illustrative answers judge; every result may lean on them through the model.
    illustrative_priors : tuple of str
        Quantities whose prior is marked illustrative.
    weights : dict of str to float
        Weights of `combined`; empty without any.
    combined : pandas.DataFrame
        The weighted sum of outcomes; empty without weights; see `blackball.decisions.combined`.
    break_even : pandas.DataFrame
        Where each regime changes places with the reference as a crux moves; see `blackball.decisions.break_even`.
    break_even_weights : pandas.DataFrame
        The weight of a second outcome at which a regime equals the reference.
    survival : pandas.DataFrame
        Probability that an outcome has not happened by each horizon; see `blackball.decisions.survival`.
    draws_allowed : pandas.DataFrame
        How many draws the model's stopping rules allow; see `blackball.decisions.draws_allowed`.
    verdict : {"trusted", "failed"}
        Whether the computation is to be trusted.
    diagnosis : pandas.DataFrame
        name, status (pass, look, fail), value, threshold, advice.
    """

    model: str
    reference: str
    regimes: pd.DataFrame
    described: pd.DataFrame
    outcomes: pd.DataFrame
    ranks: pd.DataFrame
    pairs: pd.DataFrame
    coherence: pd.DataFrame
    leans: pd.DataFrame
    illustrative_inputs: tuple[str, ...]
    illustrative_priors: tuple[str, ...]
    weights: dict[str, float]
    combined: pd.DataFrame
    break_even: pd.DataFrame
    break_even_weights: pd.DataFrame
    survival: pd.DataFrame
    draws_allowed: pd.DataFrame
    verdict: str
    diagnosis: pd.DataFrame


def compare(fit: xr.DataTree, weights: Mapping[str, float] | None = None) -> Comparison:
    """Compare the regimes of a fit on every headline outcome.

    Parameters
    ----------
    fit : xarray.DataTree
        A diagnosed fit.
    weights : mapping of str to float, optional
        What each outcome counts in one sum, such as `{"catastrophe": 1, "power_concentration": 0.5}`.

    Returns
    -------
    Comparison
        Probabilities on [0, 1]; all comparisons of regimes are made draw by draw on the joint posterior.

    Raises
    ------
    ModelError
        If the model marks no outcome as headline.
    InputError
        If a weight names no headline outcome, or is negative or not finite.
    """
    outcomes = headlines(fit)
    weighed = pd.DataFrame(columns=COLUMNS) if weights is None else combined(outcomes, weights)
    regimes = regimes_of(fit)
    return Comparison(
        model=str(fit.attrs["model"]),
        reference=str(regimes["regime"].iloc[0]) if len(regimes) else "",
        regimes=regimes,
        described=describe(outcomes),
        outcomes=_stacked([summary(variable) for variable in outcomes.values()]),
        ranks=_stacked([ranks(variable) for variable in outcomes.values()]),
        pairs=_stacked([pairs(variable) for variable in outcomes.values()]),
        coherence=coherence(fit),
        leans=leaning(fit, outcomes),
        illustrative_inputs=illustrative_inputs(fit, outcomes),
        illustrative_priors=illustrative_priors(fit),
        verdict=str(fit.attrs["verdict"]),
        diagnosis=diagnosis_of(fit),
        weights=dict(weights or {}),
        combined=weighed,
        break_even=break_even(fit, outcomes),
        break_even_weights=break_even_weights(outcomes),
        survival=survival(outcomes),
        draws_allowed=draws_allowed(fit),
    )


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)


def regimes_of(fit: xr.DataTree) -> pd.DataFrame:
    """Return what is said of each regime, the reference first; empty without regimes."""
    if "regimes" not in fit.children:
        return pd.DataFrame(columns=["regime", *REGIME_FACTS])
    return fit["regimes"].to_dataset()[REGIME_FACTS].to_dataframe().reset_index()[["regime", *REGIME_FACTS]]


def diagnosis_of(fit: xr.DataTree) -> pd.DataFrame:
    """Return what was checked of a fit: name, status, value, threshold, advice."""
    columns = ["name", "status", "value", "threshold", "advice"]
    checks = fit["diagnosis"].to_dataset()
    return pd.DataFrame({column: checks[column].values for column in columns})
