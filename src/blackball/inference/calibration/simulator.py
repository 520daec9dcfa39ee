"""One compiled model that ranks simulated truths among draws of their posteriors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from pytensor import config

from blackball.inference.calibration.simulate import simulate
from blackball.inference.made import made
from blackball.inference.on_draws import on_draws
from blackball.inference.provenance import digest
from blackball.inference.recipe import Recipe

if TYPE_CHECKING:
    import pymc as pm


__all__ = ["RANKS", "Simulated", "Simulation", "rank"]

RANKS = 100
"""Posterior draws, nearly independent, that a truth is ranked among."""

type Simulated = dict[str, Any]
"""Of one simulation: `ranks` by label, in 0 to 100; the smallest effective sample size `ess`, and `divergences`."""


@dataclass(frozen=True)
class Simulation:
    """What is simulated, and how often.

    Attributes
    ----------
    recipe : Recipe
        Of its panel it matters who answers what and how widely.
    count : int
        Simulations in all.
    """

    recipe: Recipe
    count: int

    @property
    def key(self) -> str:
        """A name for what this computes: equal for equal inputs, and for no others."""
        return digest(f"{self.recipe.key}\n{self.count}")[:24]


class Simulator:
    """A compiled model with its simulations; threads share it."""

    def __init__(self, simulation: Simulation) -> None:
        recipe = simulation.recipe
        prepared = recipe.prepared()
        self.engine, self.settings = prepared.engine, recipe.settings
        truths, self.data = simulate(prepared.model, simulation.count, recipe.settings.seed)
        names = reported(prepared.model)
        with config.change_flags(cxx=""):
            self.reported = on_draws(prepared.model, {name: prepared.model[name] for name in names})
        self.truths = self.reported(truths).isel(chain=0)
        # PyTensor's functions are not made for threads; the sampler is.
        self.lock = Lock()

    def rank(self, number: int) -> Simulated:
        """Sample the posterior of one simulation, and rank its truth."""
        arrays = {
            name: array.isel(draw=number).values if "draw" in array.dims else array.values
            for name, array in self.data.items()
        }
        settings = self.settings
        sampled = self.engine.with_data(arrays).sample(replace(settings, seed=settings.seed + number), cores=1)
        with self.lock:
            draws = self.reported(sampled["posterior"].dataset)
            every = max(1, draws.sizes["chain"] * draws.sizes["draw"] // RANKS)
            thinned = draws.isel(draw=slice(None, None, every)).stack(sample=("chain", "draw"), create_index=False)
            few = thinned.isel(sample=slice(RANKS))
            rng = np.random.default_rng([settings.seed, 2, number])
            return {
                "ranks": _ranks(few, self.truths.isel(draw=number), rng),
                "ess": _smallest_ess(draws),
                "divergences": int(sampled["sample_stats"]["diverging"].sum()),
            }


def rank(job: tuple[Simulation, int]) -> Simulated:
    """Rank one simulation; the model is compiled once in every process."""
    simulation, number = job
    return made(simulation.key, lambda: Simulator(simulation)).rank(number)


def reported(model: pm.Model) -> list[str]:
    """Return what is ranked: quantities, headline outcomes, and the parameters of the expert model."""
    return [
        str(variable.name)
        for variable in model.deterministics
        if hasattr(variable.tag, "quantity")
        or getattr(getattr(variable.tag, "outcome", None), "headline", False)
        or variable.name == "recalibration"
    ]


def _ranks(draws: xr.Dataset, truth: xr.Dataset, rng: np.random.Generator) -> Mapping[str, int]:
    """Count the draws below the truth; draws equal to it count by chance, so that ranks are uniform all the same."""
    found = {}
    for name in draws:
        below, equal = ((draws[name] < truth[name]).sum("sample"), (draws[name] == truth[name]).sum("sample"))
        ranks = below + (rng.random(equal.shape) * (equal + 1)).astype(int)
        for place in np.ndindex(ranks.shape):
            cell = ranks[place]
            labels = ", ".join(f"{dim}={cell.coords[dim].item()}" for dim in ranks.dims)
            found[f"{name}[{labels}]" if labels else str(name)] = int(cell)
    return found


def _smallest_ess(draws: xr.Dataset) -> float:
    """Return the smallest bulk effective sample size of what varies."""
    import arviz_stats as az  # slow to import

    varies = draws[[name for name in draws if bool((draws[name].std(("chain", "draw")) > 0).any())]]
    with np.errstate(invalid="ignore", divide="ignore"):
        sizes = az.ess(xr.DataTree.from_dict({"posterior": varies}), method="bulk").dataset
    return float(min(np.nanmin(sizes[name].values) for name in sizes))
