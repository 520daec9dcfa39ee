"""Fit a model once by one tool in this process, then again, and print what that took as JSON.

`one_rival.py TOOL MODEL`: `blackball` as the library does it, or `pymc`, `nutpie` and `numpyro` as a user of
`pm.sample` has them, on the same model.  Stan is in `stan/draw.py`.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

STARTED = perf_counter()
DRAWS, TUNE, CHAINS, ACCEPT = 1000, 500, 4, 0.95


def by_blackball(name: str) -> dict[str, Any]:
    """Fit and refit as `bb.fit` and `bb.update` do, short of diagnosis and densities."""
    from headlines import headlines, summary

    from blackball.cli.inputs import find_inputs
    from blackball.inference.derive import derived
    from blackball.inference.prepare import prepare

    risk, panel, regimes = find_inputs(name, None, None)
    prepared = prepare(risk, panel, regimes)
    compiled = perf_counter()
    drawn = _by_engine(prepared, 1)
    sampled = perf_counter()
    outcomes = derived(prepared.model, drawn, headlines(prepared.model))
    posterior = perf_counter()
    again = prepared.with_panel(panel)
    derived(again.model, _by_engine(again, 2), headlines(again.model))
    refitted = perf_counter()
    return {
        "posterior": posterior - STARTED,
        "sample": sampled - compiled,
        "refit": refitted - posterior,
        **summary(outcomes),
    }


def _by_engine(prepared: Any, seed: int) -> Any:
    from blackball.inference import Settings

    settings = Settings(draws=DRAWS, tune=TUNE, chains=CHAINS, seed=seed, target_accept=ACCEPT)
    return prepared.engine.sample(settings)["posterior"].dataset


def by_pymc(tool: str, name: str) -> dict[str, Any]:
    """Sample the same model as a PyMC user would; for new data `pm.sample` is called again."""
    import pymc as pm
    from headlines import headlines, summary

    from blackball.cli.inputs import find_inputs

    risk, panel, regimes = find_inputs(name, None, None)
    model = risk.build(panel, regimes)

    def sample(seed: int) -> Any:
        return pm.sample(
            draws=DRAWS,
            tune=TUNE,
            chains=CHAINS,
            cores=CHAINS,
            random_seed=seed,
            nuts_sampler=tool,
            nuts={"target_accept": ACCEPT},
            progressbar=False,
            compute_convergence_checks=False,
            model=model,
        )

    compiling = _jax_compiling() if tool == "numpyro" else lambda: 0.0
    tree = sample(1)
    posterior, sampled = perf_counter(), tree["posterior"].attrs["sampling_time"] - compiling()
    sample(2)
    return {
        "posterior": posterior - STARTED,
        "sample": sampled,
        "refit": perf_counter() - posterior,
        **summary(tree["posterior"].dataset[headlines(model)]),
    }


def _jax_compiling() -> Callable[[], float]:
    """Return a function that says how many seconds JAX has compiled; PyMC counts these as sampling."""
    import jax

    seconds = []
    jax.monitoring.register_event_duration_secs_listener(
        lambda event, duration, **_: seconds.append(duration) if event.endswith("backend_compile_duration") else None
    )
    return lambda: sum(seconds)


if __name__ == "__main__":
    tool, model_name = sys.argv[1:]
    found = by_blackball(model_name) if tool == "blackball" else by_pymc(tool, model_name)
    usage = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({**found, "memory": max(usage) / 1024}))
