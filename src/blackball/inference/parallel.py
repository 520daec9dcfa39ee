"""Run many jobs at once, on threads or in processes; a job that fails is reported and stops no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from signal import SIG_IGN, SIGINT, signal

from blackball.errors import BlackballError, InputError, Problem

__all__ = ["DIED", "Failed", "Workers", "finished", "first_line", "processes", "threads"]

DIED = "the worker process died"


@dataclass(frozen=True)
class Workers:
    """What runs jobs.

    Attributes
    ----------
    opened : callable
        Opens it; opened anew when a process of it died.
    count : int
        How many jobs it runs at once.
    here : bool
        Whether jobs see the files of this machine.
    """

    opened: Callable[[], AbstractContextManager[Executor]]
    count: int
    here: bool = True


@dataclass(frozen=True)
class Failed:
    """Takes the place of the result of a job that failed.

    Attributes
    ----------
    reason : str
    """

    reason: str


def threads(count: int) -> Workers:
    """Share one process: for work that is done outside Python, on data that all jobs share."""
    _check(count)
    return Workers(lambda: ThreadPoolExecutor(count), count)


def processes(count: int) -> Workers:
    """Start processes of their own; a single one is this one, and waits for each job."""
    _check(count)
    return Workers(lambda: _started(count), count) if count > 1 else Workers(_Here, 1)


def _check(count: int) -> None:
    if count < 1:
        raise InputError([Problem("workers", "must be at least 1", value=count)])


class _Here(Executor):
    """Do each job at once, so that an interrupt ends it."""

    def submit[**P, Result](self, fn: Callable[P, Result], /, *args: P.args, **kwargs: P.kwargs) -> Future[Result]:
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # whatever it is, it is reported and the other jobs go on
            future.set_exception(error)
        return future


@contextmanager
def _started(count: int) -> Iterator[Executor]:
    others = set(active_children())
    # Started afresh: a fork of a process with threads of its own may hang. An interrupt is this process's to handle.
    executor = ProcessPoolExecutor(count, get_context("spawn"), signal, (SIGINT, SIG_IGN))
    try:
        yield executor
    except BaseException:
        for process in set(active_children()) - others:
            process.terminate()
        raise
    finally:
        executor.shutdown()


def finished[Job, Result](
    work: Callable[[Job], Result], jobs: Sequence[Job], workers: Workers
) -> Iterator[tuple[int, Result | Failed]]:
    """Do the same work on every job, the first jobs first, and yield each job's place and result as it comes.

    Jobs that were being done when a process died are done once more, each alone: one that kills its process stops no
    other.

    Parameters
    ----------
    work : callable
        Importable by name unless workers are threads.
    jobs : sequence
    workers : Workers
        From `threads`, `processes` or `on_cluster`.

    Raises
    ------
    SetupError
        If the workers cannot be had; nothing has then been done.
    """
    waiting = deque(range(len(jobs)))
    while waiting:
        for place in (yield from _until_one_dies(work, jobs, waiting, workers)):
            if (yield from _until_one_dies(work, jobs, deque([place]), workers)):
                yield place, Failed(DIED)


def _until_one_dies[Job, Result](
    work: Callable[[Job], Result], jobs: Sequence[Job], waiting: deque[int], workers: Workers
) -> Generator[tuple[int, Result | Failed], None, list[int]]:
    """Do what is waiting, no more at once than there are workers; return what was being done when one died."""
    running: dict[Future[Result], int] = {}
    with workers.opened() as executor:
        while waiting or running:
            try:
                while waiting and len(running) < workers.count:
                    running[executor.submit(work, jobs[waiting[0]])] = waiting[0]
                    waiting.popleft()
            except BrokenProcessPool:
                return list(running.values())
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                if isinstance(future.exception(), BrokenProcessPool):
                    return list(running.values())
                outcome = _outcome(future)
                yield running.pop(future), outcome
    return []


def _outcome[Result](future: Future[Result]) -> Result | Failed:
    """Return what a finished job returned, or why it failed."""
    error = future.exception()
    if error is None:
        return future.result()
    return Failed(str(error) if isinstance(error, BlackballError) else f"{type(error).__name__}: {error}")


def first_line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return (str(error) or type(error).__name__).splitlines()[0]
