"""How well pools and expert models predict seeds they have not seen, on thirty published studies and one set of events.

    .venv/bin/python benchmarks/panels.py

Writes `benchmarks/panels.md` and `docs/images/gains.png`; reads `../shared/data`. It takes about an hour on two cores,
keeps what is done in `benchmarks/results`, and goes on there if it was stopped.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import xarray as xr

from blackball.inference.panels import QUICK, aggregate, crossvalidate
from blackball.inference.panels.learn import learn, prepare_panel
from blackball.inference.panels.methods import KEPT
from blackball.inference.panels.predict import predicted_distribution
from blackball.inference.parallel import processes
from blackball.inference.what_if import thinned
from blackball.panel import Panel, panel_of
from blackball.panel.schema import EXPERTS, JUDGEMENTS, QUESTIONS
from blackball.panel.table import as_table
from blackball.pools import answers_of, score_quantity
from blackball.pools.named import QUANTITY_POOLS
from blackball.reporting.gains import gains
from blackball.reporting.style import styled

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from held_out import held_out_hyperpriors  # noqa: E402
from panel_tables import REFERENCE, assignments_table, compared, methods_table  # noqa: E402
from population import STUDIES, studies  # noqa: E402

CACHE = HERE / "results"
ASSIGNMENTS = {"mixture": 4, "consensus": 1}
POOLS = sorted(QUANTITY_POOLS)
PAGE = """# How well panels predict what they have not seen

Made by `benchmarks/panels.py` with Python {python} on 2 cores. {studies} published seed studies with {seeds} seeds,
each seed predicted from the other seeds of its study. Population values of the expert models are learned on the studies
of other folds only, relatives in one fold; over four random assignments of studies to folds (consensus: one). Gains and
changes are against equal weights, paired by study; intervals resample studies.

![Gain of each method over equal weights, study by study](../docs/images/gains.png)

Log score: of the predicted quantiles at the study's levels, uniform between them and to the ends of the intrinsic range
(ten per cent beyond all quantiles and the realisation), in nats over a uniform guess. Log density: the same of the
whole density. Pinball and CRPS: shares of that range; lower is better. Coverage: share of seeds between the outermost
quantiles (5 and 95 %; in one study 10 and 90 %). `no seeds`: nothing is known to be true, and of seeds it matters only
that the agreement of peers is taken on them. `skills permuted`: what the seeds say of each expert is given to another.

{methods}

## Mixture with seeds, under each assignment of studies to folds

{with_seeds}

## Mixture without seeds

{no_seeds}

## Events

The second round of aggreCAT: 25 people gave probabilities that each of 25 claims replicates. Each claim is predicted
from the others, extremising and weights learned on those others.

{events}

## Speed

| what | seconds |
|---|---:|
{timed}
"""
EVENTS = ["equal", "median", "trimmed", "geometric-odds", "extremised", "neyman-roughgarden", "beta-linear"]


def by_models(panels: list[Panel], experts: str) -> pd.DataFrame:
    """Predict all seeds by an expert model, with seeds and without, over its assignments of studies to folds."""
    parts = []
    for number in range(ASSIGNMENTS[experts]):
        hyper = held_out_hyperpriors(panels, experts, number, CACHE)
        for scheme, suffix in (("leave-one-out", "with seeds"), ("without-seeds", "no seeds")):
            found = crossvalidate(panels, [experts], scheme=scheme, hyper=hyper, folder=CACHE, workers=processes(2))
            assert found.failures.empty, found.failures
            parts.append(found.scores.assign(method=f"{experts}, {suffix}", assignment=number))
        if experts == "mixture" and number == 0:
            parts.append(permuted(panels, hyper).assign(assignment=number))
    return pd.concat(parts)


def permuted(panels: list[Panel], hyper: dict[str, xr.Dataset]) -> pd.DataFrame:
    """Predict with seeds, but with what they say of each expert given to another: the control."""
    rng, rows = np.random.default_rng(1), []
    for panel in panels:
        prepared = prepare_panel(panel, hyper=hyper[panel.name], only_seeds=True)
        answers, free = answers_of(panel), [rv.name for rv in prepared.built.model.free_RVs]
        labels = [answers.questions[place] for place in answers.seeds]
        for place, label in zip(answers.seeds, labels, strict=True):
            train = [other for other in labels if other != label]
            draws = learn(prepared, train, QUICK)[free]
            draws["aptitude"] = draws["aptitude"].copy(
                data=draws["aptitude"].values[..., rng.permutation(len(answers.experts))]
            )
            moved = thinned(prepared.predict(draws, prepared.known(train)), KEPT)
            ends = float(answers.low[place]), float(answers.high[place])
            cell = prepared.built.quantities.sel(judged=label)
            predicted = predicted_distribution(moved, cell, *ends, log=bool(answers.log[place]))
            scored = vars(score_quantity(predicted, float(answers.realisations[place]), answers.levels))
            rows.append({"panel": panel.name, "method": "mixture, skills permuted", "question": label, **scored})
    return pd.DataFrame(rows)


def claims() -> Panel:
    """Return the second round of aggreCAT: 25 people on 25 claims, each of which then replicated or did not."""
    ratings = pd.read_csv(STUDIES.parent / "aggrecat" / "data_ratings.csv")
    outcomes = pd.read_csv(STUDIES.parent / "aggrecat" / "data_outcomes.csv")
    chosen = (ratings["round"] == "round_2") & (ratings["element"] == "three_point_best")
    best = ratings[chosen & (ratings["question"] == "direct_replication")]
    judged = best.assign(
        question=best["paper_id"].astype(str), form="point", value=best["value"] / 100, source="aggreCAT"
    )
    frames = {
        JUDGEMENTS: judged.rename(columns={"user_name": "expert"})[["expert", "question", "form", "value", "source"]],
        EXPERTS: pd.DataFrame({"expert": sorted(set(best["user_name"])), "source": "aggreCAT"}),
        QUESTIONS: pd.DataFrame(
            {
                "question": outcomes["paper_id"].astype(str),
                "text": "Does the claim replicate?",
                "support": "probability",
                "realisation": outcomes["outcome"],
                "source": "aggreCAT",
            }
        ),
    }
    return panel_of("aggreCAT", *(as_table(frame, schema, schema.name) for schema, frame in frames.items()))


def events_table() -> str:
    """Predict each claim from the others, and lay the scores out."""
    found = crossvalidate([claims()], [*EVENTS, "mixture", "consensus"], folder=CACHE, workers=processes(2))
    means = found.scores.groupby("method")[["brier", "event_log_score"]].mean().sort_values("brier")
    rows = [f"| {name} | {row['brier']:.4f} | {row['event_log_score']:.3f} |" for name, row in means.iterrows()]
    return "\n".join(["| method | Brier | log score |", "|---|---:|---:|", *rows])


def seconds(panels: list[Panel]) -> dict[str, float]:
    """Time what a user waits for, without anything kept from before."""
    found = {}
    for name, methods, workers in (
        ("leave-one-seed-out of all studies by mixture, 2 processes, compile included", ["mixture"], 2),
        ("leave-one-seed-out of all studies by all pools of distributions, 1 process", POOLS, 1),
    ):
        started = perf_counter()
        assert crossvalidate(panels, methods, workers=processes(workers)).failures.empty
        found[name] = perf_counter() - started
    panel = next(panel for panel in panels if panel.name == "PHAC 2009 final")
    aggregate(panel)  # imports what is imported once
    started = perf_counter()
    prepare_panel(panel)
    compiled = perf_counter() - started
    started = perf_counter()
    aggregate(panel)
    whole = perf_counter() - started
    found["one panel of 10 experts and 36 questions by `blackball.aggregate`, 4,000 draws"] = whole
    found["of which building and compiling, measured by itself"] = compiled
    return found


def main() -> None:
    """Run everything and write the page and the figure."""
    CACHE.mkdir(exist_ok=True)
    panels = studies()
    pools = crossvalidate(panels, POOLS, folder=CACHE).scores.assign(assignment=0)
    models = pd.concat([by_models(panels, experts) for experts in ASSIGNMENTS])
    # A study's score is its mean over the assignments, each of which learned elsewhere.
    everything = pd.concat([pools, models])
    with styled():
        shown = everything[~everything["method"].str.contains("permuted|item")]
        tables = {score: table for score, table in compared(shown).items() if score != "log_density"}
        gains(shown, tables, REFERENCE).savefig(HERE.parent / "docs" / "images" / "gains.png", dpi=130)
    timed = "\n".join(f"| {name} | {took:.1f} |" for name, took in seconds(panels).items())
    page = PAGE.format(
        python=platform.python_version(),
        studies=len(panels),
        seeds=len(pools[pools["method"] == REFERENCE]),
        methods=methods_table(everything),
        with_seeds=assignments_table(models, pools, "mixture, with seeds"),
        no_seeds=assignments_table(models, pools, "mixture, no seeds"),
        events=events_table(),
        timed=timed,
    )
    (HERE / "panels.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
