"""Which quantities drive which result: rank correlations, shares of variance, and swings, over the posterior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.compare import diagnosis_of, regimes_of
from blackball.decisions.dependence import rank_correlation
from blackball.decisions.drawn import drawn, halves
from blackball.decisions.headlines import describe, headlines
from blackball.decisions.leaning import illustrative_inputs, illustrative_priors, leaning
from blackball.decisions.main_effects import main_effects
from blackball.decisions.shapley_effects import shapley_effects
from blackball.decisions.swings import swings
from blackball.errors import InputError, Problem
from blackball.panel.words import unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from blackball.decisions.drawn import Drawn

    type Measure = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

__all__ = ["Sensitivity", "check_chosen", "sensitivity"]

RESULT = ["outcome", "regime", "at"]
MEASURES = ["rank_correlation", "first_order", "shapley"]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What drives the headline outcomes of a fit.

    Every `*_mcse` is a Monte Carlo standard error. A quantity that varies counts with its value in the result's
    regime, or in the reference regime where the outcome has none.

    Attributes
    ----------
    model, reference : str
    fingerprint : str
        Of the fit.
    regimes, described : pandas.DataFrame
        As in `Comparison`.
    shares : pandas.DataFrame
        One row for each result and quantity: outcome, regime, at, quantity, label (such as `bloc=trust`, empty without
        a dim), illustrative (whether its prior is marked so), rank_correlation (Spearman's, in [-1, 1]), first_order
        (share of the result's variance that would go, on average, if this quantity alone were learned), shapley (share
        when what is shared is shared out), each with its mcse. In each result the largest Shapley share comes first.
        NaN where result or quantity does not vary.
    unexplained : pandas.DataFrame
        outcome, regime, at, unexplained: what is left of a result's variance beside all Shapley shares.
    tornado : pandas.DataFrame
        outcome, regime, at, quantity, label, unit, low, base, high (what the quantity is set to: the 5 % quantile of
        its posterior, its mean, the 95 % quantile) and at_low, at_base, at_high (posterior mean of the outcome then,
        all else as it was).
    leans : pandas.DataFrame
        What supports each result; see `blackball.decisions.leaning`.
    illustrative_inputs, illustrative_priors : tuple of str
    verdict : {"trusted", "failed"}
    diagnosis : pandas.DataFrame
    """

    model: str
    reference: str
    fingerprint: str
    regimes: pd.DataFrame
    described: pd.DataFrame
    shares: pd.DataFrame
    unexplained: pd.DataFrame
    tornado: pd.DataFrame
    leans: pd.DataFrame
    illustrative_inputs: tuple[str, ...]
    illustrative_priors: tuple[str, ...]
    verdict: str
    diagnosis: pd.DataFrame

    def __str__(self) -> str:
        shown = [*RESULT, "quantity", "label", *MEASURES]
        first = self.shares.groupby(RESULT, sort=False).head(3)[shown]
        lines = [f"{self.model}: the three quantities with the largest Shapley share of each result's variance"]
        return "\n".join([*lines, first.to_string(index=False, float_format="{:.2g}".format)])


def sensitivity(
    fit: xr.DataTree,
    moved: xr.Dataset,
    *,
    outcomes: Sequence[str] = (),
    regimes: Sequence[str] = (),
    seed: int = 1,
) -> Sensitivity:
    """Say which quantities drive which result.

    Parameters
    ----------
    fit : xarray.DataTree
        A diagnosed fit.
    moved : Dataset
        From `blackball.inference.tornado`.
    outcomes, regimes : sequence of str
        Only these headline outcomes and regimes, or all without any.
    seed : int
        Of the random orders behind Shapley shares.

    Raises
    ------
    InputError
        If a name is no headline outcome or regime of the fit.
    ModelError
        If the model marks no outcome as headline.
    """
    check_chosen(fit, outcomes, regimes)
    chosen = {name: one for name, one in headlines(fit).items() if not outcomes or name in outcomes}
    places = list(drawn(fit, outcomes, regimes))
    tables = [_shares(one, seed) for one in places]
    known = regimes_of(fit)
    marked = illustrative_priors(fit)
    shares = _in_order(pd.concat([table for table, _ in tables]), chosen)
    leans = leaning(fit, chosen)
    return Sensitivity(
        model=str(fit.attrs["model"]),
        reference=str(known["regime"].iloc[0]) if len(known) else "",
        fingerprint=str(fit.attrs["fingerprint"]),
        regimes=known,
        described=describe(chosen),
        shares=shares.assign(illustrative=shares["quantity"].isin(marked)),
        unexplained=_in_order(pd.concat([rest for _, rest in tables]), chosen),
        tornado=swings(fit, moved, chosen, regimes),
        leans=leans[leans["regime"].isin({one.regime for one in places})].reset_index(drop=True),
        illustrative_inputs=illustrative_inputs(fit, chosen),
        illustrative_priors=marked,
        verdict=str(fit.attrs["verdict"]),
        diagnosis=diagnosis_of(fit),
    )


def check_chosen(fit: xr.DataTree, outcomes: Sequence[str], regimes: Sequence[str]) -> None:
    """Refuse outcomes and regimes that the fit does not report.

    Raises
    ------
    InputError
        With every wrong name and the valid ones.
    """
    valid = {"outcome": list(headlines(fit)), "regime": regimes_of(fit)["regime"].tolist()}
    problems = [
        Problem("sensitivity", unknown(kind, name, valid[kind]), column=kind, value=name)
        for kind, names in (("outcome", outcomes), ("regime", regimes))
        for name in names
        if name not in valid[kind]
    ]
    if problems:
        raise InputError(problems)


def _shares(one: Drawn, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the shares of each quantity in each result of one regime, and what is left of each result."""
    inputs, outputs = halves(one.inputs), halves(one.outputs)
    effects = shapley_effects(inputs, outputs, seed=seed)
    columns = {"shapley": effects.shares, "shapley_mcse": effects.mcse}
    measures: dict[str, Measure] = {"rank_correlation": rank_correlation, "first_order": main_effects}
    for name, measure in measures.items():
        columns[name] = measure(np.concatenate(inputs), np.concatenate(outputs))
        batches = np.array([measure(*batch) for batch in zip(inputs, outputs, strict=True)])
        columns[f"{name}_mcse"] = batches.std(axis=0, ddof=1) / np.sqrt(len(batches))
    names = [(*result, *quantity) for quantity in one.quantities for result in one.results]
    frame = pd.DataFrame(names, columns=["outcome", "at", "quantity", "label"]).assign(
        **{name: columns[name].ravel() for measure in MEASURES for name in (measure, f"{measure}_mcse")}
    )
    rest = pd.DataFrame(one.results, columns=["outcome", "at"]).assign(unexplained=effects.unexplained)
    return frame.assign(regime=one.regime), rest.assign(regime=one.regime)


def _in_order(frame: pd.DataFrame, outcomes: dict[str, xr.DataArray]) -> pd.DataFrame:
    """Put results in the order of `compare`, and in each the largest share first."""
    keyed = frame.reset_index(drop=True)
    keys = {name: list(dict.fromkeys(keyed[name])) for name in ("regime", "at")}
    codes = {name: pd.Categorical(keyed[name], known).codes for name, known in {"outcome": [*outcomes], **keys}.items()}
    sizes = {name: -keyed[name].abs().fillna(-1.0) for name in ("shapley", "rank_correlation") if name in keyed}
    order = keyed.assign(**codes, **sizes).sort_values([*RESULT, *sizes], kind="stable").index
    names = [*RESULT, *(name for name in keyed if name not in RESULT)]
    return keyed.loc[order, names].reset_index(drop=True)
