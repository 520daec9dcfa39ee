"""Mechanisms on plain numbers and on posterior draws."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from pytensor.compile.maker import function
from pytensor.compile.mode import Mode
from pytensor.xtensor.type import xtensor

from blackball.errors import ModelError
from blackball.mechanisms.ranges import ranges_of
from blackball.mechanisms.separable import separable_dims, widest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from blackball.mechanisms.labelled import Tensor
    from blackball.mechanisms.ranges import Range

__all__ = ["evaluate"]

type Signature = tuple[tuple[str, tuple[str, ...]], ...]
"""Names of the arguments, each with its dims: all that a compiled mechanism depends on."""

UNREWRITTEN = Mode(linker="py", optimizer="merge")
"""Lower the labels and run in NumPy: ready in a tenth of a second where numba needs several."""

ELEMENTS = 2**20
"""Of the largest array in one piece of the work, 8 MiB: smaller pieces cost more calls than they save memory."""

WORKERS = os.cpu_count() or 1


@dataclass(frozen=True)
class _Compiled:
    """A mechanism compiled for arguments of given dims.

    Attributes
    ----------
    result : XTensorVariable
    ranges : dict of str to tuple of Range
        By argument.
    separable : tuple of str
        Dims along which the work may be cut.
    idle : SimpleQueue of callable
        One function a worker, because a function is not to be called twice at once.
    """

    result: Tensor
    ranges: dict[str, tuple[Range, ...]]
    separable: tuple[str, ...]
    idle: SimpleQueue[Callable[..., np.ndarray]]

    def __call__(self, *arrays: np.ndarray) -> np.ndarray:
        """Compute the result once a function is idle."""
        compute = self.idle.get()
        try:
            return compute(*arrays)
        finally:
            self.idle.put(compute)


def evaluate(
    mechanism: Callable[..., Tensor], arguments: Mapping[str, xr.DataArray | np.ndarray | float]
) -> xr.DataArray:
    """Compute a mechanism on numbers.

    The graph is compiled once per mechanism and dims of its arguments, not per size or value: later calls,
    on draws of any number, only compute. Large arrays are cut along a dim that the mechanism keeps apart, such
    as draws, and the pieces computed on every core: memory grows by the result and a few pieces.

    Parameters
    ----------
    mechanism : callable
        Takes the arguments by name as labelled tensors and returns one. Keep it at hand rather than writing a
        new lambda for each call, which would compile each time.
    arguments : mapping of str to DataArray or number
        Arrays broadcast by the names of their dims; dims that two arrays share must have equal coordinates. One
        that the mechanism takes and does not use changes nothing.

    Returns
    -------
    DataArray
        The result, with the coordinates of the arguments along its dims.

    Raises
    ------
    ModelError
        If an argument is an array without names for its dims, is outside its range, or disagrees with another
        about a dim.
    """
    arrays = {name: _array(name, value) for name, value in arguments.items()}
    try:
        together = dict(zip(arrays, xr.align(*arrays.values(), join="exact"), strict=True))
    except ValueError as error:
        raise ModelError(f"arguments disagree about the coordinates of a dim they share: {error}") from error
    signature = tuple((name, tuple(map(str, array.dims))) for name, array in together.items())
    compiled = _compiled(mechanism, signature)
    for name, array in together.items():
        for allowed in compiled.ranges[name]:
            allowed.check(array.to_numpy())
    dims = compiled.result.type.dims
    coords = {dim: array[dim] for array in together.values() for dim in array.coords if dim in dims}
    return xr.DataArray(_computed(compiled, list(together.values())), dims=dims, coords=coords)


def _array(name: str, value: xr.DataArray | np.ndarray | float) -> xr.DataArray:
    """Read an argument as a labelled array of doubles."""
    if isinstance(value, xr.DataArray):
        return value.astype(np.float64, copy=False)
    if np.ndim(value) > 0:
        raise ModelError(f"argument {name} is an array of shape {np.shape(value)} without names for its dims")
    return xr.DataArray(np.float64(value))


@lru_cache(maxsize=128)
def _compiled(mechanism: Callable[..., Tensor], signature: Signature) -> _Compiled:
    """Compile a mechanism for arguments of given dims."""
    inputs = {name: xtensor(name, dims=dims, dtype="float64") for name, dims in signature}
    result = mechanism(**inputs)
    ranges = {name: ranges_of(tensor) for name, tensor in inputs.items()}
    compute = function(list(inputs.values()), result.values, mode=UNREWRITTEN, on_unused_input="ignore")
    separable = separable_dims(result, inputs.values())
    idle: SimpleQueue[Callable[..., np.ndarray]] = SimpleQueue()
    for worker in range(WORKERS if separable else 1):
        idle.put(compute.copy() if worker else compute)
    return _Compiled(result, ranges, separable, idle)


def _computed(compiled: _Compiled, arrays: list[xr.DataArray]) -> np.ndarray:
    """Compute the result, in pieces along its longest separable dim if it is large."""
    sizes = {str(dim): length for array in arrays for dim, length in array.sizes.items()}
    cut = max(compiled.separable, key=lambda dim: sizes[dim], default="")
    pieces = 1 if not cut else min(sizes[cut], -(-widest(compiled.result, sizes) // ELEMENTS))
    if pieces <= 1:
        return compiled(*(array.to_numpy() for array in arrays))
    ends = np.linspace(0, sizes[cut], pieces + 1).astype(int)

    def piece(start: int, stop: int) -> np.ndarray:
        at = {cut: slice(start, stop)}
        return compiled(*(array.isel(at, missing_dims="ignore").to_numpy() for array in arrays))

    with ThreadPoolExecutor(WORKERS) as pool:
        parts = list(pool.map(piece, ends[:-1], ends[1:]))
    return np.concatenate(parts, axis=compiled.result.type.dims.index(cut))
