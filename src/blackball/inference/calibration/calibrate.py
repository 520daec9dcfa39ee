"""Calibrate a model: simulate from it, fit each simulation, and ask whether truths rank as they should.

Talts, S., Betancourt, M., Simpson, D., Vehtari, A., & Gelman, A. (2018). Validating Bayesian inference algorithms with
simulation-based calibration. arXiv 1804.06788.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackball.errors import InputError, ModelError, Problem
from blackball.inference.calibration.simulator import RANKS, Simulated, Simulation, rank
from blackball.inference.calibration.uniform import p_uniform, positions
from blackball.inference.kept import keep, kept, make_folder
from blackball.inference.parallel import Failed, Workers, finished
from blackball.inference.provenance import digest
from blackball.inference.recipe import Recipe
from blackball.inference.settings import Progress, Settings, quiet

if TYPE_CHECKING:
    from blackball.panel import Panel
    from blackball.regimes import Regimes
    from blackball.risk_model import RiskModel

__all__ = ["ALPHA", "QUICK", "Calibration", "calibrate"]

ALPHA = 0.01
"""Probability that a model that is right fails, all that is ranked together."""

LEAST = 20
QUICK = Settings(draws=500, tune=300, chains=2)


@dataclass(frozen=True, eq=False)
class Calibration:
    """How truths rank among draws of their posteriors.

    Attributes
    ----------
    model, experts : str
    model_hash : str
        Of the model file, as a fit of it keeps it.
    ranks : pandas.DataFrame
        One row a simulation, by its number; one column a label such as `catastrophe[regime=pause, horizon=2050]`: how
        many of 100 nearly independent draws lie below the truth.
    table : pandas.DataFrame
        One row a label: label, p_uniform (the probability that uniform ranks stray as far), mean (of ranks / 100; .5 if
        right; more: posteriors too low), spread (of ranks over that of uniform ones; below 1: posteriors too wide), and
        passed.
    sampled : pandas.DataFrame
        One row a simulation: ess (the smallest effective sample size of what is ranked) and divergences.
    failures : pandas.DataFrame
        number and reason of simulations that could not be made.
    """

    model: str
    experts: str
    model_hash: str
    ranks: pd.DataFrame
    table: pd.DataFrame
    sampled: pd.DataFrame
    failures: pd.DataFrame

    @property
    def verdict(self) -> str:
        """`failed` if any ranks are not uniform or a simulation could not be made, else `calibrated`."""
        return "calibrated" if bool(self.table["passed"].all()) and self.failures.empty else "failed"


def calibrate(
    risk: RiskModel,
    panel: Panel,
    regimes: Regimes | None,
    workers: Workers,
    *,
    experts: str = "mixture",
    simulations: int = 200,
    settings: Settings = QUICK,
    folder: Path | None = None,
    progress: Progress = quiet,
) -> Calibration:
    """Check that posteriors of a model hold the truth as often as they say.

    Parameters
    ----------
    risk : RiskModel
    panel : Panel
        Who answers what, and how widely; what they say is simulated.
    regimes : Regimes or None
    workers : Workers
        From `blackball.inference.parallel`. The model is compiled once in every process.
    experts : {"mixture", "consensus"}
    simulations : int
        At least 20.
    settings : Settings
    folder : Path, optional
        Where results are kept as they come: the same call goes on where it was stopped.
    progress : Progress
        Told of the stage `simulate`.

    Raises
    ------
    BlackballError
        If an input is wrong, the workers cannot be had, or every simulation fails.
    """
    if simulations < LEAST:
        rule = f"must be a whole number of at least {LEAST}: fewer ranks say nothing"
        raise InputError([Problem("settings", rule, column="simulations", value=simulations)])
    simulation = Simulation(Recipe(risk.name, risk.file, risk.source, panel, regimes, experts, settings), simulations)
    file = _file(folder, simulation)
    done: dict[int, Simulated] = {int(number): found for number, found in kept(file).items()}
    left = [number for number in range(simulations) if number not in done]
    failed: list[tuple[int, str]] = []
    progress("simulate", len(done), simulations)
    for place, found in finished(rank, [(simulation, number) for number in left], workers):
        if isinstance(found, Failed):
            failed.append((left[place], found.reason))
        else:
            done[left[place]] = found
            keep(file, left[place], found)
        progress("simulate", len(done) + len(failed), simulations)
    if not done:
        raise ModelError(f"{risk.file}: no simulation could be fitted; the first: {failed[0][1]}")
    return _calibration(simulation, done, failed)


def _calibration(simulation: Simulation, done: dict[int, Simulated], failed: list[tuple[int, str]]) -> Calibration:
    numbers = sorted(done)
    index = pd.Index(numbers, name="number")
    ranks = pd.DataFrame([done[number]["ranks"] for number in numbers], index=index)
    sampled = pd.DataFrame([{k: done[n][k] for k in ("ess", "divergences")} for n in numbers], index=index)
    rng = np.random.default_rng(simulation.recipe.settings.seed)
    p = np.array([p_uniform(positions(ranks[label].to_numpy(), RANKS, rng)) for label in ranks])
    table = pd.DataFrame(
        {
            "label": list(ranks),
            "p_uniform": p,
            "mean": (ranks.mean() / RANKS).to_numpy(),
            "spread": ranks.std().to_numpy() / np.sqrt(RANKS * (RANKS + 2) / 12),
            "passed": p >= ALPHA / len(p),
        }
    )
    failures = pd.DataFrame(failed, columns=["number", "reason"]).sort_values("number", ignore_index=True)
    return Calibration(
        simulation.recipe.name,
        simulation.recipe.experts,
        digest(simulation.recipe.source),
        ranks,
        table,
        sampled,
        failures,
    )


def _file(folder: Path | None, simulation: Simulation) -> Path | None:
    """Return where results are kept: a file whose name changes with anything that they depend on."""
    if folder is None:
        return None
    make_folder(folder)
    slug = re.sub(r"[^A-Za-z0-9_-]+", "-", simulation.recipe.name)
    return folder / f"{slug}.{simulation.recipe.experts}.{simulation.key}.jsonl"
