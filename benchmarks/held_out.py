"""Population values for studies that they were not learned on: folds of studies, relatives together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from blackball.inference import Settings
from blackball.inference.panels import learn_population, prepare_population
from blackball.inference.provenance import digest, versions
from blackball.panel import Panel, fingerprint

FOLDS = 5
RELATED = ({"USGSfinal", "TdC"}, {"all_CDC", "CDC ROI_s"})
"""Studies that share experts or realisations stand in one fold. Raveem's relative is not among the thirty."""
LEARNED = Settings(draws=400, tune=400, chains=4)


def assignment(names: Sequence[str], number: int) -> list[list[str]]:
    """Return the folds of one random assignment of studies, relatives together."""
    alone = [{name} for name in sorted(names) if not any(name in group for group in RELATED)]
    groups = [*RELATED, *alone]
    order = np.random.default_rng(number).permutation(len(groups))
    return [sorted(name for place in order[fold::FOLDS] for name in groups[place]) for fold in range(FOLDS)]


def held_out_hyperpriors(panels: Sequence[Panel], experts: str, number: int, cache: Path) -> dict[str, xr.Dataset]:
    """Return, for each study, population values learned on the studies of the other folds only.

    They are kept in `cache`, so that a run that was stopped goes on where it was.
    """
    folds = assignment([panel.name for panel in panels], number)
    population = None
    found: dict[str, xr.Dataset] = {}
    for place, held in enumerate(folds):
        file = cache / f"hyperpriors.{experts}.{number}.{place}.{_key(panels)}.json"
        if file.exists():
            hyper = xr.Dataset.from_dict(json.loads(file.read_text()))
        else:
            population = population or prepare_population(panels, experts)
            hyper, _ = learn_population(population, held, LEARNED)
            file.write_text(json.dumps(hyper.to_dict()))
        found |= dict.fromkeys(held, hyper)
    return found


def _key(panels: Sequence[Panel]) -> str:
    """Return a name for what population values depend on: panels, settings and versions of packages."""
    parts = [*(f"{panel.name} {fingerprint(panel)}" for panel in panels), repr(LEARNED), json.dumps(versions())]
    return digest("\n".join(parts))[:12]
