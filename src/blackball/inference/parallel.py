"""Run many jobs at once: on threads, in processes or on a cluster; a job that fails is reported and stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from blackball.errors import BlackballError, SetupError

__all__ = ["Failed", "Workers", "cluster", "finished", "processes", "run_all", "threads"]

ATTEMPTS = 2
"""How often a job is tried whose worker process died, be it through its own fault or another's."""

PATIENCE = "5s"
"""How long a cluster may take to answer."""

type Workers = Callable[[], AbstractContextManager[Executor]]
"""Opens what runs jobs; opened anew for those whose process died."""


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
    return lambda: ThreadPoolExecutor(count)


def processes(count: int) -> Workers:
    """Start processes of their own; a single one is this one."""
    if count == 1:
        return threads(1)
    # Started afresh: a fork of a process with threads of its own may hang.
    return lambda: ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def cluster(address: str) -> Workers:
    """Use the workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of its scheduler, such as `tcp://10.0.0.1:8786`.

    Raises
    ------
    SetupError
        If Dask is not installed, no scheduler answers there, or it has no workers.
    """
    try:
        from dask.distributed import Client  # slow to import, and an extra
    except ImportError:
        rule = "install `dask[distributed]`, which the extra `cluster` brings: pip install 'blackball[cluster]'"
        raise SetupError(f"cluster {address!r}: Dask is not installed here; {rule}") from None

    @contextmanager
    def connected() -> Iterator[Executor]:
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise SetupError(f"cluster {address!r}: no Dask scheduler answers there ({_first_line(error)})") from None
        with client:
            if not client.scheduler_info()["workers"]:
                raise SetupError(f"cluster {address!r}: the scheduler has no workers; start some with `dask worker`")
            yield client.get_executor(pure=False)

    with connected():
        return connected


def finished[Job, Result](
    work: Callable[[Job], Result], jobs: Sequence[Job], workers: Workers
) -> Iterator[tuple[int, Result | Failed]]:
    """Do the same work on every job, the first jobs first, and yield each job's place and result as it comes.

    Parameters
    ----------
    work : callable
        Importable by name unless workers are threads.
    jobs : sequence
    workers : Workers
        From `threads`, `processes` or `cluster`.

    Raises
    ------
    SetupError
        If the workers cannot be had; nothing has then been done.
    """
    left = set(range(len(jobs)))
    for _ in range(ATTEMPTS):
        if not left:
            return
        with workers() as executor:
            futures = {executor.submit(work, jobs[place]): place for place in sorted(left)}
            try:
                for future in as_completed(futures):
                    if not isinstance(future.exception(), BrokenProcessPool):
                        left.discard(futures[future])
                        outcome = _outcome(future)
                        yield futures[future], outcome
            finally:
                # Interrupted, or an error of whoever asked: what has not begun must not.
                for future in futures:
                    future.cancel()
    for place in sorted(left):
        yield place, Failed("the worker process died")


def run_all[Job, Result](
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    workers: Workers,
    told: Callable[[int, int], None],
) -> list[Result | Failed]:
    """Do the same work on every job; parameters and errors as for `finished`.

    Parameters
    ----------
    work, jobs, workers
    told : callable
        Told how many of how many jobs are behind.

    Returns
    -------
    list
        What the work returned of each job, in order; `Failed` for one that failed.
    """
    found: dict[int, Result | Failed] = {}
    for place, result in finished(work, jobs, workers):
        found[place] = result
        told(len(found), len(jobs))
    return [found[place] for place in range(len(jobs))]


def _outcome[Result](future: Future[Result]) -> Result | Failed:
    """Return what a finished job returned, or why it failed."""
    error = future.exception()
    if error is None:
        return future.result()
    return Failed(str(error) if isinstance(error, BlackballError) else f"{type(error).__name__}: {error}")


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
