"""A program: kernels in order and the buffers they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, prod
from typing import Any

import numpy as np
from pytensor.scalar import basic as ps
from pytensor.tensor.math import MulWithoutZeros

from blackball.inference.engine.kernel import Kernel
from blackball.inference.engine.scalars import literal, scalar
from blackball.inference.engine.values import Buffer, Shape, Unsupported, Value, View, broadcast, leaves, viewed
from blackball.inference.engine.vectors import WIDTHS, fitting

__all__ = ["Call", "Code", "Program"]

# What a reduction of nothing is.
NEUTRAL = {
    ps.Add: 0.0,
    ps.Mul: 1.0,
    MulWithoutZeros: 0.0,
    ps.Maximum: -inf,
    ps.Minimum: inf,
    ps.AND: 1.0,
    ps.OR: 0.0,
}


LANES = max(WIDTHS)
"""Numbers that are reduced side by side before they are reduced to one."""


@dataclass(frozen=True)
class Call:
    """A kernel and the buffers that it is called on, the written one first."""

    kernel: str
    buffers: tuple[Buffer, ...]


class Code:
    """The kernels of several programs, equal ones once.

    Attributes
    ----------
    kernels : dict of str to str
        Text of a kernel after its name, and its name.
    functions : dict of str to int
        Outer functions that they call, with how many doubles each takes.
    """

    def __init__(self) -> None:
        self.kernels: dict[str, str] = {}
        self.functions: dict[str, int] = {}

    def add(self, kernel: Kernel) -> Call:
        """Take in a kernel and return the call of it."""
        text = f"({kernel.parameters()}) {{\n{kernel.body()}\n}}"
        name = self.kernels.setdefault(text, f"kernel{len(self.kernels)}")
        self.functions |= kernel.functions
        return Call(name, tuple(kernel.buffers))


class Program:
    """Values computed one after the other.

    Attributes
    ----------
    calls : list of Call
        What the compiled function does, in order.
    """

    def __init__(self, code: Code) -> None:
        self.calls: list[Call] = []
        self._code = code

    def store(self, value: Value, into: View) -> None:
        """Compute a value into a view, to whose shape it is broadcast."""
        source, target, shape, _ = _collapsed(value, into, into.shape, ())
        kernel = Kernel(into.buffer, _wide(source, target, shape))
        with kernel.loops(shape) as index:
            kernel.write(kernel.evaluate(source, index), target, index)
        self.add(kernel)

    def materialised(self, value: Value, shape: Shape) -> View:
        """Return a view of a value, computed now unless it lies in memory already."""
        if isinstance(value, View):
            return value
        view = Buffer(prod(shape)).view(shape)
        self.store(value, view)
        return view

    def reduced(self, op: Any, value: Value, shape: Shape, axes: Sequence[int], dtype: str) -> View:
        """Return a value of the given shape reduced over some axes by an associative scalar operation."""
        if type(op) not in NEUTRAL:
            raise Unsupported(f"reduction by {type(op).__name__}")
        kept = [axis for axis in range(len(shape)) if axis not in axes]
        over = tuple(shape[axis] for axis in axes)
        result = Buffer(prod(shape[axis] for axis in kept)).view(tuple(shape[axis] for axis in kept))
        whole = viewed(broadcast(value, shape), lambda array: array.transpose([*kept, *axes]))
        behind = result.viewed(lambda array: array.reshape(array.shape + (1,) * len(over)))
        source, target, outer, inner = _collapsed(whole, behind, result.shape, over)
        if not outer and len(inner) == 1 and inner[0] % LANES == 0 and inner[0] > LANES:
            lanes = Buffer(LANES).view((LANES,))
            side_by_side = viewed(source, lambda array: array.reshape(-1, LANES).T)
            into = lanes.viewed(lambda array: array[:, None])
            self._reduce(op, side_by_side, into, (LANES,), (inner[0] // LANES,), dtype)
            source, inner = lanes, (LANES,)
        self._reduce(op, source, target, outer, inner, dtype)
        return result

    def _reduce(self, op: Any, source: Value, target: View, outer: Shape, inner: Shape, dtype: str) -> None:
        """Reduce the inner dimensions of a value into a view, which has them with length 1."""
        kernel = Kernel(target.buffer, _wide(source, target, outer))
        with kernel.loops(outer) as index:
            total = kernel.accumulator(literal(NEUTRAL[type(op)]))
            with kernel.loops(inner, first=len(outer)) as within:
                element = kernel.evaluate(source, [*index, *within])
                so_far = kernel.let(f"load double, ptr {total}")
                kernel.accumulate(scalar(kernel, op, (dtype,) * 3, (so_far, element)), total)
            kernel.write(kernel.let(f"load double, ptr {total}"), target, [*index, *("0" for _ in inner)])
        self.add(kernel)

    def add(self, kernel: Kernel) -> None:
        """Call a kernel next."""
        self.calls.append(self._code.add(kernel))


def _wide(source: Value, target: View, shape: Shape) -> tuple[int, int]:
    """Choose the loop that goes several numbers at a time: one whose numbers lie side by side, if it is long."""
    again = any(leaf.buffer is target.buffer for leaf in leaves(source))  # what is read is not to be written before
    if not shape or again:
        return 0, 1
    lengths = [length if step == 1 else length // 2 for length, step in zip(shape, target.strides, strict=False)]
    axis = lengths.index(max(lengths))
    return axis, fitting(shape[axis])


def _collapsed(source: Value, target: View, outer: Shape, inner: Shape) -> tuple[Value, View, Shape, Shape]:
    """Merge neighbouring loops that every view steps through evenly; return source, target, and the loops left."""
    shape = outer + inner
    whole = viewed(broadcast(source, shape), lambda array: array)
    into = target.viewed(lambda array: np.broadcast_to(array, shape))
    strides = [into.strides, *(leaf.strides for leaf in leaves(whole))]
    loops: tuple[list[int], list[int]] = ([], [])
    last = -1
    for axis, length in enumerate(shape):
        section = loops[axis >= len(outer)]
        if length == 1:
            continue
        if section and all(steps[last] == steps[axis] * length for steps in strides):
            section[-1] *= length
        else:
            section.append(length)
        last = axis
    merged = (*loops[0], *loops[1])
    reshaped = viewed(whole, lambda array: array.reshape(merged))
    return reshaped, into.viewed(lambda array: array.reshape(merged)), tuple(loops[0]), tuple(loops[1])
