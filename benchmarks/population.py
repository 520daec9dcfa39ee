"""Learn the population values of the expert models on published seed studies; writes `data/hyperpriors.csv`.

    .venv/bin/python benchmarks/population.py

Reads the thirty studies in `../shared/data/panels`. `benchmarks/panels.py` says how well values learned so predict
studies that they were not learned on.
"""

from __future__ import annotations

import csv
from pathlib import Path

import xarray as xr

from blackball.inference import Settings
from blackball.inference.panels import learn_population, prepare_population
from blackball.panel import Panel, read_panel

ROOT = Path(__file__).parents[1]
STUDIES = ROOT.parent / "shared" / "data" / "panels"
TABLE = ROOT / "data" / "hyperpriors.csv"
LEARNED = Settings(draws=1000, tune=500, chains=4)
MEANINGS = {
    "mixture": {
        "width": "factor on every stated width",
        "extra_width": "width added in quadrature (units of the question)",
        "degrees": "degrees of freedom of an answer's tails",
        "narrow": "log weight per unit log width of the answer relative to the panel's usual width",
        "off_centre": "log weight per unit mean log(1 + squared distance from the centre) of the expert's answers",
        "weight_spread": "standard deviation of experts' log weights",
    },
    "consensus": {
        "width": "factor on every stated width",
        "extra_width": "width added in quadrature (units of the question)",
        "skill_sd": "standard deviation of an expert's log factor on the width",
        "bias_sd": "standard deviation of an expert's bias (units of the question)",
        "shared_sd": "scale of the error that the whole panel makes together (units of the question)",
        "shared_degrees": "degrees of freedom of that shared error",
    },
}
COLUMNS = ("model", "name", "scale", "median", "sd", "meaning", "source")


def studies() -> list[Panel]:
    """Return the published seed studies."""
    paths = sorted(path for path in STUDIES.iterdir() if path.suffix.lower() == ".dtt")
    return [read_panel(path) for path in paths]


def rows_of(experts: str, hyper: xr.Dataset, source: str) -> list[dict[str, str]]:
    """Return the rows of one expert model; numbers have three significant digits, which their uncertainty allows."""
    return [
        {
            "model": experts,
            "name": name,
            "scale": "log" if hyper["log"].sel(hyperparameter=name).item() else "linear",
            "median": f"{hyper['median'].sel(hyperparameter=name).item():.3g}",
            "sd": f"{hyper['sd'].sel(hyperparameter=name).item():.2g}",
            "meaning": meaning,
            "source": source,
        }
        for name, meaning in MEANINGS[experts].items()
    ]


def main() -> None:
    """Learn both expert models, and keep the rows of the table that are not learned here."""
    panels = studies()
    seeds = sum(int(panel.questions["realisation"].notna().sum()) for panel in panels)
    source = f"learned on {len(panels)} published seed studies ({seeds} seeds) by benchmarks/population.py"
    with TABLE.open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if row["model"] not in MEANINGS]
    learned = []
    for experts in MEANINGS:
        hyper, _ = learn_population(prepare_population(panels, experts), settings=LEARNED)
        learned += rows_of(experts, hyper, source)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*learned, *kept])


if __name__ == "__main__":
    main()
