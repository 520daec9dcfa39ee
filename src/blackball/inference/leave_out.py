"""What the posterior would be without an expert, and without all illustrative numbers: refits of one compiled model."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from blackball.errors import SetupError
from blackball.inference.kept import make_folder
from blackball.inference.parallel import Failed, Workers, finished, threads
from blackball.inference.provenance import digest
from blackball.inference.recipe import Recipe
from blackball.inference.refitter import ILLUSTRATIVE, NO_PIT, Refit, refit, refitter
from blackball.inference.settings import Progress, quiet

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ILLUSTRATIVE", "Refit", "Refits", "files_of", "leave_out"]


@dataclass(frozen=True)
class Refits:
    """The posterior without each expert, and what the whole posterior makes of their answers.

    Attributes
    ----------
    refits : tuple of Refit
        One an expert who judged anything, in the panel's order; then the illustrative judgements, if there are any.
    pit : DataArray
        Of every answer in the posterior that it is part of; dims `("judged", "expert")`, NaN where there is none.
    prior : DataArray
        The same in the prior: where answers lie among those that the priors alone lead to expect.
    """

    refits: tuple[Refit, ...]
    pit: xr.DataArray
    prior: xr.DataArray


def leave_out(
    fit: xr.DataTree, *, workers: Workers | None = None, folder: Path | None = None, progress: Progress = quiet
) -> Refits:
    """Refit without each expert in turn, and without all illustrative judgements.

    The model is compiled once in every process; what changes is its data. A refit whose sampling cannot be trusted is
    sampled again with care, and reported as failed if that does not mend it.

    Parameters
    ----------
    fit : DataTree
        From `fit`.
    workers : Workers, optional
        From `blackball.inference.parallel`; by default as many threads as there are processors.
    folder : Path, optional
        Where refits are kept as they come: the same call goes on where it was stopped.
    progress : Progress
        Told of the stage `leave out`.

    Returns
    -------
    Refits

    Raises
    ------
    BlackballError
        If the model of the fit cannot be built again, or the workers cannot be had.
    """
    if folder is not None:
        make_folder(folder)
    progress("compile", 0, 0)
    recipe, workers = Recipe.of_fit(fit), workers or threads(os.cpu_count() or 1)
    whole = refitter(recipe)
    chosen, files = _left_out(recipe), files_of(recipe, folder)
    cores = max(1, (os.cpu_count() or 1) // workers.count) if workers.here else None
    done = {name: kept for name in chosen if (kept := _kept(files.get(name))) is not None}
    left = [name for name in chosen if name not in done]
    progress("leave out", len(done), len(chosen))
    for place, found in finished(refit, [(recipe, name, chosen[name], cores) for name in left], workers):
        name = left[place]
        if isinstance(found, Failed):
            done[name] = Refit(name, int(chosen[name].sum()), xr.Dataset(), NO_PIT, found.reason)
        else:
            done[name] = found
            _keep(files.get(name), found)
        progress("leave out", len(done), len(chosen))
    pits = (whole.pit(fit[group].dataset) for group in ("posterior", "prior"))
    return Refits(tuple(done[name] for name in chosen), *pits)


def _left_out(recipe: Recipe) -> dict[str, pd.Series[bool]]:
    """Return which rows each refit does without, by the name of who gave them."""
    rows = recipe.panel.judgements
    by = {expert: rows["expert"] == expert for expert in recipe.panel.experts["expert"]}
    chosen = {expert: gone for expert, gone in by.items() if gone.any()}
    if rows["illustrative"].any():
        chosen[ILLUSTRATIVE] = rows["illustrative"].astype(bool)
    return chosen


def files_of(recipe: Recipe, folder: Path | None) -> dict[str, Path]:
    """Return where each refit is kept: files whose names change with anything that they depend on."""
    if folder is None:
        return {}
    # A slug alone could be that of two experts.
    named = {name: re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:40] + "." + digest(name)[:8] for name in _left_out(recipe)}
    return {name: folder / f"{slug}.{recipe.key}.nc" for name, slug in named.items()}


def _keep(file: Path | None, refit: Refit) -> None:
    """Keep a refit, whole or not at all."""
    if file is None:
        return
    groups = {"outcomes": refit.outcomes} | ({"pit": refit.pit.to_dataset(name="pit")} if refit.pit.size else {})
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {"left_out": refit.left_out, "rows": refit.rows, "failed": refit.failed}
    part = file.with_suffix(".part")
    tree.to_netcdf(part, engine="netcdf4")
    part.replace(file)


def _kept(file: Path | None) -> Refit | None:
    """Return a refit that was kept; None if there is none."""
    if file is None or not file.exists():
        return None
    try:
        with xr.open_datatree(file, engine="netcdf4") as tree:
            kept = tree.load()
        where, said = kept["pit"].dataset["pit"] if "pit" in kept.children else NO_PIT, kept.attrs
        outcomes = kept["outcomes"].to_dataset()
        return Refit(str(said["left_out"]), int(said["rows"]), outcomes, where, str(said["failed"]))
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise SetupError(f"{file}: is damaged ({error}); delete it, and it is computed again") from None
