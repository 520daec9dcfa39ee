"""How fast mechanisms are on posterior draws and inside a model, beside simulating; writes `benchmarks/mechanisms.md`.

Run with `make bench` on an otherwise idle machine.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import xarray as xr

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.mechanisms.simulation import catastrophes, random_world  # noqa: E402

from blackball.inference.engine import compile_model  # noqa: E402
from blackball.mechanisms import authority, board, composition, contest, evaluate, inspection, racing, theft  # noqa: E402
from blackball.panel import read_panel  # noqa: E402
from blackball.regimes import read_regimes  # noqa: E402
from blackball.risk_model import load_model  # noqa: E402
from blackball.shipped import shipped  # noqa: E402

REGIMES, YEARS, DRAWS = 14, 30, 4000
SEATS = xr.DataArray([2, 2, 1], dims="bloc")
STANDARD_ERROR = 0.001
MIB = 1024


def composed(
    gap: Any, rank: Any, merge: Any, corners_cut: Any, hurry: Any, misaligned: Any, pace: Any, growth: Any,
    shared_fate: Any, sophisticated: Any, aware: Any, sees: Any, sees_aware: Any, sees_naive: Any, stand: Any,
    rules_changed: Any, delay: Any, regulator: Any, defence: Any, lead: Any, offence: Any, decisiveness: Any,
    breach: Any, projects: Any, dilution: Any, thief_draws: Any, someone_acts: Any,
) -> Any:  # fmt: skip
    """Compose the whole argument, by regime, year and draw, into the chance to come through every year so far."""
    pressure = racing.pressure(racing.rivalry(gap * rank, tau=6.0, merge=merge))
    bad = racing.raced_misalignment(misaligned, pressure, corners_cut)
    draws = racing.raced_draws(projects * pace * growth, pressure, hurry)
    watched = inspection.miss_when_watched(aware, sees_aware, sees)
    missed = inspection.miss_of_types(sophisticated, watched, inspection.miss(sees_naive))
    inner = authority.halt(board.majority(stand, SEATS), rules_changed, delay, 4.0)
    released = authority.release(missed, authority.either(inner, regulator))
    win = contest.win(1.0, contest.lead(defence, lead, 12.0), offence, decisiveness)
    stolen = theft.any_breach(breach * growth, projects, dilution)
    hazard = composition.any_of(
        composition.inside(bad, released, win, draws, shared_fate),
        composition.theft_route(stolen, bad, win, thief_draws * growth, shared_fate),
        composition.rash_route(someone_acts, bad, win),
    )
    return composition.survival_curve(hazard)


def posterior(draws: int) -> dict[str, xr.DataArray]:
    """Make up draws of every parameter."""
    rng = np.random.default_rng(1)
    lengths = {"regime": REGIMES, "sample": draws, "rival": 4, "channel": 4, "bloc": 3}

    def uniform(low: float, high: float, *dims: str) -> xr.DataArray:
        return xr.DataArray(rng.uniform(low, high, [lengths[dim] for dim in dims]), dims=dims)

    both, one = ("regime", "sample"), ("sample",)
    return {
        "gap": uniform(1, 18, *one), "rank": xr.DataArray(np.arange(1.0, 5), dims="rival"),
        "merge": uniform(0, 1, "regime"), "corners_cut": uniform(0.1, 2, *one), "hurry": uniform(0.1, 1, *one),
        "misaligned": uniform(0.01, 0.3, *both), "pace": uniform(0.02, 1, *both),
        "growth": xr.DataArray(np.linspace(0, 3, YEARS), dims="year"), "shared_fate": uniform(0.05, 0.95, *one),
        "sophisticated": uniform(0.2, 0.9, *one), "aware": uniform(0.1, 0.9, *one),
        "sees": uniform(0.1, 0.6, *both, "channel"), "sees_aware": uniform(0.0, 0.1, *both, "channel"),
        "sees_naive": uniform(0.5, 0.9, *both, "channel"), "stand": uniform(0.1, 0.9, "sample", "bloc"),
        "rules_changed": uniform(0.1, 0.5, *both), "delay": uniform(0, 3, "regime"),
        "regulator": uniform(0, 0.3, *both), "defence": uniform(0.3, 5, *both), "lead": uniform(0, 12, *one),
        "offence": uniform(-4, 1, *one), "decisiveness": uniform(0.3, 2, *one), "breach": uniform(0.01, 0.2, *both),
        "projects": xr.DataArray(1.0 + np.arange(REGIMES) % 6, dims="regime"), "dilution": uniform(0.2, 0.9, *one),
        "thief_draws": uniform(0.05, 3, *one), "someone_acts": uniform(0, 0.1, *both),
    }  # fmt: skip


def seconds(act: Callable[[], object], times: int) -> float:
    """Return the median seconds of an act."""
    runs = []
    for _ in range(times):
        started = perf_counter()
        act()
        runs.append(perf_counter() - started)
    return float(np.median(runs))


def on_draws() -> dict[str, float]:
    """Evaluate the composition on every draw."""
    values = posterior(DRAWS)
    first = seconds(lambda: evaluate(composed, posterior(2)), 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    once = seconds(lambda: evaluate(composed, values), 1)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"compile": first, "once": once, "again": seconds(lambda: evaluate(composed, values), 5), "MiB": grown / MIB}


def in_a_model() -> dict[str, float]:
    """Time the compiled log density of the default model with its gradient."""
    data = shipped("data")
    model = load_model("one-or-many").build(read_panel(data / "western-projects"), read_regimes(data / "regimes.toml"))
    engine = compile_model(model)
    compiled = engine.model.compiled
    point = np.random.default_rng(1).normal(0, 0.5, compiled.n_dim)
    gradient, logp = np.empty_like(point), np.empty(1)
    double = ctypes.POINTER(ctypes.c_double)
    density = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, double, double, double, ctypes.c_void_p)(
        compiled.compiled_logp_func.address
    )
    pointers = [array.ctypes.data_as(double) for array in (point, gradient, logp)]
    return {
        "gradient": seconds(lambda: density(point.size, *pointers, compiled.user_data.ctypes.data), 5000),
        "dims": point.size,
    }


def simulated() -> dict[str, float]:
    """Time a simulator that plays the same argument out event by event, for one set of parameters and one year."""
    world = random_world(np.random.default_rng(1))
    runs = 20_000
    share = float(catastrophes(world, runs, np.random.default_rng(2)).mean())
    each = seconds(lambda: catastrophes(world, runs, np.random.default_rng(3)), 3) / runs / len(world.bad)
    return {"share": share, "runs": share * (1 - share) / STANDARD_ERROR**2, "year": each}


def main() -> None:
    """Measure everything and write the page."""
    draws, model, play = on_draws(), in_a_model(), simulated()
    one = play["year"] * play["runs"] * YEARS
    page = f"""# Speed of the mechanisms

Made by `make bench` with Python {platform.python_version()} on {os.cpu_count()} cores ({platform.machine()}).

The whole argument (racing, two types of deceiver and awareness, board, halt, contest, shared fate, theft, thief,
rash release, survival) by `evaluate` for {REGIMES} regimes x {YEARS} years x {DRAWS:,} draws,
{REGIMES * YEARS * DRAWS:,} yearly hazards in all:

| step | |
|---|---:|
| build the graph and compile, once | {draws["compile"]:.2f} s |
| first call | {draws["once"]:.2f} s |
| later calls, median of 5 | {draws["again"]:.2f} s |
| growth of peak memory | {draws["MiB"]:.0f} MiB |

The same by simulating event by event, in NumPy on whole arrays of histories (`tests/mechanisms/simulation.py`).
The closed form has no Monte Carlo error in any draw; a simulator needs {play["runs"]:,.0f} histories for a standard
error of {STANDARD_ERROR} in one chance of {play["share"]:.2f}:

| step | |
|---|---:|
| simulated, one history and year, measured | {play["year"] * 1e6:.2f} µs |
| one regime and draw, {YEARS} years, to that standard error, extrapolated | {one:.1f} s |
| all {REGIMES} x {DRAWS:,}, extrapolated | {one * REGIMES * DRAWS / 3600:,.0f} h |

The compiled log density of `models/one_or_many.py` on its panel, {model["dims"]:.0f} unknowns:

| evaluation | |
|---|---:|
| log density with gradient, median of 5,000 | {model["gradient"] * 1e6:.0f} µs |

The engine compiles the two together; there is no log density without its gradient.
"""
    (HERE / "mechanisms.md").write_text(page)
    print(page)


if __name__ == "__main__":
    main()
