"""What a reader may explore: draws of the main quantities and of every result, few enough to travel in one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from blackball.decisions.dependence import dependence
from blackball.decisions.headlines import grid, headlines, laid_out, samples
from blackball.decisions.reweigh import Belief, effective_draws, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Explorer", "explored", "explorer"]

MOST_QUANTITIES = 8
STRONGEST = 2
"""Quantities for each outcome that no crux stands for, those that it depends on most."""

MOST_BYTES = 1_500_000
"""Of draws in all, before they are written as text."""


@dataclass(frozen=True, eq=False)
class Explorer:
    """Draws that can be weighed anew.

    Attributes
    ----------
    quantities : DataFrame
        Index quantity; support, lower_bound, upper_bound, unit, source, and mean and sd of the prior on the link scale.
    results : DataFrame
        outcome, regime and at of each result.
    scores : DataArray
        Dims sample and quantity, single precision: see `blackball.decisions.reweigh.weights`.
    outcomes : DataArray
        Dims sample and result, single precision, in the order of `results`.
    """

    quantities: pd.DataFrame
    results: pd.DataFrame
    scores: xr.DataArray
    outcomes: xr.DataArray


def explorer(fit: xr.DataTree, depends: pd.DataFrame | None = None) -> Explorer | None:
    """Pick what a reader may explore.

    Parameters
    ----------
    fit : DataTree
    depends : DataFrame, optional
        What its outcomes depend on, from `blackball.decisions.dependence.dependence`, if that is known already.

    Returns
    -------
    Explorer or None
        The model's cruxes, and the two quantities that each other headline outcome depends on most (without cruxes,
        each outcome), eight at most, with evenly spaced draws; None for a model without quantities of that kind.
    """
    posterior = fit["posterior"].dataset
    if "latent" not in posterior or "prior_mean" not in fit["constant_data"].dataset:
        return None
    depends = dependence(fit) if depends is None else depends
    names = _main(fit, depends, posterior["latent"]["quantity"].values.tolist())
    if not names:
        return None
    cells = [laid_out(variable) for variable in headlines(fit).values()]
    results = pd.concat([grid(cell) for cell in cells], ignore_index=True)
    draws = np.concatenate([samples(cell).reshape(-1, cell.sizes["regime"] * cell.sizes["at"]) for cell in cells], 1)
    scores = posterior["latent"].sel(quantity=names).stack(sample=("chain", "draw"), create_index=False)
    kept = _spaced(len(draws), len(names) + len(results))
    return Explorer(
        quantities=_quantities(fit, names),
        results=results,
        scores=scores.transpose("sample", "quantity").isel(sample=kept).drop_attrs().astype(np.float32),
        outcomes=xr.DataArray(draws[kept].astype(np.float32), dims=("sample", "result")),
    )


def explored(explorer: Explorer, beliefs: Mapping[str, Belief]) -> pd.DataFrame:
    """Say what each result would be for a reader of other beliefs.

    Parameters
    ----------
    explorer : Explorer
    beliefs : mapping of str to Belief

    Returns
    -------
    DataFrame
        `Explorer.results` with mean (posterior mean in the outcome's unit) and effective (draws that it rests on,
        the same for all).

    Raises
    ------
    InputError
        As `blackball.decisions.reweigh.weights`.
    """
    weight = weights(explorer.scores.astype(float), beliefs)
    means = (explorer.outcomes.astype(float) * weight).sum("sample")
    return explorer.results.assign(mean=means.values, effective=effective_draws(weight))


def _main(fit: xr.DataTree, depends: pd.DataFrame, movable: list[str]) -> list[str]:
    """Name the cruxes, then what each other headline outcome depends on most, over all regimes and labels."""
    known = [name for name in movable if "support" in fit["posterior"].dataset.get(name, xr.DataArray()).attrs]
    size = depends.assign(size=depends["rank_correlation"].abs()).groupby(["outcome", "quantity"], sort=False)["size"]
    ranked = size.mean().reset_index().sort_values("size", ascending=False, kind="stable")
    ranked = ranked[ranked["quantity"].isin(known)]
    cruxes = fit["cruxes"].dataset["crux"].values.tolist() if "cruxes" in fit.children else []
    # The question turns on the first outcome, and the cruxes are what it turns on.
    others = ranked[ranked["outcome"] != depends["outcome"].iloc[0]] if cruxes else ranked
    strongest = [name for _, rows in others.groupby("outcome", sort=False) for name in rows["quantity"].head(STRONGEST)]
    return list(dict.fromkeys([*(name for name in cruxes if name in known), *strongest]))[:MOST_QUANTITIES]


def _quantities(fit: xr.DataTree, names: list[str]) -> pd.DataFrame:
    posterior, data = fit["posterior"].dataset, fit["constant_data"].dataset.sel(quantity=names)
    facts = ["support", "lower_bound", "upper_bound", "unit", "source"]
    rows = {name: [posterior[name].attrs[fact] for fact in facts] for name in names}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=facts).rename_axis("quantity")
    return table.assign(mean=data["prior_mean"].values, sd=data["prior_sd"].values)


def _spaced(count: int, columns: int) -> np.ndarray:
    """Return places of evenly spaced draws, as many as `MOST_BYTES` allow."""
    most = max(1, MOST_BYTES // (4 * columns))
    return np.arange(count) if count <= most else np.linspace(0, count - 1, most).round().astype(int)
