"""Doubts from a script: what hangs on whom, and whether a model's posteriors can be believed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.api.given import read_given_panel
from blackball.decisions.influence import Influence, influence
from blackball.inference import Calibration
from blackball.inference import calibrate as calibrate_model
from blackball.inference import leave_out as refits_of
from blackball.inference.calibration.calibrate import QUICK
from blackball.inference.on_cluster import threads_or_cluster
from blackball.panel import Panel
from blackball.regimes import Regimes, read_regimes
from blackball.risk_model import RiskModel, load_model

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["calibrate", "leave_out"]


def calibrate(
    model: RiskModel | str | Path,
    panel: Panel | str | Path,
    regimes: Regimes | str | Path | None = None,
    *,
    experts: str = "mixture",
    simulations: int = 200,
    seed: int = 1,
    workers: int | None = None,
    cluster: str | None = None,
    folder: str | Path | None = None,
) -> Calibration:
    """Check by simulation that posteriors of a model hold the truth as often as they say.

    Parameters drawn from the prior, what the panel would say if they were true, and the posterior given that: the truth
    must rank uniformly among its draws. Quantities, headline outcomes and the expert model's parameters are ranked.

    Parameters
    ----------
    model, panel, regimes
        As for `fit`. Of the panel it matters who answers what and how widely; what they say is simulated.
    experts : {"mixture", "consensus"}
    simulations : int
        At least 20.
    seed : int
    workers : int, optional
        Simulations fitted at a time; by default as many as there are processors.
    cluster : str, optional
        Address of a Dask scheduler such as `tcp://10.0.0.1:8786`, whose workers fit them instead.
    folder : str or Path, optional
        Where results are kept as they come: the same call goes on where it was stopped.

    Raises
    ------
    BlackballError
        If an input is wrong, no cluster answers, or every simulation fails.
    """
    return calibrate_model(
        model if isinstance(model, RiskModel) else load_model(model),
        read_given_panel(panel),
        read_regimes(regimes) if isinstance(regimes, str | Path) else regimes,
        threads_or_cluster(workers, cluster),
        experts=experts,
        simulations=simulations,
        settings=replace(QUICK, seed=seed),
        folder=None if folder is None else Path(folder),
    )


def leave_out(
    fit: xr.DataTree, *, workers: int | None = None, cluster: str | None = None, folder: str | Path | None = None
) -> Influence:
    """Say how far each expert moves the headline outcomes, and all illustrative numbers together, by leaving them out.

    Every row is a refit of the same compiled model on the remaining judgements.

    Parameters
    ----------
    fit : DataTree
    workers : int, optional
        Refits at a time; by default as many as there are processors.
    cluster : str, optional
        Address of a Dask scheduler such as `tcp://10.0.0.1:8786`, whose workers refit instead.
    folder : str or Path, optional
        Where refits are kept as they come: the same call goes on where it was stopped.

    Returns
    -------
    Influence
        Tables `moves`, `refits`, `answers` and `experts`.

    Raises
    ------
    BlackballError
        If the model of the fit cannot be built again, no cluster answers, or the model marks no outcome as headline.
    """
    chosen = threads_or_cluster(workers, cluster)
    return influence(fit, refits_of(fit, workers=chosen, folder=None if folder is None else Path(folder)))
