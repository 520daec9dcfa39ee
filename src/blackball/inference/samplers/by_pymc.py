"""PyMC's own No-U-Turn Sampler, in Python, on PyTensor's compiled density: a process for each chain."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_all_start_methods
from signal import SIGINT, default_int_handler, getsignal, signal
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

import pymc as pm
import xarray as xr

if TYPE_CHECKING:
    from blackball.inference.settings import Progress, Settings

__all__ = ["by_pymc"]

EVERY = 20
"""Draws, of all chains together, between two notes of progress."""

STATS = {
    "diverging": "diverging",
    "energy": "energy",
    "lp": "logp",
    "reached_max_treedepth": "maxdepth_reached",
    "n_steps": "n_steps",
}


class _Counted:
    """Counts the draws of all chains; PyMC calls it for each."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def __call__(self, trace: Any, draw: Any) -> None:
        self.done += 1
        if self.done % EVERY == 0 or self.done == self.total:
            self.progress("sample", self.done, self.total)


def by_pymc(model: pm.Model, settings: Settings, progress: Progress) -> tuple[xr.Dataset, xr.Dataset]:
    """Sample a model.

    Parameters
    ----------
    model : pymc.Model
    settings : Settings
        The same seed gives other draws when versions or the number of cores change.
    progress : Progress
        Told of the stages `compile` and `sample`.

    Returns
    -------
    (Dataset, Dataset)
        The free variables on their natural scales, and what the sampler says of each draw.

    Raises
    ------
    KeyboardInterrupt
        If interrupted.
    """
    progress("compile", 0, 0)
    with _interruptible():
        tree = _sampled(model, settings, _Counted(settings.chains * (settings.tune + settings.draws), progress))
    stats = tree["sample_stats"].dataset
    return _bare(tree["posterior"].dataset), _bare(stats[list(STATS)].rename(STATS))


def _forks() -> int:
    """Return how many chains may run at once.

    A forked process has the compiled density; any other kind would compile again, and run the user's script anew to
    begin with.  Where there is no fork, or JAX is loaded, whose threads do not survive one, chains run in turn.
    """
    return (os.cpu_count() or 1) if "fork" in get_all_start_methods() and "jax" not in sys.modules else 1


class _Interrupted(BaseException):
    """Ctrl-C under a name that PyMC does not know."""


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end it all: PyMC would go on with the next chain, and return the draws so far as if they were all."""
    if current_thread() is not main_thread() or getsignal(SIGINT) is not default_int_handler:
        yield
        return

    def interrupt(*_: object) -> None:
        raise _Interrupted

    signal(SIGINT, interrupt)
    try:
        yield
    except _Interrupted:
        raise KeyboardInterrupt from None
    finally:
        signal(SIGINT, default_int_handler)


def _sampled(model: pm.Model, settings: Settings, counted: _Counted) -> xr.DataTree:
    cores = min(settings.chains, _forks())
    with model, warnings.catch_warnings():
        # Python warns of any fork while threads live.  Chains only run compiled code, which takes none of their locks.
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        tree: xr.DataTree = pm.sample(
            draws=settings.draws,
            tune=settings.tune,
            chains=settings.chains,
            cores=cores,
            mp_ctx="fork" if cores > 1 else None,
            random_seed=settings.seed,
            nuts_sampler="pymc",
            nuts={"target_accept": settings.target_accept},
            var_names=[rv.name for rv in model.free_RVs],
            callback=counted,
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
        )
        return tree


def _bare(dataset: xr.Dataset) -> xr.Dataset:
    """Drop the attributes, times of day among them: a fit says of itself where it comes from."""
    return dataset.drop_attrs()
