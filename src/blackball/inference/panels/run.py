"""Run many tasks in processes; a task that fails is reported and stops no other."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING

from blackball.errors import BlackballError
from blackball.inference.panels.tasks import Task, run_task
from blackball.modelling.experts import EXPERT_MODELS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blackball.inference.panels.tasks import Row
    from blackball.inference.settings import Progress

__all__ = ["run_all"]

ATTEMPTS = 2
"""How often a task is tried whose worker process died, be it through its own fault or another's."""


def run_all(jobs: Sequence[tuple[Task, Path | None]], workers: int, progress: Progress) -> list[list[Row] | str]:
    """Run tasks, the longest first.

    Parameters
    ----------
    jobs : sequence of (Task, Path or None)
        Each with the file where its results are kept.
    workers : int
        Processes; with 1 everything runs in this one.
    progress : Progress
        Told of the stage `predict`.

    Returns
    -------
    list
        What each task returned, in order; for one that failed, why.
    """
    found: dict[int, list[Row] | str] = {}
    for _ in range(ATTEMPTS):
        left = sorted(set(range(len(jobs))) - set(found), key=lambda place: -_cost(jobs[place][0]))
        with _executor(workers) as executor:
            futures = {executor.submit(run_task, *jobs[place]): place for place in left}
            for future in as_completed(futures):
                died = isinstance(future.exception(), BrokenProcessPool)
                if not died:
                    found[futures[future]] = _outcome(future)
                progress("predict", len(found), len(jobs))
    return [found.get(place, "the worker process died") for place in range(len(jobs))]


def _executor(workers: int) -> Executor:
    if workers == 1:
        return ThreadPoolExecutor(1)
    # Started afresh: a fork of a process with threads of its own may hang.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _outcome(future: Future[list[Row]]) -> list[Row] | str:
    error = future.exception()
    if error is None:
        return future.result()
    return str(error) if isinstance(error, BlackballError) else f"{type(error).__name__}: {error}"


def _cost(task: Task) -> float:
    """Return roughly how long a task takes, so that the longest begin first."""
    factor = 100.0 if task.method in EXPERT_MODELS else 1.0
    return factor * len(task.folds) * len(task.panel.judgements)
