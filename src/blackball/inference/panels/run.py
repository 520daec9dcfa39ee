"""Run many tasks in processes; a task that fails is reported and stops no other."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING

from blackball.errors import BlackballError
from blackball.inference.panels.tasks import Task, run_task
from blackball.modelling.experts import EXPERT_MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from blackball.inference.panels.tasks import Row
    from blackball.inference.settings import Progress

    type Job = tuple[Task, Path | None]
    type Note = Callable[[int, list[Row] | str], None]

__all__ = ["run_all"]

DIED = "the worker process died"


def run_all(jobs: Sequence[Job], workers: int, progress: Progress) -> list[list[Row] | str]:
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

    def note(place: int, outcome: list[Row] | str) -> None:
        found[place] = outcome
        progress("predict", len(found), len(jobs))

    waiting = deque(sorted(range(len(jobs)), key=lambda place: -_cost(jobs[place][0])))
    if workers == 1:
        for place in waiting:
            note(place, _here(jobs[place]))
    else:
        _in_processes(jobs, waiting, workers, note)
    return [found[place] for place in range(len(jobs))]


def _here(job: Job) -> list[Row] | str:
    try:
        return run_task(*job)
    except Exception as error:  # whatever it is, it is reported and the other tasks go on
        return _reason(error)


def _in_processes(jobs: Sequence[Job], waiting: deque[int], workers: int, note: Note) -> None:
    """Run tasks in worker processes; those that ran when a worker died are tried once more, each alone."""
    while waiting:
        for place in _until_one_dies(jobs, waiting, workers, note):
            if _until_one_dies(jobs, deque([place]), 1, note):
                note(place, DIED)


def _until_one_dies(jobs: Sequence[Job], waiting: deque[int], workers: int, note: Note) -> list[int]:
    """Run what is waiting, no more at once than there are workers; return what was running when one died."""
    running: dict[Future[list[Row]], int] = {}
    with _executor(workers) as executor:
        while waiting or running:
            try:
                while waiting and len(running) < workers:
                    running[executor.submit(run_task, *jobs[waiting[0]])] = waiting[0]
                    waiting.popleft()
            except BrokenProcessPool:
                return list(running.values())
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                if isinstance(future.exception(), BrokenProcessPool):
                    return list(running.values())
                note(running.pop(future), _outcome(future))
    return []


@contextmanager
def _executor(workers: int) -> Iterator[ProcessPoolExecutor]:
    others = set(active_children())
    # Started afresh: a fork of a process with threads of its own may hang. An interrupt is this process's to handle.
    executor = ProcessPoolExecutor(workers, get_context("spawn"), signal, (SIGINT, SIG_IGN))
    try:
        yield executor
    except BaseException:
        for process in set(active_children()) - others:
            process.terminate()
        raise
    finally:
        executor.shutdown()


def _outcome(future: Future[list[Row]]) -> list[Row] | str:
    error = future.exception()
    return future.result() if error is None else _reason(error)


def _reason(error: BaseException) -> str:
    return str(error) if isinstance(error, BlackballError) else f"{type(error).__name__}: {error}"


def _cost(task: Task) -> float:
    """Return roughly how long a task takes, so that the longest begin first."""
    factor = 100.0 if task.method in EXPERT_MODELS else 1.0
    return factor * len(task.folds) * len(task.panel.judgements)
