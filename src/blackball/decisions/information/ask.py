"""What is worth asking next: each parameter, and one more answer to each open question, by what it would gain.

Gains come from the posterior draws and the fit's own expert model; see `worth` and `answers` for what they assume.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.headlines import headlines
from blackball.decisions.information.answers import answers, to_ask
from blackball.decisions.information.costs import check_costs, cost_of
from blackball.decisions.information.expected import expected, held_out
from blackball.decisions.information.loss import loss_of, usual_weights
from blackball.decisions.information.questions import NEW, open_questions
from blackball.decisions.information.worth import Worth, evpi, known_of, reductions, stakes_of, worths
from blackball.decisions.leaning import illustrative_inputs, illustrative_priors, leaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from blackball.decisions.information.questions import Questions

__all__ = ["Asking", "ask"]

TOLD = 2.0
"""Monte Carlo standard errors that a gain must exceed to be told from 0."""


@dataclass(frozen=True, eq=False)
class Asking:
    """What is worth asking next.

    `gain` is the expected loss that choosing a regime with the answer avoids, beyond choosing without it, in the unit
    of the loss; `sharper` the share by which the standard deviation of the losses is expected to fall. Each has its
    Monte Carlo standard error beside it; a gain of no more than two of them is not told from 0.

    Attributes
    ----------
    model : str
    weights : dict of str to float
        What each headline outcome counts in the loss.
    at : str
        Labels at which the loss is taken, such as `horizon=2050`; empty without any.
    regimes : dict of str to str
        Title by regime; empty without regimes.
    now : str
        The regime of least expected loss as things stand; empty without regimes.
    everything : Worth
        Of knowing everything: no answer is worth more.
    parameters : pandas.DataFrame
        One row a quantity, known exactly and in all its elements: parameter, gain, gain_mcse, sharper, sharper_mcse,
        told, illustrative (whether its prior is). Best first, as for questions.
    questions : pandas.DataFrame
        One row for each open question and whom to ask: question, expert (`a new expert` is one not on the panel), id,
        variable, at, regime, given, reference, judged, answers (so far), gain, gain_mcse, sharper, sharper_mcse,
        most, most_mcse (gain of knowing the answer exactly), told (whether the gain is told from 0), cost, net (gain
        less cost; NaN without regimes to choose from) and illustrative (whether what is believed of it has no published
        support of its own). Best first: by net, a gain not told from 0 taken as 0, then by sharper.
    leans : bool
        Whether the loss of some regime leans on illustrative numbers.
    illustrative_inputs, illustrative_priors : tuple of str
        As in `blackball.decisions.Comparison`.
    verdict : {"trusted", "failed"}
        Whether the computation of the fit is to be trusted.
    """

    model: str
    weights: dict[str, float]
    at: str
    regimes: dict[str, str]
    now: str
    everything: Worth
    parameters: pd.DataFrame
    questions: pd.DataFrame
    leans: bool
    illustrative_inputs: tuple[str, ...]
    illustrative_priors: tuple[str, ...]
    verdict: str

    def __str__(self) -> str:
        best = self.questions.head(10)
        lines = [
            f"ask {row.expert} about {row.question}: expected gain {row.gain:.2g} (Monte Carlo error "
            f"{row.gain_mcse:.1g}), sharper by {row.sharper:.1%}, cost {row.cost:g}"
            for row in best.itertuples()
        ]
        marked = ["leans on illustrative numbers, nobody's published view"] if self.leans else []
        return "\n".join([f"{self.model}, loss {self.weights} {self.at}".strip(), *lines, *marked, self.verdict])


def ask(
    fit: xr.DataTree,
    weights: Mapping[str, float] | None = None,
    *,
    at: str | None = None,
    costs: Mapping[tuple[str, str], float] | None = None,
    seed: int = 1,
) -> Asking:
    """Say what is worth asking next.

    Parameters
    ----------
    fit : xarray.DataTree
        A diagnosed fit.
    weights : mapping of str to float, optional
        What each headline outcome counts in the loss, such as `{"catastrophe": 1, "power_concentration": 0.5}`; the
        model's first headline outcome alone if not given.
    at : str, optional
        Labels at which the loss is taken, such as `horizon=2050`; the last if not given.
    costs : mapping of (expert, question) to float, optional
        In the unit of the loss; an empty expert or question means every one, `a new expert` one not on the panel. All
        that apply add up.
    seed : int
        Of the simulated answers.

    Returns
    -------
    Asking

    Raises
    ------
    ModelError
        If the model marks no outcome as headline, or the fit has too few draws.
    InputError
        If weights, labels or costs name what is not there or are no finite numbers of at least 0.
    """
    weighing = dict(usual_weights(fit) if weights is None else weights)
    loss = loss_of(fit, weighing, at)
    label = str(loss["at"].item())
    loss = loss.drop_vars("at")
    asked = open_questions(fit)
    experts = [str(name) for name in fit["encoded"].to_dataset()["expert"].values]
    check_costs(costs or {}, [*experts, NEW], sorted(set(asked.table["id"])))
    outcomes = headlines(fit)
    weighed = leaning(fit, {name: outcomes[name] for name, weight in weighing.items() if weight > 0})
    chosen = loss["regime"].values.tolist()
    titles = fit["regimes"].to_dataset()["title"].values.tolist() if "regimes" in fit.children else []
    return Asking(
        model=str(fit.attrs["model"]),
        weights=weighing,
        at=label,
        regimes=dict(zip(chosen, titles, strict=True)) if titles else {},
        now=str(chosen[int(np.argmin(loss.mean(("chain", "draw")).values))]),
        everything=evpi(loss),
        parameters=_parameters(fit, loss),
        questions=_answers(fit, loss, asked, costs or {}, np.random.default_rng(seed)),
        leans=bool(weighed["leans"][weighed["at"].isin(["", label])].any()),
        illustrative_inputs=illustrative_inputs(fit, outcomes),
        illustrative_priors=illustrative_priors(fit),
        verdict=str(fit.attrs["verdict"]),
    )


def _parameters(fit: xr.DataTree, loss: xr.DataArray) -> pd.DataFrame:
    """Return the worth of each quantity, best first."""
    variables = fit["posterior"].dataset.data_vars
    names = [str(name) for name, variable in variables.items() if variable.attrs.get("kind") == "quantity"]
    stakes, priors = stakes_of(loss), illustrative_priors(fit)
    achieved = [reductions(stakes, held_out(expected(stakes[None], known_of(loss, variables[name])))) for name in names]
    rows = [
        {"parameter": name, **asdict(worth), "illustrative": name in priors}
        for name, worth in zip(names, worths(loss, achieved), strict=True)
    ]
    return _ranked(pd.DataFrame(rows, columns=["parameter", *Worth.__dataclass_fields__, "illustrative"]), 0.0)


def _answers(
    fit: xr.DataTree,
    loss: xr.DataArray,
    asked: Questions,
    costs: Mapping[tuple[str, str], float],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the worth of one more answer to each question by each who can be asked, best first."""
    stakes, simulate = stakes_of(loss), answers(fit, asked)
    rows, achieved, exactly = [], [], []
    for question, row in asked.table.iterrows():
        about = expected(stakes[None], known_of(loss, asked.truth.sel(question=question)))
        exact = reductions(stakes, held_out(about))
        for expert in to_ask(fit, asked, str(question)):
            said = known_of(loss, simulate(str(question), expert, rng))
            achieved.append(reductions(stakes, held_out(expected(about, said))))
            exactly.append(exact)
            cost = cost_of(costs, expert, str(row["id"]))
            rows.append({"question": str(question), "expert": expert, **row.drop("width").to_dict(), "cost": cost})
    found = pd.DataFrame(map(asdict, worths(loss, achieved)))
    most = pd.DataFrame(map(asdict, worths(loss, exactly)))
    table = pd.DataFrame(rows).join(found).assign(most=most["gain"], most_mcse=most["gain_mcse"])
    table["net"] = table["gain"] - table["cost"] if loss.sizes["regime"] > 1 else np.nan
    return _ranked(table, table["cost"])


def _ranked(table: pd.DataFrame, cost: pd.Series | float) -> pd.DataFrame:
    """Put the best first: by gain less cost, where chance in a gain does not count, then by sharper."""
    told = table["gain"] > TOLD * table["gain_mcse"]
    order = {"_net": table["gain"].where(told, 0.0) - cost, "_sharper": table["sharper"]}
    ranked = table.assign(told=told, **order).sort_values(list(order), ascending=False, kind="stable")
    return ranked.drop(columns=list(order)).reset_index(drop=True)
