"""Decide between regimes: the expected loss of each under the user's table of losses.

    loss_r = cost_r + sum_k rate_kr outcome_kr,

draw by draw on the joint posterior; its mean is what a regime is expected to cost (Savage, "The foundations of
statistics", 1954). No attitude to risk is assumed: how bad a catastrophe is stands in the table, and that a regime
with fewer gambles is the better the worse it is follows, as the `switches` show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.compare import INTERVAL, diagnosis_of
from blackball.decisions.leaning import illustrative_inputs, illustrative_priors, leaning
from blackball.decisions.ranks import ranks
from blackball.decisions.summary import intervals
from blackball.decisions.terms import terms

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from blackball.decisions.losses import Losses
    from blackball.decisions.terms import Term

__all__ = ["Decision", "decide"]

REGIMES = [
    *("regime", "title", "expected_loss", "mcse", "q05", "q95", "p_best", "regret"),
    *("over_best", "over_best_mcse", "leans"),
]


@dataclass(frozen=True, eq=False)
class Decision:
    """What a table of losses makes of the regimes of a fit.

    Attributes
    ----------
    model, unit, reference : str
        Name of the model, what losses are counted in, and the reference regime.
    losses : pandas.DataFrame
        The table: outcome, at, regime, loss, source, illustrative; the index is the line of the file.
    regimes : pandas.DataFrame
        One row a regime, in the model's order: regime, title, expected_loss, mcse (Monte Carlo standard error of it),
        q05 and q95 (central 90 % of the loss that is expected given the parameters), p_best (probability that no
        regime has a smaller loss; ties share), regret (expected loss above that of the regime which is the best in
        each draw), over_best (expected loss above that of `best`) with over_best_mcse, and leans (whether the number
        rests on an outcome that leans on illustrative numbers, or on an illustrative loss).
    parts : pandas.DataFrame
        What makes the expected loss up: outcome, at (empty for a cost of regimes in themselves), regime, loss.
    switches : pandas.DataFrame
        Which regime is best were one outcome's losses multiplied by a factor: outcome, at, low, high (factors), best.
    best : str
        The regime of the smallest expected loss.
    evpi : float
        Expected value of perfect information on all parameters: how much smaller the expected loss would be if all
        were known before the choice (Raiffa & Schlaifer, "Applied statistical decision theory", 1961). The regret of
        `best`.
    illustrative_inputs, illustrative_priors : tuple of str
        As in `Comparison`.
    verdict : {"trusted", "failed"}
    diagnosis : pandas.DataFrame
    """

    model: str
    unit: str
    reference: str
    losses: pd.DataFrame
    regimes: pd.DataFrame
    parts: pd.DataFrame
    switches: pd.DataFrame
    best: str
    evpi: float
    illustrative_inputs: tuple[str, ...]
    illustrative_priors: tuple[str, ...]
    verdict: str
    diagnosis: pd.DataFrame

    def __str__(self) -> str:
        shown = self.regimes.drop(columns="title").to_string(index=False, float_format="{:.3g}".format)
        told = f"best: {self.best}; expected value of perfect information: {self.evpi:.3g} {self.unit}"
        lines = [f"{self.model}: expected loss in {self.unit}; {INTERVAL}", shown, told]
        return "\n".join([*lines, f"diagnostics: {self.verdict}"])


def decide(fit: xr.DataTree, losses: Losses) -> Decision:
    """Reckon the expected loss of each regime under a table of losses.

    Parameters
    ----------
    fit : xarray.DataTree
        A diagnosed fit of a model with at least two regimes.
    losses : Losses

    Raises
    ------
    ModelError
        If there are fewer than two regimes to choose between.
    InputError
        If an outcome, label or regime is not the model's, or a loss is stated for some regimes and not for others.
    """
    parts = terms(fit, losses)
    total = sum((term.loss for term in parts[1:]), start=parts[0].loss).rename("loss")
    regimes = fit["regimes"].to_dataset()
    names = regimes["regime"].values.tolist()
    expected = total.mean(("chain", "draw"))
    best = names[int(expected.argmin("regime"))]
    over = total - total.sel(regime=best, drop=True)
    regret = float((total.sel(regime=best) - total.min("regime")).mean())
    outcomes = {name: fit["posterior"].dataset[name] for name in dict.fromkeys(t.outcome for t in parts if t.outcome)}
    table = intervals(total).rename(columns={"mean": "expected_loss"})[["regime", "expected_loss", "q05", "q95"]]
    return Decision(
        model=str(fit.attrs["model"]),
        unit=losses.unit,
        reference=names[0],
        losses=losses.rows,
        regimes=table.assign(
            title=regimes["title"].values.tolist(),
            mcse=_mcse(total),
            p_best=ranks(total)["p_least"],
            regret=regret + over.mean(("chain", "draw")).values,
            over_best=over.mean(("chain", "draw")).values,
            over_best_mcse=_mcse(over),
            leans=_leans(leaning(fit, outcomes), parts, names),
        )[REGIMES],
        parts=_parts(parts, names),
        switches=_switches(parts, names),
        best=best,
        evpi=regret,
        illustrative_inputs=illustrative_inputs(fit, outcomes),
        illustrative_priors=illustrative_priors(fit),
        verdict=str(fit.attrs["verdict"]),
        diagnosis=diagnosis_of(fit),
    )


def _mcse(draws: xr.DataArray) -> NDArray[np.float64]:
    """Return the Monte Carlo standard error of each regime's mean; 0 where all draws are the same."""
    import arviz_stats as az

    varies = (draws.std(("chain", "draw")) > 0).values
    return np.where(varies, az.mcse(draws, method="mean").values, 0.0)


def _leans(leans: pd.DataFrame, parts: list[Term], names: list[str]) -> list[bool]:
    """Say of each regime whether what it is expected to lose rests on illustrative numbers directly."""
    used = pd.DataFrame([(term.outcome, term.at) for term in parts], columns=["outcome", "at"])
    marked = leans[leans["leans"]].merge(used)
    own = {*marked["regime"], *(name for term in parts for name in term.illustrative)}
    return ["" in own or name in own for name in names]


def _parts(parts: list[Term], names: list[str]) -> pd.DataFrame:
    rows = [
        (term.outcome, term.at, name, float(loss))
        for term in parts
        for name, loss in zip(names, term.loss.mean(("chain", "draw")).values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["outcome", "at", "regime", "loss"])


def _switches(parts: list[Term], names: list[str]) -> pd.DataFrame:
    """Find the best regime for every factor by which one outcome's losses may be multiplied.

    A regime's expected loss is a straight line in that factor, so that the best are the lower envelope of lines,
    walked from factor 0 to the right: its slopes, what the outcome adds, can only fall.
    """
    means = np.array([term.loss.mean(("chain", "draw")).values for term in parts])
    rows = []
    for term, slope in zip(parts, means, strict=True):
        if not term.outcome:
            continue
        level = means.sum(axis=0) - slope
        at, best = 0.0, int(np.lexsort((slope, level))[0])
        while True:
            # Where another line, less steep, crosses that of the best.
            less = slope < slope[best]
            crossing = np.full(len(names), np.inf)
            with np.errstate(over="ignore"):  # beyond any number: never
                crossing[less] = (level[less] - level[best]) / (slope[best] - slope[less])
            following = int(np.lexsort((slope, crossing))[0])
            rows.append((term.outcome, term.at, at, float(crossing[following]), names[best]))
            if not np.isfinite(crossing[following]):
                break
            at, best = float(crossing[following]), following
    return pd.DataFrame(rows, columns=["outcome", "at", "low", "high", "best"])
