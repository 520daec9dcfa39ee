"""Sample a Stan program, or evaluate its log density, in the environment that `environment.py` makes.

`draw.py PROGRAM DATA.json OUT.json` samples twice, the second time with data that come anew to the compiled program;
with POINTS.json as a fourth argument it evaluates the log density there instead.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter

started = perf_counter()
import aiohttp  # noqa: E402  the time that imports take is measured
import httpstan.compile  # noqa: E402
import stan  # noqa: E402

DRAWS, TUNE, CHAINS, ACCEPT = 1000, 500, 4, 0.95


class Patient:
    """Takes the place of `subprocess` in httpstan, which gives Stan's own compiler one second: too little here."""

    @staticmethod
    def run(*args: object, timeout: float, **options: object) -> subprocess.CompletedProcess[bytes]:
        """Run a command, sixty times as long as asked."""
        return subprocess.run(*args, check=False, timeout=60 * timeout, **options)


httpstan.compile.subprocess = Patient
# pystan asks httpstan over HTTP, and would give the C++ compiler five minutes.
aiohttp.client.DEFAULT_TIMEOUT = aiohttp.ClientTimeout()


def sampled(model: stan.model.Model) -> stan.fit.Fit:
    """Sample with the settings that all tools have."""
    return model.sample(num_chains=CHAINS, num_samples=DRAWS, num_warmup=TUNE, delta=ACCEPT)


def main(program: str, data: str, out: str, points: str | None = None) -> None:
    """Do it, and print the seconds of each stage."""
    seconds = {"import": perf_counter() - started}
    code, numbers = Path(program).read_text(), json.loads(Path(data).read_text())
    begun = perf_counter()
    model = stan.build(code, numbers, random_seed=1)
    seconds["compile"] = perf_counter() - begun
    if points is not None:
        found = [model.log_prob(point) for point in json.loads(Path(points).read_text())]
        Path(out).write_text(json.dumps(found))
        return
    begun = perf_counter()
    fit = sampled(model)
    seconds["sample"] = perf_counter() - begun
    seconds["posterior"] = perf_counter() - started
    begun = perf_counter()
    sampled(stan.build(code, numbers, random_seed=2))
    seconds["refit"] = perf_counter() - begun
    # Dims of a parameter, then draws of all chains in turn: chain 0's first, chain 1's first, and so on.
    draws = {name: fit[name].tolist() for name in (*fit.param_names, "divergent__", "n_leapfrog__")}
    Path(out).write_text(json.dumps(draws))
    usage = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds["memory"] = max(usage) / 1024
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
