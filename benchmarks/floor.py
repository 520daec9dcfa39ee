"""The least that sampling can take: gradient evaluations times the time of one, on all cores at once."""

from __future__ import annotations

import ctypes
import os
from time import perf_counter

import numpy as np
import nutpie
import pymc as pm

from blackball.inference.engine import compile_model

__all__ = ["floor"]

DRAWS, TUNE, CHAINS, ACCEPT = 1000, 500, 4, 0.95
EVALUATIONS = 2000


def floor(model: pm.Model) -> dict[str, float]:
    """Return how many gradients nutpie evaluates, warm-up included, the microseconds of one, and the product."""
    compiled = compile_model(model).model.compiled
    tree = nutpie.sample(
        compiled,
        draws=DRAWS,
        tune=TUNE,
        chains=CHAINS,
        seed=1,
        target_accept=ACCEPT,
        save_warmup=True,
        progress_bar=False,
    )
    count = sum(int(tree[group]["n_steps"].sum()) for group in ("warmup_sample_stats", "sample_stats"))
    each = _seconds(compiled, model)
    cores = min(CHAINS, os.cpu_count() or 1)
    return {"gradients": count, "microseconds": 1e6 * each, "seconds": count * each / cores}


def _seconds(compiled: nutpie.compile_pymc.CompiledPyMCModel, model: pm.Model) -> float:
    """Return the seconds of one evaluation, at points within the posterior's reach: the fastest of five rounds."""
    double = ctypes.POINTER(ctypes.c_double)
    function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, double, double, double, ctypes.c_void_p)(
        compiled.compiled_logp_func.address
    )
    start = np.concatenate([np.ravel(model.initial_point()[value.name]) for value in model.value_vars])
    points = start + np.random.default_rng(1).normal(0, 0.5, (EVALUATIONS, start.size))
    gradient, logp = np.empty_like(start), np.empty(1)
    out = [array.ctypes.data_as(double) for array in (gradient, logp)]
    arguments = [(start.size, point.ctypes.data_as(double), *out, compiled.user_data.ctypes.data) for point in points]
    rounds = []
    for _ in range(5):
        begun = perf_counter()
        for each in arguments:
            function(*each)
        rounds.append((perf_counter() - begun) / EVALUATIONS)
    return min(rounds)
