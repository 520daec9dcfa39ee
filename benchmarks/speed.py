"""Where the time goes on the default model, beside plain PyMC in the same run; writes `benchmarks/speed.md`.

Run with `make bench` on an otherwise idle machine.  Cold runs start with empty compile caches in a folder of their
own, warm ones reuse the caches that the cold one left; each in a new process, the two tools in turn.
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

HERE = Path(__file__).parent
TOOLS = ("blackball", "plain")


def environment(caches: Path) -> dict[str, str]:
    """Return an environment whose compile caches all lie in one folder."""
    return {
        **os.environ,
        "PYTENSOR_FLAGS": f"base_compiledir={caches / 'pytensor'}",
        "NUMBA_CACHE_DIR": str(caches / "numba"),
        "XDG_CACHE_HOME": str(caches / "xdg"),
    }


def one_fit(tool: str, caches: Path) -> dict[str, float]:
    """Fit once in a new process and return its seconds by stage, and in all."""
    started = perf_counter()
    command = [sys.executable, str(HERE / "one_fit.py"), tool]
    done = subprocess.run(command, env=environment(caches), capture_output=True, text=True, check=True)
    stages = json.loads(done.stdout.splitlines()[-1])
    return {**stages, "whole process": perf_counter() - started}


def command_seconds(*arguments: str) -> float:
    """Return the median wall seconds of a command over five runs, after one that does not count."""
    runs = []
    for _ in range(6):
        started = perf_counter()
        subprocess.run(arguments, capture_output=True, check=False)
        runs.append(perf_counter() - started)
    return sorted(runs[1:])[2]


def table(columns: dict[str, dict[str, float]]) -> str:
    """Lay out stages as rows and runs as columns."""
    stages = list(dict.fromkeys(stage for column in columns.values() for stage in column))
    rows = [f"| stage | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for stage in stages:
        cells = [f"{column[stage]:.1f}" if stage in column else "" for column in columns.values()]
        rows.append(f"| {stage} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> None:
    """Measure everything and write the page."""
    program = str(Path(sys.executable).with_name("blackball"))
    small = {
        "`blackball --help`": command_seconds(program, "--help"),
        "`import blackball`": command_seconds(sys.executable, "-c", "import blackball"),
        "`blackball fit` of a missing panel: the error": command_seconds(program, "fit", "urn", "--panel", "nowhere"),
        "`import pymc, nutpie, arviz`": command_seconds(sys.executable, "-c", "import pymc, nutpie, arviz"),
    }
    with TemporaryDirectory() as folder:
        caches = {tool: Path(folder) / tool for tool in TOOLS}
        runs = {f"{tool}, {when}": one_fit(tool, caches[tool]) for when in ("cold", "warm") for tool in TOOLS}
    ratio = {
        when: runs[f"plain, {when}"]["whole process"] / runs[f"blackball, {when}"]["whole process"]
        for when in ("cold", "warm")
    }
    commands = "\n".join(f"| {name} | {seconds:.2f} |" for name, seconds in small.items())
    page = f"""# Speed of the default model

Made by `make bench` with Python {platform.python_version()} on {os.cpu_count()} cores ({platform.machine()}).
Seconds, unless a row says otherwise. `plain` is `pm.sample(nuts_sampler="nutpie")` on the same model.
4 chains of 500 + 1,000 draws. Cold: empty compile caches; warm: those that the cold run left; each in a new process.

{table(runs)}

Whole process, plain / blackball: {ratio["cold"]:.1f} cold, {ratio["warm"]:.1f} warm. blackball's process also
post-processes (outcomes, densities, diagnostics) and refits, which plain PyMC's does not.

| command | seconds, median of 5 |
|---|---:|
{commands}
"""
    (HERE / "speed.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main()
