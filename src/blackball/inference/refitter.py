"""One compiled model that is sampled without some of its judgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from blackball.inference.answers import expected_answers, pit
from blackball.inference.checks.sampling import sampling_checks
from blackball.inference.fewer import fewer, labelled_data, nothing
from blackball.inference.made import made
from blackball.inference.on_draws import OnDraws, on_draws
from blackball.inference.prepare import Prepared, prepare
from blackball.inference.recipe import Recipe
from blackball.inference.what_if import headlines, thinned
from blackball.modelling.experts import LENGTHS

if TYPE_CHECKING:
    import pandas as pd

    from blackball.inference.checks.check import Check
    from blackball.panel import Panel

__all__ = ["ILLUSTRATIVE", "Refit", "refit", "refitter"]

ILLUSTRATIVE = "all illustrative judgements"
QUICK: dict[str, Any] = {"draws": 400, "tune": 150, "chains": 4}
CAREFUL: dict[str, Any] = {"draws": 1000, "tune": 500, "chains": 4}


@dataclass(frozen=True)
class Refit:
    """The posterior without some judgements.

    Attributes
    ----------
    left_out : str
        An expert, or `ILLUSTRATIVE`.
    rows : int
        How many judgements that are.
    outcomes : Dataset
        Draws of the headline outcomes; dims `chain`, `draw` and their own. Empty if there could be no refit.
    pit : DataArray
        Of each answer of the expert among those that the others lead to expect (see `answers`); dims `judged`. Empty
        for `ILLUSTRATIVE`, and where data alone did not do.
    failed : str
        Why the numbers must not be used; empty if they may.
    """

    left_out: str
    rows: int
    outcomes: xr.Dataset
    pit: xr.DataArray
    failed: str


NO_PIT = xr.DataArray(np.empty(0), dims="judged", coords={"judged": np.array([], dtype=str)})


def refit(job: tuple[Recipe, str, pd.Series[bool], int | None]) -> Refit:
    """Refit without some rows, whose name comes before them, on so many cores; compiled once in every process."""
    recipe, name, gone, cores = job
    return refitter(recipe).refit(name, gone, cores)


def refitter(recipe: Recipe) -> Refitter:
    """Return what refits, compiled once in every process."""
    return made(recipe.key, lambda: Refitter(recipe))


class Refitter:
    """One compiled model and what is made of its draws; threads share it."""

    def __init__(self, recipe: Recipe) -> None:
        self.settings = recipe.settings
        prepared = recipe.prepared()
        self.prepared = prepared
        self.outcomes, self.expected = _outcomes(prepared), expected_answers(prepared.model)
        self.judged = labelled_data(prepared.model)
        # PyTensor and PyMC are not made for threads; the sampler is.
        self.lock = Lock()

    def refit(self, name: str, gone: pd.Series[bool], cores: int | None) -> Refit:
        """Sample the posterior without some judgements, with care if it cannot be trusted otherwise."""
        panel = self.prepared.panel
        with self.lock:
            chosen, data = self._without(replace(panel, judgements=panel.judgements[~gone]))
            outcomes_of = self.outcomes if chosen is self.prepared else _outcomes(chosen)
        engine = chosen.engine.with_data({key: array.values for key, array in data.items()})
        failed = ""
        for effort in (QUICK, CAREFUL):
            settings = replace(self.settings, **effort)
            sampled = engine.sample(settings, cores=cores)
            with self.lock:
                outcomes = outcomes_of(sampled["posterior"].dataset)
                failed = _failed(outcomes, sampled["sample_stats"].dataset)
            if not failed:
                break
        with self.lock:
            known = name != ILLUSTRATIVE and chosen is self.prepared
            where = self._pit(name, sampled["posterior"].dataset, data) if known else NO_PIT
        return Refit(name, int(gone.sum()), outcomes, where, failed)

    def _without(self, panel: Panel) -> tuple[Prepared, Mapping[str, xr.DataArray]]:
        """Return the compiled model with the data of a smaller panel; another one where data alone do not do."""
        ours = self.prepared
        if panel.judgements.empty:
            return ours, nothing(ours.model)
        smaller = ours.risk.build(panel, ours.regimes, ours.experts)
        data = fewer(ours.model, smaller)
        if data is not None:
            return ours, data
        anew = prepare(ours.risk, panel, ours.regimes, ours.experts)
        return anew, labelled_data(anew.model)

    def pit(self, draws: xr.Dataset) -> xr.DataArray:
        """Return where all answers lie among those that draws of the whole model lead to expect."""
        quantities = self.prepared.model["judgements"].tag.judged.quantities
        free = [variable.name for variable in self.prepared.model.free_RVs]
        expected = self.expected(thinned(draws[free]), self.judged)
        return pit(quantities["location"], expected).where(quantities["answered"])

    def _pit(self, expert: str, draws: xr.Dataset, data: Mapping[str, xr.DataArray]) -> xr.DataArray:
        """Return where an expert's answers lie among those that a posterior without them leads to expect."""
        quantities = self.prepared.model["judgements"].tag.judged.quantities
        scale = self.judged["question_unit"] / data["question_unit"]
        lengths = [str(name) for name in self.judged["answers"]["feature"].values if name in LENGTHS]
        # The answer as the panel stated it, but in the standard units of the panel without it.
        answers, own = data["answers"].copy(), self.judged["answers"].sel(expert=expert)
        answers.loc[{"expert": expert}] = own
        answers.loc[{"expert": expert, "feature": lengths}] = own.sel(feature=lengths) * scale
        linked = quantities["location"] * self.judged["question_unit"] + self.judged["question_centre"]
        location = (linked - data["question_centre"]) / data["question_unit"]
        expected = self.expected(thinned(draws), {**data, "answers": answers})
        answered = np.flatnonzero(quantities["answered"].sel(expert=expert).values)
        parts = {name: part.sel(expert=expert) if "expert" in part.dims else part for name, part in expected.items()}
        return pit(location.sel(expert=expert), xr.Dataset(parts)).isel(judged=answered)


def _outcomes(prepared: Prepared) -> OnDraws:
    return on_draws(prepared.model, {name: prepared.model[name] for name in headlines(prepared.model)})


def _failed(outcomes: xr.Dataset, stats: xr.Dataset) -> str:
    """Say which check of the sampling failed, and how; empty if none did."""
    marked = outcomes.assign({name: values.assign_attrs(headline=1) for name, values in outcomes.items()})
    checks = sampling_checks(xr.DataTree.from_dict({"posterior": marked, "sample_stats": stats}))
    return "; ".join(_said(check) for check in checks if check.status == "fail")


def _said(check: Check) -> str:
    return f"{check.name} {check.value:.4g} (limit {check.threshold:.4g})"
