"""Predict panels' seeds from their other seeds, by every method alike: in parallel, and resumable."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from blackball.errors import InputError, Problem
from blackball.inference.kept import make_folder
from blackball.inference.panels.folds import folds_of
from blackball.inference.panels.methods import QUICK
from blackball.inference.panels.tasks import Task, is_done, keep_rows, run_task
from blackball.inference.parallel import Failed, Workers, finished, processes
from blackball.inference.provenance import versions
from blackball.inference.settings import Progress, Settings, quiet
from blackball.modelling.experts import EXPERT_MODELS
from blackball.pools import EventScores, QuantityScores, answers_of, events_of, known_methods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

    from blackball.inference.panels.tasks import Row
    from blackball.panel import Panel

__all__ = ["CrossValidation", "crossvalidate"]


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """How well each method predicted seeds that it had not seen.

    Attributes
    ----------
    scores : pandas.DataFrame
        One row a prediction: panel, method, fold, question, and the scores of `blackball.pools.QuantityScores` or
        `blackball.pools.EventScores` (NaN for those of the other kind).
    failures : pandas.DataFrame
        panel, method and reason of what could not be predicted.
    scheme : str
    """

    scores: pd.DataFrame
    failures: pd.DataFrame
    scheme: str


def crossvalidate(
    panels: Sequence[Panel],
    methods: Sequence[str],
    *,
    scheme: str = "leave-one-out",
    folder: Path | None = None,
    workers: Workers | None = None,
    settings: Settings = QUICK,
    hyper: Mapping[str, xr.Dataset] | None = None,
    progress: Progress = quiet,
) -> CrossValidation:
    """Cross-validate methods on panels.

    Parameters
    ----------
    panels : sequence of Panel
        Each with a name of its own and two or more seeds.
    methods : sequence of str
        Names of `blackball.pools.named.METHODS`.
    scheme : {"leave-one-out", "k-fold", "splits", "without-seeds"}
    folder : Path, optional
        Where results are kept as they come: the same call goes on where it was stopped.
    workers : Workers, optional
        From `blackball.inference.parallel`; by default this process does it all. What another machine does is kept a
        panel and method at a time, else fold by fold.
    settings : Settings
        How to sample expert models, and the seed of random folds.
    hyper : mapping of str to Dataset, optional
        Population values by panel, instead of the shipped ones, for expert models.
    progress : Progress

    Raises
    ------
    InputError
        If a method or the scheme is unknown, two panels have one name, or a panel has fewer than two seeds.
    """
    workers = workers or processes(1)
    tasks = _tasks(panels, methods, scheme, settings, hyper or {})
    files = _files(tasks, folder)
    far = [not workers.here and not is_done(task, file) for task, file in zip(tasks, files, strict=True)]
    jobs = [(task, None if away else file) for task, file, away in zip(tasks, files, far, strict=True)]
    longest = sorted(range(len(jobs)), key=lambda place: -_cost(tasks[place]))
    outcomes: dict[int, list[Row] | Failed] = {}
    for number, outcome in finished(_run, [jobs[place] for place in longest], workers):
        place = longest[number]
        outcomes[place] = outcome
        if far[place] and not isinstance(outcome, Failed):
            keep_rows(files[place], outcome)
        progress("predict", len(outcomes), len(jobs))
    rows, failed = [], []
    for place, task in enumerate(tasks):
        outcome = outcomes[place]
        if isinstance(outcome, Failed):
            failed.append({"panel": task.panel.name, "method": task.method, "reason": outcome.reason})
        else:
            rows += outcome
    scores = pd.DataFrame(rows, columns=["panel", "method", "fold", "question", *_scores()])
    return CrossValidation(scores, pd.DataFrame(failed, columns=["panel", "method", "reason"]), scheme)


def _run(job: tuple[Task, Path | None]) -> list[Row]:
    return run_task(*job)


def _cost(task: Task) -> float:
    """Return roughly how long a task takes, so that the longest begin first."""
    factor = 100.0 if task.method in EXPERT_MODELS else 1.0
    return factor * len(task.folds) * len(task.panel.judgements)


def _scores() -> list[str]:
    return [field.name for kind in (QuantityScores, EventScores) for field in fields(kind)]


def _tasks(
    panels: Sequence[Panel],
    methods: Sequence[str],
    scheme: str,
    settings: Settings,
    hyper: Mapping[str, xr.Dataset],
) -> list[Task]:
    known_methods(methods)
    names = [panel.name for panel in panels]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            Problem("panels", "two panels have this name: results could not be told apart", value=name)
            for name in twice
        )
    tasks = []
    for panel in panels:
        seeds = [
            laid_out.questions[place] for laid_out in (answers_of(panel), events_of(panel)) for place in laid_out.seeds
        ]
        folds = tuple(folds_of(seeds, scheme, panel=panel.name, seed=settings.seed))
        tasks += [
            Task(panel, method, folds, settings, hyper.get(panel.name) if method in EXPERT_MODELS else None)
            for method in methods
        ]
    return tasks


def _files(tasks: Sequence[Task], folder: Path | None) -> list[Path | None]:
    """Return where each task keeps its results: files whose names change with anything that the results depend on."""
    if folder is None:
        return [None] * len(tasks)
    make_folder(folder)
    tools = json.dumps(versions())
    return [
        folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', task.panel.name)}.{task.method}.{task.key(tools)}.jsonl"
        for task in tasks
    ]
