"""The functions of a script, which take paths where the layers below take what was read from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.decisions import compare
from blackball.inference import Settings, model_of_fit, regimes_of_fit
from blackball.inference import attribute as attribute_outcomes
from blackball.inference import fit as fit_model
from blackball.inference import update as update_fit
from blackball.inference import what_if as what_if_model
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
from blackball.panel import Panel, convert, panel_of_fit, read_judgements, read_panel
from blackball.regimes import Regimes, read_regimes
from blackball.risk_model import RiskModel, load_model
from blackball.store import new_study
from blackball.store.export import export as export_fit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pymc as pm
    import xarray as xr

__all__ = ["attribute", "convert", "export", "fit", "update", "what_if"]


def fit(
    model: RiskModel | str | Path,
    panel: Panel | str | Path,
    regimes: Regimes | str | Path | None = None,
    *,
    experts: str = "mixture",
    seed: int = 1,
    draws: int = 1000,
    chains: int = 4,
) -> xr.DataTree:
    """Fit a risk model to a panel under all regimes at once.

    Parameters
    ----------
    model : RiskModel, str or Path
        Loaded, or what `load_model` takes.
    panel : Panel, str or Path
        Read, or its folder.
    regimes : Regimes, str or Path, optional
        Read, or its file. Needed by models that compare regimes.
    experts : {"mixture", "consensus"}
        How judgements relate to the truth.
    seed, draws, chains : int
        Same inputs, seed and versions give the same posterior, to the bit as long as modules are imported in
        the same order; otherwise sums may round differently, and the samples agree within Monte Carlo error.

    Returns
    -------
    DataTree
        As `blackball.inference.fit`.

    Raises
    ------
    BlackballError
        If an input is wrong or they do not fit together; nothing has then been sampled.
    """
    return fit_model(
        model if isinstance(model, RiskModel) else load_model(model),
        _read(panel),
        read_regimes(regimes) if isinstance(regimes, str | Path) else regimes,
        experts=experts,
        settings=Settings(seed=seed, draws=draws, chains=chains),
    )


def update(fit: xr.DataTree, new: str | Path) -> xr.DataTree:
    """Return the posterior given all judgements: those of a fit and those of a file.

    Parameters
    ----------
    fit : DataTree
    new : str or Path
        CSV or Parquet file with the columns of `judgements.csv`.

    Raises
    ------
    BlackballError
        If the file is wrong, or repeats a judgement that is already there.
    """
    return update_fit(fit, read_judgements(new, panel_of_fit(fit)))


def export(fit: xr.DataTree, folder: str | Path) -> list[Path]:
    """Write a fit with its summary tables and figures to a new or empty folder.

    Returns
    -------
    list of Path
        The files: `posterior.nc`, `summary.csv`, `summary.json`, and the figures.

    Raises
    ------
    StudyError
        If the folder is not empty or cannot be written.
    """
    comparison = compare(fit)
    with new_study(folder) as study:
        study.write(fit)
        return [study.posterior, *export_fit(fit, comparison, study.folder)]


def what_if(fit: xr.DataTree, changes: Mapping[str, float]) -> xr.Dataset:
    """Recompute the outcomes of a fit with some of its variables set to other values.

    An intervention, not a new fit: all that is not changed keeps its posterior draws.

    Parameters
    ----------
    fit : DataTree
    changes : mapping of str to float
        Value of each changed quantity, known number or outcome, on its natural scale and in all regimes.

    Returns
    -------
    Dataset
        The model's outcomes, dims `chain`, `draw` and their own.

    Raises
    ------
    ModelError
        If a name is nothing that some outcome of the model depends on.
    """
    return what_if_model(_model(fit), fit["posterior"].to_dataset(), changes)


def attribute(fit: xr.DataTree, removed: Mapping[str, Mapping[str, float]]) -> xr.Dataset:
    """Attribute the headline outcomes of a fit to its mechanisms, by removal and by Shapley value.

    Parameters
    ----------
    fit : DataTree
    removed : mapping of str to mapping of str to float
        By mechanism, one to eight of them: the variables that remove it, with values at which it does nothing, such
        as `{"racing": {"corners_cut": 0, "hurry": 0}, "theft": {"stolen": 0}}`.

    Returns
    -------
    Dataset
        The headline outcomes with the dims `measure` (`removal`, `shapley`) and `mechanism`, then `chain`, `draw`
        (thinned to about 500 in all) and their own, in the outcome's unit.

    Raises
    ------
    ModelError
        If mechanisms are missing, too many or overlap, or a name is no variable that can be changed.
    """
    return attribute_outcomes(_model(fit), fit["posterior"].to_dataset(), removed)


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
    return aggregate_panel(_read(panel), by, Settings(seed=seed))


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
    return score_panel(_read(panel), methods, settings=replace(QUICK, seed=seed), workers=workers)


def crossvalidate(
    panels: Sequence[Panel | str | Path],
    methods: Sequence[str] = ("equal", "mixture"),
    *,
    scheme: str = "leave-one-out",
    folder: str | Path | None = None,
    seed: int = 1,
    workers: int = 1,
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
    seed, workers : int

    Raises
    ------
    BlackballError
        If a panel is wrong or has fewer than two seeds, or a method or the scheme is unknown.
    """
    return crossvalidate_panels(
        [_read(panel) for panel in panels],
        methods,
        scheme=scheme,
        folder=None if folder is None else Path(folder),
        workers=workers,
        settings=replace(QUICK, seed=seed),
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
        prepare_population([_read(panel) for panel in panels], experts), settings=Settings(seed=seed)
    )[0]


def _read(panel: Panel | str | Path) -> Panel:
    return panel if isinstance(panel, Panel) else read_panel(panel)


def _model(fit: xr.DataTree) -> pm.Model:
    """Build the model of a fit again, from the fit alone."""
    return model_of_fit(fit).build(panel_of_fit(fit), regimes_of_fit(fit), fit.attrs["experts"])
