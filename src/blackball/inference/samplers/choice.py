"""Draw a posterior by the sampler that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from blackball.errors import SetupError
from blackball.inference.prepare import Built, Prepared, compiled

if TYPE_CHECKING:
    import xarray as xr

    from blackball.inference.settings import Progress, Settings

__all__ = ["Drawn", "check_installed", "draw"]

EXTRA = ("jax", "numpyro")
"""What the extra `jax` brings, and the sampler `numpyro` needs."""


@dataclass(frozen=True)
class Drawn:
    """Draws of the free variables, and who made them.

    Attributes
    ----------
    posterior : Dataset
        On natural scales; dims `chain`, `draw` and each variable's own.
    stats : Dataset
        Dims `chain`, `draw`; under every sampler `diverging`, `energy`, `logp`, `maxdepth_reached` and `n_steps`.
    sampler : str
        As recorded in the fit, such as `nutpie (flat)`, `pymc` or `numpyro (cpu)`.
    tools : tuple of str
        Packages that the draws depend on beyond those of every fit.
    """

    posterior: xr.Dataset
    stats: xr.Dataset
    sampler: str
    tools: tuple[str, ...] = ()


def check_installed(settings: Settings) -> None:
    """Refuse a sampler that this machine lacks, before anything is built.

    Raises
    ------
    SetupError
        If the packages of an extra are missing.
    """
    missing = [name for name in EXTRA if settings.sampler == "numpyro" and find_spec(name) is None]
    if missing:
        raise SetupError(
            f"sampler 'numpyro': {' and '.join(missing)} not installed here, which the extra `jax` brings: "
            "pip install 'blackball[jax]'; or choose nutpie or pymc, which need no extra"
        )


def draw(built: Built, settings: Settings, progress: Progress) -> Drawn:
    """Draw the free variables of a model from its posterior.

    Parameters
    ----------
    built : Built
        A `Prepared` one is not compiled again for nutpie; the other samplers compile in their own ways, each time.
    settings : Settings
    progress : Progress
        Told of the stages `compile` and `sample`.

    Raises
    ------
    SetupError
        As `check_installed`.
    """
    check_installed(settings)
    # Each is imported when it is chosen: PyMC's sampler needs no JAX, and JAX takes a second to import.
    match settings.sampler:
        case "pymc":
            from blackball.inference.samplers.by_pymc import by_pymc

            return Drawn(*by_pymc(built.model, settings, progress), "pymc")
        case "numpyro":
            from blackball.inference.samplers.by_numpyro import backend, by_numpyro

            return Drawn(*by_numpyro(built.model, settings, progress), f"numpyro ({backend()})", (*EXTRA, "jaxlib"))
    return _by_nutpie(built if isinstance(built, Prepared) else compiled(built, progress), settings, progress)


def _by_nutpie(prepared: Prepared, settings: Settings, progress: Progress) -> Drawn:
    sampled = prepared.engine.sample(
        settings,
        progress=lambda chains: progress(
            "sample", sum(c.finished_draws for c in chains), sum(c.total_draws for c in chains)
        ),
    )
    return Drawn(sampled["posterior"].dataset, sampled["sample_stats"].dataset, f"nutpie ({prepared.engine.name})")
