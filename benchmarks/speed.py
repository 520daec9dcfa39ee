"""Where the time goes on the default model, stage by stage and as a user waits; writes `benchmarks/speed.md`.

    .venv/bin/python benchmarks/speed.py

On an otherwise idle machine; about two minutes. The cold run starts with empty compile caches in a folder of their own,
warm ones reuse what it left; each in a new process. How long other tools take is in `rivals.md`.
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
PROGRAM = str(Path(sys.executable).with_name("blackball"))
WARM = 3


def environment(caches: Path) -> dict[str, str]:
    """Return an environment whose compile caches all lie in one folder."""
    return {
        **os.environ,
        "PYTENSOR_FLAGS": f"base_compiledir={caches / 'pytensor'}",
        "NUMBA_CACHE_DIR": str(caches / "numba"),
        "XDG_CACHE_HOME": str(caches / "xdg"),
    }


def one_fit(caches: Path) -> dict[str, float]:
    """Fit once in a new process and return its seconds by stage."""
    command = [sys.executable, str(HERE / "one_fit.py")]
    done = subprocess.run(command, env=environment(caches), capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def command_seconds(*arguments: str, fails: bool = False) -> float:
    """Return the median wall seconds of a command over five runs, after one that does not count.

    Each run is in an empty folder. Ends the benchmark if a command fails that should not, or the other way round.
    """
    runs = []
    for _ in range(6):
        with TemporaryDirectory() as folder:
            started = perf_counter()
            done = subprocess.run(arguments, capture_output=True, check=False, cwd=folder)
            runs.append(perf_counter() - started)
        if bool(done.returncode) != fails:
            raise SystemExit(f"{' '.join(arguments)} ended with code {done.returncode}")
    return sorted(runs[1:])[2]


def median(runs: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each stage."""
    return {stage: sorted(run[stage] for run in runs)[len(runs) // 2] for stage in runs[0]}


def main() -> None:
    """Measure everything and write the page."""
    small = {
        "`blackball --help`": command_seconds(PROGRAM, "--help"),
        "`import blackball`": command_seconds(sys.executable, "-c", "import blackball"),
        "`blackball fit` of a missing panel: the error": command_seconds(
            PROGRAM, "fit", "urn", "--panel", "nowhere", fails=True
        ),
        "`import pymc, nutpie, arviz`": command_seconds(sys.executable, "-c", "import pymc, nutpie, arviz"),
        "`blackball fit one-or-many`, to the printed table": command_seconds(PROGRAM, "fit", "one-or-many"),
    }
    with TemporaryDirectory() as folder:
        cold, *runs = (one_fit(Path(folder)) for _ in range(1 + WARM))
    warm = median(runs)
    rows = "\n".join(f"| {stage} | {cold[stage]:.1f} | {warm[stage]:.1f} |" for stage in warm)
    commands = "\n".join(f"| {name} | {seconds:.2f} |" for name, seconds in small.items())
    whole, imports = (small[name] for name in list(small)[:-3:-1])
    page = f"""# Where the time goes

Made by `python benchmarks/speed.py` with Python {platform.python_version()} on {os.cpu_count()} cores
({platform.machine()}). The default model, 4 chains of 500 + 1,000 draws, in a new process each. Seconds. Cold: empty
compile caches; warm: what the cold run left, median of {WARM}.

| stage | cold | warm |
|---|---:|---:|
{rows}

| command | median seconds |
|---|---:|
{commands}

The command without its imports takes {(whole - imports) / warm["sample"]:.1f} times as long as sampling alone.
"""
    (HERE / "speed.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main()
