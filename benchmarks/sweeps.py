"""Many fits of one model by one worker, by two, and by two processes over TCP; writes `benchmarks/sweeps.md`.

    .venv/bin/python benchmarks/sweeps.py

On an otherwise idle machine with two cores or more, the extra `cluster` installed; about six minutes. Each sweep is in
a new process, whose compile caches are warm. The numbers of all three must be the same.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

HERE = Path(__file__).parent
NAME, SIMULATIONS = "one-or-many", 20
SWEEPS = {"calibrate": f"`calibrate`, {SIMULATIONS} simulations", "leave_out": "`leave-out`, each expert once"}
WORKERS = {"1": "1 worker", "2": "2 workers", "tcp": "2 processes, TCP"}


def swept(sweep: str, workers: str) -> dict[str, Any]:
    """Run one sweep, and return its seconds, how many fits it made, and a digest of its numbers.

    Parameters
    ----------
    sweep : {"calibrate", "leave_out"}
    workers : {"1", "2", "tcp"}
    """
    import blackball as bb
    from blackball.shipped import shipped

    given = NAME, shipped("data") / "western-projects", shipped("data") / "regimes.toml"
    fit = bb.fit(*given) if sweep == "leave_out" else None

    def run(count: int | None = None, cluster: str | None = None) -> Any:
        if fit is None:
            return bb.calibrate(*given, simulations=SIMULATIONS, workers=count, cluster=cluster).ranks
        return bb.leave_out(fit, workers=count, cluster=cluster).moves

    if workers != "tcp":
        return _timed(lambda: run(int(workers)))
    from dask.distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        return _timed(lambda: run(cluster=cluster.scheduler_address))


def _timed(run: Any) -> dict[str, Any]:
    started = perf_counter()
    table = run()
    return {"seconds": perf_counter() - started, "numbers": table.to_csv(index=False)}


def measured(sweep: str, workers: str) -> dict[str, Any]:
    """Run a sweep in a new process; parameters and result as for `swept`."""
    command = [sys.executable, __file__, sweep, workers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure everything, write and print the page."""
    rows = []
    for sweep, name in SWEEPS.items():
        found = [measured(sweep, workers) for workers in WORKERS]
        if len({one["numbers"] for one in found}) > 1:
            raise SystemExit(f"{sweep}: the numbers depend on who computes them")
        seconds = [one["seconds"] for one in found]
        cells = " | ".join(f"{each:.1f} ({seconds[0] / each:.2f})" for each in seconds)
        rows.append(f"| {name} | {cells} |")
    page = f"""# Many fits of one model

Made by `python benchmarks/sweeps.py` with Python {platform.python_version()} on {os.cpu_count()} cores
({platform.machine()}). `{NAME}` with its panel and 17 regimes; seconds, and in brackets how many times as fast as one
worker. Compile caches are warm; two processes start, import and compile in that time. `leave-out` by one worker
has chains on all cores. The numbers in a row are the same to the last digit.

| sweep | {" | ".join(WORKERS.values())} |
|---|{"---:|" * len(WORKERS)}
{chr(10).join(rows)}
"""
    (HERE / "sweeps.md").write_text(page)
    print(page)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(swept(sys.argv[1], sys.argv[2])))
    else:
        main()
