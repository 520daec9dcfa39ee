"""Fits from a script: make, update, ask what if, and export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.api.given import model_of, read_given_panel
from blackball.decisions import compare
from blackball.inference import Settings
from blackball.inference import attribute as attribute_outcomes
from blackball.inference import fit as fit_model
from blackball.inference import update as update_fit
from blackball.inference import what_if as what_if_model
from blackball.panel import Panel, panel_of_fit, revise
from blackball.regimes import Regimes, read_regimes
from blackball.reporting.report import page
from blackball.reporting.report.added import added
from blackball.risk_model import RiskModel, load_model
from blackball.store import new_study
from blackball.store.export import draw, summarise, write_zarr
from blackball.store.report import new_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from blackball.decisions import Sensitivity
    from blackball.decisions.influence import Influence
    from blackball.inference import Calibration

__all__ = ["attribute", "export", "fit", "report", "update", "what_if"]


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
        read_given_panel(panel),
        read_regimes(regimes) if isinstance(regimes, str | Path) else regimes,
        experts=experts,
        settings=Settings(seed=seed, draws=draws, chains=chains),
    )


def update(
    fit: xr.DataTree,
    new: str | Path | None = None,
    *,
    withdraw: str | Path | None = None,
    experts: str | Path | None = None,
    refit: bool = False,
) -> xr.DataTree:
    """Return the posterior given all judgements of a fit, with those that come in and without those withdrawn.

    By importance weights where these will do, else by a new fit; the last entry of the history says which, and why.

    Parameters
    ----------
    fit : DataTree
        It stays as it is.
    new : str or Path, optional
        CSV or Parquet file with the columns of `judgements.csv`.
    withdraw : str or Path, optional
        CSV or Parquet file that names judgements to withdraw, by `expert`, `question` and any more columns of
        `judgements.csv`. A judgement that is withdrawn and comes in anew is corrected.
    experts : str or Path, optional
        CSV or Parquet file of experts who join, with the columns of `experts.csv`.
    refit : bool
        Sample anew even if weights would do.

    Raises
    ------
    BlackballError
        If a file is wrong, repeats a judgement that is already there, or names what is not there.
    """
    return update_fit(fit, revise(panel_of_fit(fit), new, withdraw, experts), refit=refit)


def export(fit: xr.DataTree, folder: str | Path) -> list[Path]:
    """Write a fit with its draws, summary tables and figures, in every format, to a new or empty folder.

    Returns
    -------
    list of Path
        `posterior.nc` and `posterior.zarr`; `summary.csv`, `.json`, `.parquet`, `.md` and `.tex`; and the folder
        `figures`.

    Raises
    ------
    StudyError
        If the folder is not empty or cannot be written.
    """
    comparison = compare(fit)
    with new_study(folder) as study:
        study.write(fit)
        store, tables = write_zarr(fit, study.folder), summarise(fit, comparison, study.folder)
        return [study.posterior, store, *tables, draw(fit, comparison, study.folder)]


def report(fit: xr.DataTree, path: str | Path, *results: Sensitivity | Influence | Calibration) -> Path:
    """Write a report for readers without code: one HTML page that asks nothing of any network.

    Parameters
    ----------
    fit : DataTree
    path : str or Path
        File that ends in `.html`; one that is there is replaced at once.
    *results : Sensitivity, Influence or Calibration
        From `sensitivity`, `leave_out` and `calibrate`: the page shows the figures of those that are of this fit, or of
        its model, and says what it does not show.

    Returns
    -------
    Path

    Raises
    ------
    StudyError
        If it cannot be written; nothing is then left half written.
    """
    with new_page(Path(path)) as write:
        write(page(fit, compare(fit), [added(result) for result in results]))
    return Path(path)


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
    return what_if_model(model_of(fit), fit["posterior"].to_dataset(), changes)


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
    return attribute_outcomes(model_of(fit), fit["posterior"].to_dataset(), removed)
