"""The same posterior by blackball, plain PyMC, nutpie, NumPyro and Stan; writes `benchmarks/rivals.md`.

Run on an otherwise idle machine, with the extra `jax` installed; `rivals.py TOOL ...` runs some of them only.  Each fit
is in a new process: first all tools with compile caches of their own that are empty (cold), then all with what these
left (warm).  Every tool has 4 chains of 500 + 1,000 draws at the same target acceptance.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from floor import floor
from headlines import headlines, summary
from pytensor import config
from pytensor.compile.mode import Mode
from speed import environment

from blackball.cli.inputs import find_inputs
from blackball.inference.derive import derived

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "stan"))
from data import data, unconstrained  # noqa: E402  they lie in a folder of their own
from environment import stan_python  # noqa: E402

NAME = "one-or-many"
PROGRAM = HERE / "stan" / "one_or_many.stan"
TOOLS = {
    "blackball": "blackball",
    "nutpie": "`pm.sample`, nutpie",
    "pymc": "`pm.sample`, PyMC's own",
    "numpyro": "`pm.sample`, NumPyro",
    "stan": "Stan, by pystan",
}
CHAINS = 4
FAR = 4.0
"""How far posterior means may lie apart, in Monte Carlo standard errors."""

SAME = 1e-8
"""How far log densities may differ, up to a constant."""


def run(tool: str, model: pm.Model, caches: Path) -> dict[str, Any]:
    """Fit once in a new process, and return what it took."""
    if tool == "stan":
        return _by_stan(model, caches)
    begun = perf_counter()
    found = _last_line([sys.executable, str(HERE / "one_rival.py"), tool, NAME], caches)
    return {**found, "whole": perf_counter() - begun}


def _by_stan(model: pm.Model, caches: Path) -> dict[str, Any]:
    begun = perf_counter()
    found = _last_line(_stan(model, caches, "draws.json"), caches)
    whole = perf_counter() - begun
    drawn = json.loads((caches / "draws.json").read_text())
    outcomes = derived(model, _labelled(model, drawn), headlines(model))
    return {**found, "whole": whole, **summary(outcomes)}


def _stan(model: pm.Model, caches: Path, out: str) -> list[str]:
    """Write the data for Stan, and return the command that reads them."""
    (caches / "data.json").write_text(json.dumps(data(model)))
    return [
        str(stan_python()),
        str(HERE / "stan" / "draw.py"),
        str(PROGRAM),
        *(str(caches / f) for f in ("data.json", out)),
    ]


def _labelled(model: pm.Model, drawn: dict[str, list[Any]]) -> xr.Dataset:
    """Label Stan's draws: its last dim is the draw, chains in turn for each."""
    found = {}
    for rv in model.free_RVs:
        dims = model.named_vars_to_dims.get(rv.name, ())
        values = np.asarray(drawn[rv.name])
        values = values.reshape(*values.shape[: len(dims)], -1, CHAINS)
        found[rv.name] = xr.DataArray(values, dims=(*dims, "draw", "chain")).transpose("chain", "draw", ...)
    draws = xr.Dataset(found)
    return draws.assign_coords(chain=np.arange(CHAINS), draw=np.arange(draws.sizes["draw"]))


def _last_line(command: list[str], caches: Path) -> dict[str, Any]:
    done = subprocess.run(command, env=environment(caches), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def density_gap(model: pm.Model, caches: Path, count: int = 20) -> float:
    """Return by how much Stan's log density and PyMC's differ at random points, up to a constant.

    The points are about the initial one. Far out, at chances of one in ten million, Stan's differences of log gammas
    cancel, and it is they that are off.
    """
    random, start = np.random.default_rng(1), model.initial_point()
    points = [
        {name: value + random.normal(0, 0.7, np.shape(value)) for name, value in start.items()} for _ in range(count)
    ]
    with config.change_flags(cxx=""):
        logp = model.compile_fn(model.logp(), mode=Mode("py", "fast_compile"))
    (caches / "points.json").write_text(json.dumps([list(unconstrained(model, point)) for point in points]))
    command = [*_stan(model, caches, "densities.json"), str(caches / "points.json")]
    subprocess.run(command, env=environment(caches), capture_output=True, check=True)
    gaps = np.array(json.loads((caches / "densities.json").read_text())) - [float(logp(point)) for point in points]
    return float(np.ptp(gaps))


def apart(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return the largest difference between posterior means of headline outcomes, in Monte Carlo standard errors."""
    errors = np.hypot(one["mcse"], other["mcse"])
    return float(np.max(np.abs(np.subtract(one["mean"], other["mean"])) / errors))


def row(tool: str, cold: dict[str, Any], warm: dict[str, Any], against: dict[str, Any]) -> str:
    """Lay out what one tool took."""
    speed = warm["ess"] / warm["sample"]
    numbers = [cold["posterior"], warm["posterior"], warm["refit"], warm["sample"], warm["ess"], speed]
    cells = [f"{number:,.3g}" for number in numbers]
    gap = "" if tool == "blackball" else f"{apart(against, warm):.1f}"
    return f"| {TOOLS[tool]} | {' | '.join(cells)} | {max(cold['memory'], warm['memory']):,.0f} | {gap} |"


def main(tools: list[str]) -> None:
    """Measure everything and write the fragment."""
    risk, panel, regimes = find_inputs(NAME, None, None)
    model = risk.build(panel, regimes)
    runs: dict[str, list[dict[str, Any]]] = {tool: [] for tool in tools}
    with TemporaryDirectory() as folder:
        for when in ("cold", "warm"):
            for tool in tools:
                caches = Path(folder) / tool
                caches.mkdir(exist_ok=True)
                runs[tool].append(run(tool, model, caches))
                shown = {key: value for key, value in runs[tool][-1].items() if not isinstance(value, list)}
                print(when, tool, json.dumps(shown), flush=True)
        gap = density_gap(model, Path(folder) / "stan") if "stan" in tools else 0.0
    least, reference = floor(model), runs[tools[0]][1]
    rows = "\n".join(row(tool, *runs[tool], reference) for tool in tools)
    said = (
        f"""

Stan's program was written by hand from the model's equations; at 20 random points its log density differs from PyMC's
by at most {gap:.1g}, up to a constant. It starts from data in a file, where the others build the model."""
        if "stan" in tools
        else ""
    )
    page = f"""## {NAME}: the same posterior by other tools

Made by `python benchmarks/rivals.py` with Python {platform.python_version()} on {os.cpu_count()} cores
({platform.machine()}). 4 chains of 500 + 1,000 draws, target acceptance 0.95. Seconds from the start of a new process
to the posterior of the headline outcomes. Cold: empty compile caches; warm: those that the cold run left. Refit: new
data of the same shapes, in the same process. ESS: the smallest bulk effective sample size of the headline outcomes,
and that per second of sampling, warm-up included. Memory: of the largest process. Apart: the largest difference from
blackball's posterior means, in Monte Carlo standard errors.

| tool | cold (s) | warm (s) | refit (s) | sampling (s) | ESS | ESS/s | memory (MiB) | apart |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
{rows}

The floor of sampling: {least["gradients"]:,.0f} gradients at {least["microseconds"]:.1f} µs, on all cores
{least["seconds"]:.2f} s.

NumPyro's sampling is PyMC's `sampling_time` less the time that JAX compiled.{said}
"""
    (HERE / "rivals.md").write_text(page)
    print(page)
    off = [tool for tool in tools if apart(reference, runs[tool][1]) > FAR]
    if off or gap > SAME:
        raise SystemExit(f"not the same posterior: log density of Stan {gap:.1g} off; means of {off or 'none'} apart")


if __name__ == "__main__":
    main(sys.argv[1:] or list(TOOLS))
