"""Reading and writing parts of tensors at indices that are known: slices, and arrays of places."""

from __future__ import annotations

from typing import Any

import numpy as np
from pytensor.graph.basic import Apply, Variable
from pytensor.scalar import basic as ps
from pytensor.tensor.subtensor import (
    AdvancedIncSubtensor,
    AdvancedSubtensor,
    IncSubtensor,
    Subtensor,
    indices_from_subtensor,
)

from blackball.inference.engine.kernel import Kernel
from blackball.inference.engine.lower import Lowering, Operations, rearrange
from blackball.inference.engine.values import Buffer, Lazy, Unsupported, Value, View, viewed

__all__ = ["INDEXING"]


def _index(op: Any, variables: list[Variable], graph: Lowering) -> tuple[Any, ...]:
    numbers = [graph.known(variable) for variable in variables]
    if any(number is None for number in numbers):
        raise Unsupported(f"{type(op).__name__} at an index that data or parameters decide")
    index = indices_from_subtensor(numbers, op.idx_list)
    return (*(int(entry) if np.ndim(entry) == 0 and not isinstance(entry, slice) else entry for entry in index), ...)


def _subtensor(op: Subtensor, node: Apply, graph: Lowering) -> None:
    index = _index(op, node.inputs[1:], graph)
    rearrange(node, graph, lambda array: array[index])


def _inc_subtensor(op: IncSubtensor, node: Apply, graph: Lowering) -> None:
    index = _index(op, node.inputs[2:], graph)
    result = _copied(node, graph)
    part = View(result.buffer, result.proxy[index])
    change = graph.repeated(node.inputs[1], part.shape)
    if not op.set_instead_of_inc:
        change = Lazy(ps.add, (part, change), part.shape, ("float64",) * 3)
    graph.program.store(change, part)


def _advanced_subtensor(op: AdvancedSubtensor, node: Apply, graph: Lowering) -> None:
    source = graph.view(node.inputs[0])
    places = _places(source, _index(op, node.inputs[1:], graph))
    result = Buffer(places.size).view(places.shape)
    table = graph.array(places)
    kernel = Kernel(result.buffer)
    with kernel.loops(places.shape) as index:
        element = kernel.element(source.buffer, _whole(kernel, table, index))
        kernel.write(kernel.let(f"load double, ptr {element}"), result, index)
    graph.program.add(kernel)
    graph.set(node.outputs[0], result, result.shape)


def _advanced_inc_subtensor(op: AdvancedIncSubtensor, node: Apply, graph: Lowering) -> None:
    if op.ignore_duplicates:
        raise Unsupported("an increment that ignores repeated places")
    index = _index(op, node.inputs[2:], graph)
    result = _copied(node, graph)
    places = _places(result, index)
    table = graph.array(places)
    change = viewed(graph.repeated(node.inputs[1], places.shape), lambda array: array)
    kernel = Kernel(result.buffer)
    with kernel.loops(places.shape) as at:
        place = kernel.element(result.buffer, _whole(kernel, table, at))
        value = kernel.evaluate(change, at)
        if not op.set_instead_of_inc:
            before = kernel.let(f"load double, ptr {place}")
            value = kernel.let(f"fadd double {before}, {value}")
        kernel.store(value, place)
    graph.program.add(kernel)


def _copied(node: Apply, graph: Lowering) -> View:
    """Start the result of an update as a copy of what is updated."""
    if node.outputs[0].type.dtype == "float32":
        raise Unsupported("an update in single precision")
    shape = graph.shape(node.inputs[0])
    result = Buffer(int(np.prod(shape))).view(shape)
    graph.program.store(graph.value(node.inputs[0]), result)
    graph.set(node.outputs[0], result, shape)
    return result


def _places(view: View, index: tuple[Any, ...]) -> Any:
    """Return which elements of its buffer an index selects of a view: NumPy says what an index means."""
    steps = [stride * np.arange(length) for stride, length in zip(view.strides, view.shape, strict=True)]
    grid = view.offset + sum(np.ix_(*steps), start=np.zeros(view.shape, dtype=int))
    return grid[index]


def _whole(kernel: Kernel, table: Value, index: list[str]) -> str:
    return kernel.let(f"fptosi double {kernel.evaluate(table, index)} to i64")


INDEXING: Operations = {
    AdvancedIncSubtensor: _advanced_inc_subtensor,
    AdvancedSubtensor: _advanced_subtensor,
    IncSubtensor: _inc_subtensor,
    Subtensor: _subtensor,
}
"""By type of the operation."""
