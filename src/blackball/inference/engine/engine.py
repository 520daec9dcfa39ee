"""A compiled model, ready to be sampled again and again on data of the same shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from numpy.typing import NDArray

from blackball.errors import ModelError
from blackball.inference.engine.bridge import Flat, flat
from blackball.inference.engine.values import Unsupported
from blackball.inference.settings import Settings

__all__ = ["Engine", "compile_model"]


@dataclass(frozen=True)
class Engine:
    """A compiled model.

    Attributes
    ----------
    name : {"flat", "nutpie"}
        Whether the density is this package's own machine code, ready in seconds, or that of nutpie's Numba back
        end, ready in a minute or two.
    reason : str or None
        Why it is nutpie's: what the model has that the generator does not know.
    model : Flat or nutpie.compile_pymc.CompiledPyMCModel
        What is sampled.
    shapes : dict of str to tuple of int
        Shape of every data variable of the model.
    """

    name: str
    reason: str | None
    model: Any
    shapes: dict[str, tuple[int, ...]]

    def with_data(self, arrays: Mapping[str, NDArray[Any]]) -> Engine:
        """Return the same compiled model on other data; nothing is compiled.

        Parameters
        ----------
        arrays : mapping of str to ndarray
            By name of the data variable; what is not named stays as it is.

        Raises
        ------
        ModelError
            If the model has no such data variable, or an array has not its shape.
        """
        for name, array in arrays.items():
            if name not in self.shapes:
                raise ModelError(f"no data variable {name!r}; valid: {', '.join(sorted(self.shapes))}")
            if np.shape(array) != self.shapes[name]:
                raise ModelError(
                    f"data variable {name!r} has shape {np.shape(array)}; a compiled model takes new data of the "
                    f"same shape only, {self.shapes[name]}"
                )
        if isinstance(self.model, Flat):
            return replace(self, model=self.model.with_data(arrays))
        used = {variable.name for variable in self.model.shared_var_keys}
        return replace(self, model=self.model.with_data(**{k: v for k, v in arrays.items() if k in used}))

    def sample(
        self,
        settings: Settings,
        *,
        cores: int | None = None,
        progress: Callable[[list[Any]], None] | None = None,
    ) -> xr.DataTree:
        """Sample the posterior with nutpie's No-U-Turn Sampler.

        Parameters
        ----------
        settings : Settings
            Equal seeds give bit-identical draws, whatever the number of cores.
        cores : int, optional
            Chains that run at once; by default as many as the machine has cores for.
        progress : callable, optional
            Called with one `nutpie.ChainProgress` a chain, on another thread, about ten times a second.

        Returns
        -------
        DataTree
            `posterior`: the model's free variables on their natural scales, dims `chain`, `draw` and their own;
            `sample_stats`: among others `diverging`, `depth`, `energy` and `n_steps`.
        """
        import nutpie  # slow to import, and not needed to weigh draws

        sampler = nutpie.sample(
            self.model.compiled if isinstance(self.model, Flat) else self.model,
            draws=settings.draws,
            tune=settings.tune,
            chains=settings.chains,
            cores=cores,
            seed=settings.seed,
            target_accept=settings.target_accept,
            save_warmup=False,
            progress_bar=False,
            progress_callback=progress,
            blocking=False,
        )
        try:
            tree = sampler.wait()
        except KeyboardInterrupt:
            # A blocking call would return the draws so far, as if they were all.
            sampler.cancel()
            raise
        return xr.DataTree.from_dict({name: tree[name].dataset for name in ("posterior", "sample_stats")})


def compile_model(model: pm.Model) -> Engine:
    """Compile the density of a model, its gradient and the way back to natural scales.

    Parameters
    ----------
    model : pymc.Model
        With continuous free variables.
    """
    shapes = {variable.name: variable.get_value().shape for variable in model.data_vars}
    try:
        return Engine("flat", None, flat(model), shapes)
    except Unsupported as unsupported:
        import nutpie

        free = [variable.name for variable in model.free_RVs]
        compiled = nutpie.compile_pymc_model(model, freeze_model=False, var_names=free)
        return Engine("nutpie", str(unsupported), compiled, shapes)
