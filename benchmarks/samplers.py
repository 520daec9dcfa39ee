"""What each sampler costs and gives, on the smallest model and on the default one; writes `benchmarks/samplers.md`.

Run on an otherwise idle machine, with the extra `jax` installed.  Each fit is in a new process with compile caches of
its own, once with these empty (cold) and then twice with what the first run left (warm; the faster one counts).
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

from speed import environment

HERE = Path(__file__).parent
MODELS = ("urn", "one-or-many")
SAMPLERS = ("nutpie", "pymc", "numpyro")
MEASURES = ("compile, cold (s)", "compile, warm (s)", "sample (s)", "smallest ESS", "ESS/s")


def one(name: str, sampler: str) -> dict[str, float]:
    """Draw once in this process; seconds until sampling starts and until it ends, and the smallest bulk ESS."""
    import arviz as az
    import xarray as xr

    from blackball.cli.inputs import find_inputs
    from blackball.inference import Settings
    from blackball.inference.derive import derived
    from blackball.inference.prepare import build
    from blackball.inference.samplers import draw

    built = build(*find_inputs(name, None, None))
    headlines = [
        v.name for v in built.model.deterministics if getattr(v.tag, "outcome", None) and v.tag.outcome.headline
    ]
    first: list[float] = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "sample" and not first:
            first.append(perf_counter())

    started = perf_counter()
    drawn = draw(built, Settings(sampler=sampler), progress)
    ended = perf_counter()
    outcomes = xr.DataTree.from_dict({"posterior": derived(built.model, drawn.posterior, headlines)})
    ess = min(float(values.min()) for values in az.ess(outcomes, method="bulk").dataset.data_vars.values())
    return {"compile": first[0] - started, "sample": ended - first[0], "ess": ess}


def measured(name: str, sampler: str) -> dict[str, float]:
    """Measure a sampler on a model, cold and warm."""
    with TemporaryDirectory() as caches:
        runs = [
            json.loads(
                subprocess.run(
                    [sys.executable, __file__, name, sampler],
                    env=environment(Path(caches)),
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout.splitlines()[-1]
            )
            for _ in range(3)
        ]
    compiled, sampled = (min(run[stage] for run in runs[1:]) for stage in ("compile", "sample"))
    return dict(
        zip(MEASURES, (runs[0]["compile"], compiled, sampled, runs[0]["ess"], runs[0]["ess"] / sampled), strict=True)
    )


def main() -> None:
    """Measure everything and write the page."""
    rows = [f"| model | sampler | {' | '.join(MEASURES)} |", f"|---|---|{'---:|' * len(MEASURES)}"]
    for name in MODELS:
        for sampler in SAMPLERS:
            found = measured(name, sampler)
            rows.append(f"| `{name}` | {sampler} | {' | '.join(f'{value:,.3g}' for value in found.values())} |")
            print(rows[-1], flush=True)
    table = "\n".join(rows)
    (HERE / "samplers.md").write_text(f"""# The samplers

Made by `python benchmarks/samplers.py` with Python {platform.python_version()} on {os.cpu_count()} cores
({platform.machine()}), without an accelerator. 4 chains of 500 + 1,000 draws. Compile: until the first draws, imports
of the sampler included. Cold: empty compile caches; warm: those that a run before left. ESS: the smallest bulk
effective sample size of the headline outcomes, and that per second of sampling, warm-up included.

{table}
""")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(one(*sys.argv[1:])))
    else:
        main()
