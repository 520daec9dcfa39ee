"""What a lowered tensor is: a number, a view into a buffer, or an expression not yet computed.

All shapes are known, so a view needs no code. NumPy itself does its index arithmetic, on a proxy array whose
contents nobody reads: its address and strides say which elements of the buffer the view means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Buffer", "Lazy", "Shape", "Unsupported", "Value", "View", "broadcast", "leaves", "viewed"]

Shape = tuple[int, ...]
Array = NDArray[np.float64]


class Unsupported(Exception):
    """The graph has something that the generator does not know; another engine has to run it."""


@dataclass(frozen=True, eq=False)
class Buffer:
    """Contiguous doubles that a compiled function reads or writes.

    Attributes
    ----------
    size : int
        Elements.
    home : {"work", "data", "x", "out", "logp"}
        The pointer it lies behind: scratch memory, packed data, or an argument of the function.
    offset : int
        First element behind that pointer; scratch memory is placed when the whole function is known.
    """

    size: int
    home: str = "work"
    offset: int = 0
    proxy: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "proxy", np.empty(max(self.size, 1)))

    def view(self, shape: Shape) -> View:
        """Return the whole buffer in C order."""
        return View(self, self.proxy[: self.size].reshape(shape))


@dataclass(frozen=True, eq=False)
class View:
    """Some elements of a buffer, in an order."""

    buffer: Buffer
    proxy: Array

    @property
    def shape(self) -> Shape:
        """Shape of the tensor."""
        return self.proxy.shape

    @property
    def offset(self) -> int:
        """Element of the buffer that the view's first element is."""
        start: int = self.buffer.proxy.ctypes.data
        return (self.proxy.ctypes.data - start) // self.proxy.itemsize if self.proxy.size else 0

    def viewed(self, change: Callable[[Array], Array]) -> View:
        """Return the view rearranged as `change` rearranges an array without copying it."""
        return View(self.buffer, change(self.proxy))

    @property
    def strides(self) -> Shape:
        """Elements of the buffer between neighbours, by dimension; 0 where they are the same element."""
        steps = zip(self.proxy.strides, self.proxy.shape, strict=True)
        return tuple(step // self.proxy.itemsize if length > 1 else 0 for step, length in steps)


@dataclass(frozen=True, eq=False)
class Lazy:
    """A scalar operation on tensors that broadcast to one shape, computed where it is used.

    Attributes
    ----------
    op : ScalarOp
    arguments : tuple of Value
    shape : tuple of int
    dtypes : tuple of str
        Of the arguments, then of the result.
    depth : int
        How many operations are nested.
    """

    op: Any
    arguments: tuple[Value, ...]
    shape: Shape
    dtypes: tuple[str, ...]
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        below = (argument.depth for argument in self.arguments if isinstance(argument, Lazy))
        object.__setattr__(self, "depth", 1 + max(below, default=0))


Value = float | View | Lazy


def viewed(value: Value, change: Callable[[Array], Array]) -> Value:
    """Return a value rearranged as `change` rearranges an array without copying it."""
    if isinstance(value, float):
        return value
    if isinstance(value, View):
        return value.viewed(change)
    arguments = tuple(viewed(broadcast(argument, value.shape), change) for argument in value.arguments)
    return Lazy(value.op, arguments, change(np.broadcast_to(0.0, value.shape)).shape, value.dtypes)


def broadcast(value: Value, shape: Shape) -> Value:
    """Return a value repeated to a larger shape, as NumPy does."""
    if isinstance(value, float) or value.shape == shape:
        return value
    return viewed(value, lambda array: np.broadcast_to(array, shape))


def leaves(value: Value) -> list[View]:
    """Return the views that an expression reads, each broadcast to the expression's shape."""
    if isinstance(value, float):
        return []
    if isinstance(value, View):
        return [value]
    return [leaf for argument in value.arguments for leaf in leaves(broadcast(argument, value.shape))]
