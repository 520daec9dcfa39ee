"""NumPyro's No-U-Turn Sampler on JAX: all chains in one compiled program, on whatever device JAX has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import numpy as np
import pymc as pm
import xarray as xr
from numpyro.infer import NUTS
from pymc.sampling.jax import get_jaxified_logp

from blackball.errors import ModelError
from blackball.inference.engine.cache import folder
from blackball.inference.on_draws import on_draws

if TYPE_CHECKING:
    from blackball.inference.settings import Progress, Settings

__all__ = ["backend", "by_numpyro"]

STEPS = 10
"""Transitions that JAX makes in one go; between two goes progress is noted, and Ctrl-C heard."""

DEPTH = 10
"""The greatest tree depth: 1,023 steps, as the other samplers have it."""

TRIES = 20
"""Starting points tried for each chain."""


class _Kept(NamedTuple):
    """What is kept of each transition; leading axes step and chain."""

    values: list[jax.Array]
    diverging: jax.Array
    energy: jax.Array
    n_steps: jax.Array
    potential: jax.Array


def backend() -> str:
    """Return the kind of device that JAX computes on, such as `cpu` or `gpu`."""
    return str(jax.default_backend())


def by_numpyro(model: pm.Model, settings: Settings, progress: Progress) -> tuple[xr.Dataset, xr.Dataset]:
    """Sample a model.

    Parameters
    ----------
    model : pymc.Model
    settings : Settings
    progress : Progress
        Told of the stages `compile` and `sample`.

    Returns
    -------
    (Dataset, Dataset)
        The free variables on their natural scales, and what the sampler says of each draw.

    Raises
    ------
    ModelError
        If no starting point has a finite density.
    """
    progress("compile", 0, 0)
    # Log densities are differences of large numbers: JAX's usual 32 bits would not do, on an accelerator either.
    jax.config.update("jax_enable_x64", True)
    if jax.config.jax_compilation_cache_dir is None:
        jax.config.update("jax_compilation_cache_dir", str(folder() / "jax"))
    # Compiled whole; otherwise JAX compiles it operation by operation to find a first step size.
    potential = jax.jit(get_jaxified_logp(model, negative_logp=False))
    kernel = NUTS(potential_fn=potential, target_accept_prob=settings.target_accept, max_tree_depth=DEPTH)
    keys = jax.random.split(jax.random.PRNGKey(settings.seed), settings.chains)
    state = kernel.init(keys, settings.tune, _start(model, potential, settings), (), {})
    advance = jax.jit(lambda state: jax.lax.scan(lambda now, _: _step(kernel, now), state, length=STEPS))
    return _labelled(model, settings, _run(advance.lower(state).compile(), state, settings, progress))


def _start(model: pm.Model, potential: Callable[..., jax.Array], settings: Settings) -> list[np.ndarray]:
    """Return a start for each chain, within 1 of the initial point on every unconstrained scale."""
    random, point = np.random.default_rng(settings.seed), model.initial_point()
    first = [np.asarray(point[value.name], dtype=float) for value in model.value_vars]
    count = TRIES * settings.chains
    tried = [start + random.uniform(-1, 1, (count, *start.shape)) for start in first]
    finite = np.flatnonzero(np.isfinite(jax.vmap(potential)(tried)))[: settings.chains]
    if len(finite) < settings.chains:
        raise ModelError(f"sampler 'numpyro': of {count} starting points too few have a finite density")
    return [start[finite] for start in tried]


def _step(kernel: NUTS, state: Any) -> tuple[Any, _Kept]:
    new = kernel.sample(state, (), {})
    return new, _Kept(new.z, new.diverging, new.energy, new.num_steps, new.potential_energy)


def _run(advance: Callable[[Any], tuple[Any, _Kept]], state: Any, settings: Settings, progress: Progress) -> _Kept:
    """Warm up and sample; the step size and the metric adapt as long as the state counts fewer than `tune` steps."""
    total, parts = settings.tune + settings.draws, []
    for done in range(0, total, STEPS):
        state, kept = advance(state)
        parts.append(jax.tree.map(np.asarray, kept))
        progress("sample", settings.chains * min(done + STEPS, total), settings.chains * total)
    joined: _Kept = jax.tree.map(lambda *pieces: np.concatenate(pieces)[settings.tune : total], *parts)
    return joined


def _labelled(model: pm.Model, settings: Settings, kept: _Kept) -> tuple[xr.Dataset, xr.Dataset]:
    """Bring the values to their natural scales, and label everything."""
    labels = {"chain": np.arange(settings.chains), "draw": np.arange(settings.draws)}
    natural = dict(zip([rv.name for rv in model.free_RVs], model.replace_rvs_by_values(model.free_RVs), strict=True))
    values = {
        rv.name: (("draw", "chain", *model.named_vars_to_dims.get(rv.name, ())), drawn)
        for rv, drawn in zip(model.free_RVs, kept.values, strict=True)
    }
    stats = {
        "diverging": kept.diverging,
        "energy": kept.energy,
        "logp": -kept.potential,
        "maxdepth_reached": kept.n_steps >= 2**DEPTH - 1,
        "n_steps": kept.n_steps,
    }
    posterior = on_draws(model, natural, {model.rvs_to_values[rv]: rv for rv in model.free_RVs})(
        xr.Dataset(values, coords=labels).transpose("chain", "draw", ...)
    )
    return posterior, xr.Dataset({name: (("draw", "chain"), each) for name, each in stats.items()}, labels).transpose(
        "chain", "draw"
    )
