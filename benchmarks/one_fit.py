"""Fit the default model once in this process and print the seconds of each stage as JSON.

`blackball`: as the library does it.  `plain`: the same model through `pm.sample(nuts_sampler="nutpie")`.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

DRAWS, TUNE, CHAINS, ACCEPT = 1000, 500, 4, 0.9


def timed[T](seconds: dict[str, float], stage: str, act: Callable[[], T]) -> T:
    """Run an act and note its seconds."""
    started = perf_counter()
    result = act()
    seconds[stage] = perf_counter() - started
    return result


def by_blackball(seconds: dict[str, float]) -> None:
    """Fit and, with another seed and data of the same shape, refit."""
    from blackball.inference import Settings, sample
    from blackball.inference.engine import compile_model
    from blackball.inference.prepare import Prepared
    from blackball.panel import read_panel
    from blackball.regimes import read_regimes
    from blackball.risk_model import load_model
    from blackball.shipped import shipped

    risk = load_model("one-or-many")
    panel = read_panel(shipped("data") / "western-projects")
    regimes = read_regimes(shipped("data") / "regimes.toml")
    settings = Settings(seed=1, draws=DRAWS, tune=TUNE, chains=CHAINS, target_accept=ACCEPT)
    model = timed(seconds, "build", lambda: risk.build(panel, regimes))
    engine = timed(seconds, "compile", lambda: compile_model(model))
    timed(seconds, "sample", lambda: engine.sample(settings))
    prepared = Prepared(risk, panel, regimes, "mixture", model, engine)
    timed(seconds, "sample and post-process", lambda: sample(prepared, settings))
    seconds["post-process"] = seconds.pop("sample and post-process") - seconds["sample"]
    again = timed(seconds, "refit: new panel, no compiler", lambda: prepared.with_panel(panel))
    timed(seconds, "refit: sample", lambda: again.engine.sample(replace(settings, seed=2)))


def by_plain_pymc(seconds: dict[str, float]) -> None:
    """Sample the same model as a PyMC user would."""
    import pymc as pm

    from blackball.panel import read_panel
    from blackball.regimes import read_regimes
    from blackball.risk_model import load_model
    from blackball.shipped import shipped

    risk = load_model("one-or-many")
    panel = read_panel(shipped("data") / "western-projects")
    regimes = read_regimes(shipped("data") / "regimes.toml")
    model = timed(seconds, "build", lambda: risk.build(panel, regimes))
    with model:
        timed(
            seconds,
            "compile and sample",
            lambda: pm.sample(
                draws=DRAWS,
                tune=TUNE,
                chains=CHAINS,
                random_seed=1,
                nuts_sampler="nutpie",
                nuts={"target_accept": ACCEPT},
                progressbar=False,
            ),
        )


if __name__ == "__main__":
    stages: dict[str, float] = {}
    if sys.argv[1] == "blackball":
        timed(stages, "import", lambda: __import__("blackball.api"))
        by_blackball(stages)
    else:
        timed(stages, "import", lambda: [__import__(name) for name in ("pymc", "nutpie", "arviz")])
        by_plain_pymc(stages)
    stages["peak memory (MiB)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(stages))
