"""What each operation on whole tensors becomes: a view, an expression, a reduction, or a copy."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from pytensor.compile.ops import DeepCopyOp, TypeCastingOp
from pytensor.graph.basic import Apply
from pytensor.raise_op import CheckAndRaise
from pytensor.scalar import basic as ps
from pytensor.tensor import basic as tb
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.elemwise import CAReduce, DimShuffle, Elemwise
from pytensor.tensor.math import Dot
from pytensor.tensor.shape import Reshape, SpecifyShape
from pytensor.xtensor.basic import TensorFromXTensor, XTensorFromTensor

from blackball.inference.engine.lower import Lowering, Operations, rearrange
from blackball.inference.engine.scalars import TYPES
from blackball.inference.engine.values import Buffer, Lazy, Unsupported, Value, View, leaves

__all__ = ["TENSORS"]

# Deeper expressions are computed in steps.
DEEP = 60
# Numbers that are more than a core's cache holds; expressions that are computed again are no deeper than this.
OUT_OF_CACHE, SHALLOW = 2**17, 6
CHEAP = (ps.Add, ps.Mul, ps.Neg, ps.Sqr, ps.Sub)


def _same(op: object, node: Apply, graph: Lowering) -> None:
    graph.set(node.outputs[0], graph.value(node.inputs[0]), graph.shape(node.inputs[0]))


def _dimshuffle(op: DimShuffle, node: Apply, graph: Lowering) -> None:
    order = [*op.shuffle, *op.drop]

    def change(array: Any) -> Any:
        kept = array.transpose(order)[(..., *(0 for _ in op.drop))]
        return np.expand_dims(kept, tuple(op.augment))

    rearrange(node, graph, change)


def _extract_diag(op: tb.ExtractDiag, node: Apply, graph: Lowering) -> None:
    rearrange(node, graph, lambda array: array.diagonal(op.offset, op.axis1, op.axis2))


def _reshape(op: Reshape, node: Apply, graph: Lowering) -> None:
    source, wanted = node.inputs
    lengths = graph.known(wanted)
    if lengths is None:
        raise Unsupported("a shape that data or parameters decide")
    view = graph.view(source)
    if not view.proxy.flags.c_contiguous:
        copy = Buffer(view.proxy.size).view(view.shape)
        graph.program.store(view, copy)
        view = copy
    result = View(view.buffer, view.proxy.reshape([int(length) for length in lengths]))
    graph.set(node.outputs[0], result, result.shape)


def _alloc(op: tb.Alloc, node: Apply, graph: Lowering) -> None:
    value, *lengths = node.inputs
    known = [graph.known(length) for length in lengths]
    if any(length is None for length in known):
        raise Unsupported("a shape that data or parameters decide")
    shape = tuple(int(length) for length in known)
    graph.set(node.outputs[0], graph.repeated(value, shape), shape)


def _elemwise(op: Elemwise, node: Apply, graph: Lowering) -> None:
    dtypes = tuple(variable.type.dtype for variable in (*node.inputs, *node.outputs))
    if len(node.outputs) != 1 or not set(dtypes) <= TYPES:
        raise Unsupported(f"{op} on {', '.join(dtypes)}")
    shapes = [graph.shape(variable) for variable in node.inputs]
    shape = np.broadcast_shapes(*shapes)
    arguments = tuple(graph.repeated(variable, shape) for variable in node.inputs)
    lazy = Lazy(op.scalar_op, arguments, shape, dtypes)
    value: Value = lazy
    again = graph.alone(node) or _cheaper_again(lazy)
    if not again or lazy.depth > DEEP:
        value = graph.program.materialised(value, shape)
    graph.set(node.outputs[0], value, shape)


def _cheaper_again(lazy: Lazy) -> bool:
    """Return whether to compute an expression in the loop of each reader is quicker than to keep it in memory.

    So it is with a few sums and products that stretch over more numbers than the processor's caches hold, while what
    they are computed from does not.
    """
    size = prod(lazy.shape)
    if size < OUT_OF_CACHE or lazy.depth > SHALLOW or not _plain(lazy):
        return False
    return size > 2 * sum(buffer.size for buffer in {leaf.buffer for leaf in leaves(lazy)})


def _plain(value: Value) -> bool:
    if not isinstance(value, Lazy):
        return True
    return isinstance(value.op, CHEAP) and all(map(_plain, value.arguments))


def _reduce(op: CAReduce, node: Apply, graph: Lowering) -> None:
    source, result = node.inputs[0], node.outputs[0]
    shape = graph.shape(source)
    axes = tuple(range(len(shape))) if op.axis is None else tuple(op.axis)
    _refuse_single(node)
    view = graph.program.reduced(op.scalar_op, graph.value(source), shape, axes, result.type.dtype)
    graph.set(result, view, view.shape)


def _dot(op: Dot, node: Apply, graph: Lowering) -> None:
    _contract(node, graph)


def _blockwise(op: Blockwise, node: Apply, graph: Lowering) -> None:
    if not isinstance(op.core_op, Dot) or [len(dims) for dims in op.inputs_sig] != [2, 2]:
        raise Unsupported(f"batches of {op.core_op}")
    _contract(node, graph)


def _contract(node: Apply, graph: Lowering) -> None:
    """Multiply matrices as a sum of products over one more dimension."""
    _refuse_single(node)
    left, right = (graph.view(variable) for variable in node.inputs)
    a, b = left, right.viewed(lambda array: array.swapaxes(-1, -2)) if right.proxy.ndim > 1 else right
    if left.proxy.ndim > 1 and right.proxy.ndim > 1:
        a = left.viewed(lambda array: array[..., :, None, :])
        b = b.viewed(lambda array: array[..., None, :, :])
    shape = np.broadcast_shapes(a.shape, b.shape)
    product = Lazy(ps.mul, (a, b), shape, ("float64",) * 3)
    view = graph.program.reduced(ps.add, product, shape, (len(shape) - 1,), "float64")
    graph.set(node.outputs[0], view, view.shape)


def _refuse_single(node: Apply) -> None:
    if any(variable.type.dtype == "float32" for variable in node.outputs):
        raise Unsupported(f"{type(node.op).__name__} in single precision")


def _join(op: tb.Join, node: Apply, graph: Lowering) -> None:
    lengths = [graph.shape(piece)[op.axis] for piece in node.inputs]
    first = graph.shape(node.inputs[0])
    shape = (*first[: op.axis], sum(lengths), *first[op.axis + 1 :])
    result = Buffer(int(np.prod(shape))).view(shape)
    parts = np.split(result.proxy, np.cumsum(lengths)[:-1], axis=op.axis)
    for piece, part in zip(node.inputs, parts, strict=True):
        graph.program.store(graph.value(piece), View(result.buffer, part))
    graph.set(node.outputs[0], result, shape)


def _split(op: tb.Split, node: Apply, graph: Lowering) -> None:
    view, lengths = graph.view(node.inputs[0]), graph.known(node.inputs[1])
    if lengths is None:
        raise Unsupported("a shape that data or parameters decide")
    parts = np.split(view.proxy, np.cumsum(lengths)[:-1], axis=op.axis)
    for output, part in zip(node.outputs, parts, strict=True):
        graph.set(output, View(view.buffer, part), part.shape)


def _make_vector(op: tb.MakeVector, node: Apply, graph: Lowering) -> None:
    result = Buffer(len(node.inputs)).view((len(node.inputs),))
    for place, variable in enumerate(node.inputs):
        graph.program.store(graph.value(variable), View(result.buffer, result.proxy[place, ...]))
    graph.set(node.outputs[0], result, result.shape)


def _check(op: CheckAndRaise, node: Apply, graph: Lowering) -> None:
    """Let what must not be be not a number, which no sampler accepts."""
    value, *conditions = node.inputs
    shape = graph.shape(value)
    checked = graph.value(value)
    for condition in conditions:
        holds = graph.view(condition)
        checked = Lazy(ps.switch, (holds, checked, float("nan")), shape, ("bool", "float64", "float64", "float64"))
    if not graph.alone(node):
        checked = graph.program.materialised(checked, shape)
    graph.set(node.outputs[0], checked, shape)


TENSORS: Operations = {
    CAReduce: _reduce,
    CheckAndRaise: _check,
    DeepCopyOp: _same,
    DimShuffle: _dimshuffle,
    tb.ExtractDiag: _extract_diag,
    Blockwise: _blockwise,
    Dot: _dot,
    Elemwise: _elemwise,
    Reshape: _reshape,
    SpecifyShape: _same,
    TensorFromXTensor: _same,
    TypeCastingOp: _same,
    XTensorFromTensor: _same,
    tb.Alloc: _alloc,
    tb.Join: _join,
    tb.MakeVector: _make_vector,
    tb.ScalarFromTensor: _same,
    tb.Split: _split,
    tb.TensorFromScalar: _same,
}
"""By type of the operation."""
