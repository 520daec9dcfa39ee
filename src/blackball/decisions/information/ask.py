"""What is worth asking next: each parameter, and one more answer to each open question, by what it would gain.

Gains come from the posterior draws and the fit's own expert model; see `worth` and `answers` for what they assume.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.decisions.headlines import headlines
from blackball.decisions.information.answers import answers, to_ask
from blackball.decisions.information.asking import Asking
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

__all__ = ["ask"]

TOLD = 2.0
"""Monte Carlo standard errors that a gain must exceed to be told from 0."""


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
    asked = open_questions(fit)
    experts = [str(name) for name in fit["encoded"].to_dataset()["expert"].values]
    check_costs(costs or {}, [*experts, NEW], sorted(set(asked.table["id"])))
    regimes = loss["regime"].values.tolist()
    titles = fit["regimes"].to_dataset()["title"].values.tolist() if "regimes" in fit.children else []
    return Asking(
        model=str(fit.attrs["model"]),
        weights=weighing,
        at=str(loss["at"].item()),
        regimes=dict(zip(regimes, titles, strict=True)) if titles else {},
        now=str(regimes[int(np.argmin(loss.mean(("chain", "draw")).values))]),
        everything=evpi(loss),
        parameters=_parameters(fit, loss),
        questions=_answers(fit, loss, asked, costs or {}, np.random.default_rng(seed)),
        leans=_leans(fit, weighing, str(loss["at"].item())),
        illustrative_inputs=illustrative_inputs(fit, headlines(fit)),
        illustrative_priors=illustrative_priors(fit),
        verdict=str(fit.attrs["verdict"]),
    )


def _leans(fit: xr.DataTree, weights: Mapping[str, float], at: str) -> bool:
    """Return whether the loss of some regime leans on illustrative numbers."""
    outcomes = headlines(fit)
    found = leaning(fit, {name: outcomes[name] for name, weight in weights.items() if weight > 0} or outcomes)
    return bool(found["leans"][found["at"].isin(["", at])].any())


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
        exactly.append(reductions(stakes, held_out(about)))
        for expert in to_ask(fit, asked, str(question)):
            said = known_of(loss, simulate(str(question), expert, rng))
            achieved.append(reductions(stakes, held_out(expected(about, said))))
            cost = cost_of(costs, expert, str(row["id"]))
            rows.append({"question": str(question), "expert": expert, **row.drop("width").to_dict(), "cost": cost})
    table = pd.DataFrame(rows).join(pd.DataFrame(map(asdict, worths(loss, achieved))))
    most = dict(zip(asked.table.index, worths(loss, exactly), strict=True))
    table["most"] = [most[question].gain for question in table["question"]]
    table["most_mcse"] = [most[question].gain_mcse for question in table["question"]]
    chooses = loss.sizes["regime"] > 1
    table["net"] = table["gain"] - table["cost"] if chooses else np.nan
    return _ranked(table, table["cost"] if chooses else 0.0)


def _ranked(table: pd.DataFrame, cost: pd.Series | float) -> pd.DataFrame:
    """Put the best first: by gain less cost, where chance in a gain does not count, then by sharper."""
    told = table["gain"] > TOLD * table["gain_mcse"]
    order = {"_net": table["gain"].where(told, 0.0) - cost, "_sharper": table["sharper"]}
    ranked = table.assign(told=told, **order).sort_values(list(order), ascending=False, kind="stable")
    return ranked.drop(columns=list(order)).reset_index(drop=True)
