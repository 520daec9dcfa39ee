"""How fast `ask` is, and how its answers under the `mixture` compare with real updates; writes `benchmarks/asking.md`.

Run with `python benchmarks/asking.py [STUDY]` on an otherwise idle machine; without a study `one-or-many` is fitted.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

import blackball as bb
from blackball.decisions.information import ask, evppi, evsi
from blackball.decisions.information.answers import answers
from blackball.decisions.information.loss import loss_of
from blackball.decisions.information.mixture_answers import share_of_weight
from blackball.decisions.information.questions import NEW, open_questions
from blackball.shipped import shipped

HERE = Path(__file__).parent
WEIGHTS = {"catastrophe": 1.0, "power_concentration": 0.5}
COUNT = 20
SAID = 400
"""Answers to each question that are compared with an update."""


def study() -> xr.DataTree:
    """Return the fit that is asked."""
    if len(sys.argv) > 1:
        return bb.open_study(sys.argv[1]).read()
    data = shipped("data")
    return bb.fit("one-or-many", data / "western-projects", data / "regimes.toml", seed=1)


def speed(fit: xr.DataTree) -> dict[str, float]:
    """Time the value of parameters and of answers, and all of `ask`."""
    loss, asked = loss_of(fit, WEIGHTS).drop_vars("at"), open_questions(fit)
    simulate, rng = answers(fit, asked), np.random.default_rng(1)
    posterior = fit["posterior"].dataset
    quantities = [posterior[name] for name in posterior if posterior[name].attrs.get("kind") == "quantity"][:COUNT]
    labels = asked.table.index[:COUNT]
    evppi(loss, quantities[0])  # imports what is imported once
    started = perf_counter()
    for quantity in quantities:
        evppi(loss, quantity)
    parameters = perf_counter()
    for label in labels:
        evsi(loss, asked.truth.sel(question=label), simulate(label, NEW, rng))
    questions = perf_counter()
    rows = len(ask(fit, WEIGHTS).questions)
    whole = perf_counter() - questions
    return {"parameters": parameters - started, "questions": questions - parameters, "whole": whole, "rows": rows}


def moved(fit: xr.DataTree, question: str, outcome: np.ndarray) -> dict[str, float]:
    """Compare posterior means of an outcome, answer by answer: as `ask` reckons them, and as an update would."""
    asked = open_questions(fit)
    value = fit["posterior"]["recalibration"]
    parameter = {str(n): value.sel(hyperparameter=n).to_numpy().ravel() for n in value["hyperparameter"].values}
    truth = asked.truth.sel(question=question).to_numpy().ravel()
    width = np.hypot(parameter["width"] * asked.table.loc[question, "width"], parameter["extra_width"])
    share = share_of_weight(fit, asked)(question, NEW).ravel()
    said = answers(fit, asked)(question, NEW, np.random.default_rng(3)).to_numpy().ravel()
    density = _density(fit, question, truth, parameter)
    means = []
    for answer in np.random.default_rng(4).choice(said, SAID, replace=False):
        own = stats.t.pdf((truth - answer) / width, parameter["degrees"]) / width
        weights = (share * own + (1 - share) * own.mean(), 1 - share + share * own / density)
        means.append([weight @ outcome / weight.sum() for weight in weights])
    reckoned, updated = np.array(means).T
    return {
        "share of weight": share.mean(),
        "correlation": float(np.corrcoef(reckoned, updated)[0, 1]),
        "update moves, times as far": float(updated.std() / reckoned.std()),
    }


def _density(fit: xr.DataTree, question: str, truth: np.ndarray, parameter: dict[str, np.ndarray]) -> np.ndarray:
    """Return the density of the truth under the answers that the question has, in each draw."""
    table = fit["constant_data"]["answers"].sel(judged=question)
    column = {str(name): table.sel(feature=name).to_numpy() for name in table["feature"].values}
    of_draw = {name: values[:, None] for name, values in parameter.items()}
    weight = fit["posterior"]["weight"].to_numpy().reshape(len(truth), -1)
    logs = column["own"] + of_draw["narrow"] * column["narrow"] + of_draw["off_centre"] * column["off_centre"]
    weight = weight * np.exp(logs)
    lower, upper = (
        np.sqrt((of_draw["width"] * column[side]) ** 2 + of_draw["extra_width"] ** 2 + column[f"{side}_rest"] ** 2)
        for side in ("lower", "upper")
    )
    gap = truth[:, None] - fit["encoded"].to_dataset()["location"].sel(judged=question).to_numpy()
    each = 2 / (lower + upper) * stats.t.pdf(gap / np.where(gap < 0, lower, upper), of_draw["degrees"])
    return np.asarray((weight * each).sum(axis=1) / weight.sum(axis=1))


def main() -> None:
    """Measure, write and print the page."""
    fit = study()
    taken, busy = speed(fit), os.getloadavg()[0]
    table = open_questions(fit).table
    first = fit["posterior"]["catastrophe"].isel(horizon=-1)
    compared = {}
    for question, row in table[table["judged"]].iterrows():
        if row["variable"] in WEIGHTS or row["variable"] == "misaligned":
            variable = fit["posterior"]["power_concentration"] if row["variable"] == "power_concentration" else first
            compared[str(question)] = moved(fit, str(question), variable.sel(regime=row["regime"]).to_numpy().ravel())
    found = pd.DataFrame(compared).T
    draws = fit["posterior"].sizes["chain"] * fit["posterior"].sizes["draw"]
    rows = "\n".join(
        f"| {name} | {found[name].min():.2f} | {found[name].median():.2f} | {found[name].max():.2f} |" for name in found
    )
    regimes = fit["posterior"].sizes["regime"]
    page = f"""# Asking

Made by `benchmarks/asking.py` with Python {platform.python_version()} on {os.cpu_count()} cores, on average {busy:.0f}
processes waiting for them. `one-or-many`, {regimes} regimes, {draws:,} draws:

| step | |
|---|---:|
| EVPPI of {COUNT} parameters | {taken["parameters"]:.1f} s |
| EVSI of {COUNT} questions | {taken["questions"]:.1f} s |
| all of `ask`: every parameter, {taken["rows"]:.0f} pairs of question and expert | {taken["whole"]:.0f} s |

Under the `mixture` an answer is simulated from a joint distribution that an update only approximately shares (see
`mixture_answers.py`). For {len(found)} judged questions and {SAID} simulated answers to each, the posterior mean of
what the question is about, as `ask` reckons it and as the weights of an update have it:

| over questions | lowest | median | highest |
|---|---:|---:|---:|
{rows}
"""
    (HERE / "asking.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main()
