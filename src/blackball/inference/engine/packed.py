"""Data and constants in one flat array, so that new data of the same shapes need no new code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blackball.inference.engine.values import Buffer, View

__all__ = ["Packed"]


class Packed:
    """Arrays one behind the other.

    Attributes
    ----------
    data : dict of str to View
        Where each named array lies; behind them, constants.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._size = 0
        self._constants: dict[bytes, tuple[Buffer, NDArray[np.float64]]] = {}
        self.data: dict[str, View] = {
            name: self._place(int(np.prod(shape))).view(shape) for name, shape in shapes.items()
        }

    def constant(self, array: NDArray[np.float64]) -> Buffer:
        """Return where a constant array lies, equal ones once."""
        key = array.tobytes()
        if key not in self._constants:
            self._constants[key] = (self._place(array.size), array)
        return self._constants[key][0]

    @property
    def constants(self) -> list[NDArray[np.float64]]:
        """The constant arrays, in the order in which they lie behind the data."""
        return [array for _, array in self._constants.values()]

    def fill(self, arrays: Mapping[str, Any]) -> NDArray[np.float64]:
        """Return the flat array that holds the constants and the given data."""
        flat = np.zeros(max(self._size, 1))
        filled = [(view.buffer, np.asarray(arrays[name], dtype=float)) for name, view in self.data.items()]
        for name, view in self.data.items():
            if np.shape(arrays[name]) != view.shape:
                raise ValueError(f"data {name!r} has shape {np.shape(arrays[name])}; the code is for {view.shape}")
        for buffer, array in [*filled, *self._constants.values()]:
            flat[buffer.offset : buffer.offset + buffer.size] = array.ravel()
        return flat

    def _place(self, size: int) -> Buffer:
        buffer = Buffer(size, "data", self._size)
        self._size += size
        return buffer
