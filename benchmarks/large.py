"""Panels of hundreds and thousands: time by stage, memory and convergence; writes `benchmarks/large.md`.

Run with `python benchmarks/large.py` on an otherwise idle machine. Panels are simulated from the model `consensus`: 50
questions about shares, 10 of them seeds, three quantiles an answer, 30 % of answers missing. Each run is a process of
its own. The wall clock counts whatever else the machine does, so processor seconds stand beside it.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

    from blackball.modelling.panel_model import PanelModel

HERE = Path(__file__).parent
EXPERTS = (300, 3000)
QUESTIONS, SEEDS, MISSING = 50, 10, 0.3
DRAWS, TUNE, ACCEPT = 600, 300, 0.8
LEVELS = {0.05: -1.645, 0.5: 0.0, 0.95: 1.645}
COLUMNS = {
    "judgements": ("expert", "question", "regime", "given", "round", "form", "level", "value", "source"),
    "experts": ("expert", "name", "camp", "n", "source"),
    "questions": ("question", "text", "variable", "at", "support", "lower", "upper", "unit", "realisation", "source"),
}
STAGES = ("read", "build", "compile", "sample", "derive and diagnose")


def simulate(folder: Path, experts: int, seed: int = 1) -> Path:
    """Write a panel simulated from `consensus` into a new folder, and return that."""
    rng = np.random.default_rng(seed)
    shape = (QUESTIONS, experts)
    truth = rng.normal(-1.0, 1.5, QUESTIONS)
    shared = 0.7 * rng.standard_t(2.4, QUESTIONS)
    bias, skill = 0.35 * rng.normal(size=experts), np.exp(0.325 * rng.normal(size=experts))
    width = 0.6 * np.exp(0.5 * rng.normal(size=shape))
    noise = skill * np.hypot(0.525 * width, 0.6)
    median = (truth + shared)[:, None] + bias + noise * rng.standard_t(4, size=shape)
    answered = rng.random(shape) > MISSING
    said = [
        (f"e{e}", f"q{q}", "", "", "", "quantile", level, f"{_share(median[q, e] + z * width[q, e]):.9f}", "simulated")
        for e, q in np.argwhere(answered.T).tolist()
        for level, z in LEVELS.items()
    ]
    known = [f"{_share(truth[q]):.9f}" if q < SEEDS else "" for q in range(QUESTIONS)]
    asked = [
        (f"q{q}", "a share", f"q{q}", "", "probability", "", "", "probability", known[q], "simulated")
        for q in range(QUESTIONS)
    ]
    folder.mkdir(parents=True)
    people = [(f"e{e}", "", "", "", "simulated") for e in range(experts)]
    for name, rows in {"judgements": said, "experts": people, "questions": asked}.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS[name], *rows])
    return folder


def _share(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(log_odds, -16, 16))))


class Clock:
    """Seconds by stage: on the wall, and of the processor."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    def timed[T](self, stage: str, act: Callable[[], T]) -> T:
        """Run an act and note its seconds."""
        wall, processor = perf_counter(), process_time()
        result = act()
        self.wall[stage] = perf_counter() - wall
        self.processor[stage] = process_time() - processor
        return result


def aggregated(folder: Path, by: str, many: int | None = None) -> dict[str, object]:
    """Aggregate a panel stage by stage, as `bb.aggregate` does, and return what was measured.

    Parameters
    ----------
    folder : Path
        Of the panel.
    by : {"consensus", "mixture"}
    many : int, optional
        So many experts have their effects integrated out; by default as many as the package says.
    """
    from blackball.inference import Settings
    from blackball.inference.panels.aggregate import described
    from blackball.inference.panels.learn import compiled, said, sampled
    from blackball.inference.panels.methods import KEPT
    from blackball.inference.what_if import thinned
    from blackball.modelling.panel_model import panel_model
    from blackball.panel import read_panel

    if many is not None:
        sys.modules["blackball.modelling.experts.consensus"].MANY = many  # type: ignore[attr-defined]
    clock, settings = Clock(), Settings(draws=DRAWS, tune=TUNE, target_accept=ACCEPT)
    panel = clock.timed("read", lambda: read_panel(folder))
    built = clock.timed("build", lambda: panel_model(panel, by))
    ready = clock.timed("compile", lambda: compiled(built))
    draws = clock.timed("sample", lambda: sampled(ready, settings=settings))

    def derive() -> dict[str, float]:
        cells = built.quantities.isel(judged=np.flatnonzero(built.quantities["realisation"].isnull().values))
        described(ready, said(ready, thinned(draws, KEPT)), cells)
        return diagnosed(built, draws)

    found = clock.timed("derive and diagnose", derive)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"wall": clock.wall, "processor": clock.processor, "peak memory (GiB)": peak, **found}


def diagnosed(built: PanelModel, draws: xr.Dataset) -> dict[str, float]:
    """Return the worst R-hat and effective sample sizes of the questions: of the mean that the experts give each."""
    import arviz as az
    from pymc import dims as pmd

    from blackball.inference.on_draws import on_draws

    predicted = built.predicted
    weight = pmd.math.softmax(predicted.log_weight, dim="component")
    means = on_draws(built.model, {"mean": (weight * predicted.location).sum("component")})(draws)
    return {
        "R-hat": float(az.rhat(means)["mean"].max()),
        "bulk ESS": float(az.ess(means, method="bulk")["mean"].min()),
        "tail ESS": float(az.ess(means, method="tail")["mean"].min()),
    }


def measured(folder: Path, by: str, many: int | None = None) -> dict[str, object]:
    """Measure in a new process; parameters and result as for `aggregated`."""
    command = [sys.executable, __file__, str(folder), by, *([] if many is None else [str(many)])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(columns: dict[str, dict[str, object]]) -> str:
    """Lay out what `aggregated` returns: stages and results as rows, runs as columns."""
    rows = [f"| | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for stage in STAGES:
        cells = [f"{one['wall'][stage]:.1f} ({one['processor'][stage]:.1f})" for one in columns.values()]
        rows.append(f"| {stage} | {' | '.join(cells)} |")
    sums = [f"{sum(one['wall'].values()):.1f} ({sum(one['processor'].values()):.1f})" for one in columns.values()]
    rows.append(f"| all | {' | '.join(sums)} |")
    for name, digits in {"peak memory (GiB)": 2, "R-hat": 4, "bulk ESS": 0, "tail ESS": 0}.items():
        rows.append(f"| {name} | {' | '.join(f'{one[name]:.{digits}f}' for one in columns.values())} |")
    return "\n".join(rows)


def ratio(columns: dict[str, dict[str, object]]) -> float:
    """Return the processor seconds of the largest panel over those of the smallest."""
    least, *_, most = (sum(one["processor"].values()) for one in columns.values())
    return most / least


def page(runs: dict[str, dict[str, dict[str, object]]]) -> str:
    """Write the page from runs by method, and by experts."""
    parts = [
        f"## `{by}`\n\n{table(columns)}\n\n"
        + (
            f"{max(EXPERTS) // min(EXPERTS)} times the experts: {ratio(columns):.1f} times the processor seconds.\n"
            if len(columns) == len(EXPERTS)
            else ""
        )
        for by, columns in runs.items()
    ]
    return f"""# Panels of hundreds and thousands

Made by `python benchmarks/large.py` with Python {platform.python_version()} on {os.cpu_count()} cores
({platform.machine()}). `bb.aggregate` of {QUESTIONS} questions, {SEEDS} of them seeds, {MISSING:.0%} of answers
missing; columns are numbers of experts. Seconds on the wall, and in brackets of the processor. 4 chains of
{TUNE} + {DRAWS} draws, target acceptance {ACCEPT}. R-hat and ESS are the worst of all questions.

{chr(10).join(parts)}"""


def main() -> None:
    """Measure everything and write the page."""
    plans = {"consensus": ("consensus", None), "mixture": ("mixture", None)}
    plans["consensus, effects sampled and not centred"] = ("consensus", sys.maxsize)
    runs: dict[str, dict[str, dict[str, object]]] = {name: {} for name in plans}
    with TemporaryDirectory() as folder:
        for experts in EXPERTS:
            panel = simulate(Path(folder) / str(experts), experts)
            for name, (by, many) in plans.items():
                if many is None or experts == min(EXPERTS):  # sampled, thousands take hours
                    runs[name][f"{experts:,}"] = measured(panel, by, many)
    text = page(runs)
    (HERE / "large.md").write_text(text)
    print(text)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(aggregated(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None)))
    else:
        main()
