"""Panels from a script: aggregate, score, cross-validate, and learn from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.api.given import read_given_panel
from blackball.inference import Settings
from blackball.inference.on_cluster import on_cluster
from blackball.inference.panels import (
    QUICK,
    CrossValidation,
    Scored,
    learn_population,
    prepare_population,
)
from blackball.inference.panels import aggregate as aggregate_panel
from blackball.inference.panels import crossvalidate as crossvalidate_panels
from blackball.inference.panels import score as score_panel
from blackball.inference.parallel import processes
from blackball.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

__all__ = ["aggregate", "crossvalidate", "hyperpriors", "score"]


def aggregate(panel: Panel | str | Path, by: str = "mixture", *, seed: int = 1) -> xr.Dataset:
    """Say what a panel says of each question, by an expert model or a pool.

    Parameters
    ----------
    panel : Panel, str or Path
        Read, or what `read_panel` takes.
    by : str
        One of `blackball.pools.named.METHODS`: `mixture`, `consensus`, or a pool such as `equal` or `geometric-odds`.
    seed : int

    Returns
    -------
    Dataset
        As `blackball.inference.panels.aggregate`.

    Raises
    ------
    BlackballError
        If the panel is wrong, or the method cannot work with it.
    """
    return aggregate_panel(read_given_panel(panel), by, Settings(seed=seed))


def score(
    panel: Panel | str | Path, methods: Sequence[str] | None = None, *, seed: int = 1, workers: int = 1
) -> Scored:
    """Score a panel's experts, pools and expert models on its seeds, each predicted from the others.

    Parameters
    ----------
    panel : Panel, str or Path
    methods : sequence of str, optional
        Of `blackball.pools.named.METHODS`; by default all that the kinds of seeds allow.
    seed, workers : int

    Raises
    ------
    BlackballError
        If the panel is wrong or has fewer than two seeds, or a method is unknown.
    """
    return score_panel(read_given_panel(panel), methods, settings=replace(QUICK, seed=seed), workers=processes(workers))


def crossvalidate(
    panels: Sequence[Panel | str | Path],
    methods: Sequence[str] = ("equal", "mixture"),
    *,
    scheme: str = "leave-one-out",
    folder: str | Path | None = None,
    hyper: Mapping[str, xr.Dataset] | None = None,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
) -> CrossValidation:
    """Predict the seeds of many panels from their other seeds, by every method alike.

    `blackball.pools.paired` compares the methods of the result.

    Parameters
    ----------
    panels : sequence of Panel, str or Path
    methods : sequence of str
        Of `blackball.pools.named.METHODS`.
    scheme : {"leave-one-out", "k-fold", "splits", "without-seeds"}
    folder : str or Path, optional
        Where results are kept as they come: the same call goes on where it was stopped.
    hyper : mapping of str to Dataset, optional
        Population values by panel, from `hyperpriors`. The shipped ones were learned on thirty published studies: who
        scores one of those learns them anew without it and its relatives, as `benchmarks/held_out.py` does.
    seed : int
    workers : int
        Processes that share the work.
    cluster : str, optional
        Address of a Dask scheduler such as `tcp://10.0.0.1:8786`, whose workers share it instead.

    Raises
    ------
    BlackballError
        If a panel is wrong or has fewer than two seeds, no cluster answers, or a method or the scheme is unknown.
    """
    return crossvalidate_panels(
        [read_given_panel(panel) for panel in panels],
        methods,
        scheme=scheme,
        folder=None if folder is None else Path(folder),
        workers=processes(workers) if cluster is None else on_cluster(cluster),
        settings=replace(QUICK, seed=seed),
        hyper=hyper,
    )


def hyperpriors(panels: Sequence[Panel | str | Path], experts: str = "mixture", *, seed: int = 1) -> xr.Dataset:
    """Learn where new panels start from panels whose seeds came true.

    Parameters
    ----------
    panels : sequence of Panel, str or Path
        Each with seeds.
    experts : {"mixture", "consensus"}
    seed : int

    Returns
    -------
    Dataset
        As `blackball.modelling.experts.hyperpriors`: what `judged(panel, hyper=...)` takes.

    Raises
    ------
    BlackballError
        If a panel is wrong or has no seeds, or there is no such expert model.
    """
    return learn_population(
        prepare_population([read_given_panel(panel) for panel in panels], experts), settings=Settings(seed=seed)
    )[0]
