"""From a rewritten PyTensor graph to a program: what each operation on tensors becomes.

Operations that only rearrange become views, scalar operations with one reader become part of that reader's loop,
and what depends on nothing but constants and shapes is computed here and now, by PyTensor itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

import numpy as np
from pytensor.compile.builders import OpFromGraph
from pytensor.compile.ops import DeepCopyOp, TypeCastingOp
from pytensor.graph.basic import Apply, Constant, Variable
from pytensor.graph.fg import FunctionGraph
from pytensor.raise_op import CheckAndRaise
from pytensor.scalar import basic as ps
from pytensor.tensor import basic as tb
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.elemwise import CAReduce, DimShuffle, Elemwise
from pytensor.tensor.math import Dot
from pytensor.tensor.shape import Reshape, Shape_i, SpecifyShape
from pytensor.tensor.shape import Shape as ShapeOf
from pytensor.xtensor.basic import TensorFromXTensor, XTensorFromTensor

from blackball.inference.engine.packed import Packed
from blackball.inference.engine.program import Program
from blackball.inference.engine.scalars import EXACT_INTEGERS
from blackball.inference.engine.values import Buffer, Lazy, Shape, Unsupported, Value, View, broadcast, viewed

__all__ = ["Lowering", "lower", "rearrange"]


class Lowering:
    """The variables of a graph as values of a program.

    Parameters
    ----------
    program : Program
    graph : FunctionGraph
        Rewritten without anything in place.
    inputs : mapping of Variable to View
        Where the graph's inputs lie.
    packed : Packed
        Where constant arrays are put.
    """

    def __init__(
        self,
        program: Program,
        graph: FunctionGraph,
        inputs: Mapping[Variable, View],
        packed: Packed,
    ) -> None:
        self.program = program
        self._graph = graph
        self._values: dict[Variable, Value] = dict(inputs)
        self._shapes: dict[Variable, Shape] = {variable: view.shape for variable, view in inputs.items()}
        self._known: dict[Variable, Any] = {}
        self._packed = packed

    def run(self) -> list[View]:
        """Lower the whole graph and return where its outputs lie.

        Raises
        ------
        Unsupported
            If it has an operation or a type that the generator does not know.
        """
        for node in self._graph.toposort():
            if not self._fold(node):
                lower(node.op, node, self)
        return [self.view(output) for output in self._graph.outputs]

    def known(self, variable: Variable) -> Any:
        """Return the number or array that a variable is whatever the inputs, or None."""
        return variable.data if isinstance(variable, Constant) else self._known.get(variable)

    def shape(self, variable: Variable) -> Shape:
        """Return the shape of a variable."""
        known = self.known(variable)
        return self._shapes[variable] if known is None else np.shape(known)

    def value(self, variable: Variable) -> Value:
        """Return a variable as a value; arrays of one repeated number are that number."""
        if variable not in self._values:
            self._values[variable] = self.array(self.known(variable))
        return self._values[variable]

    def view(self, variable: Variable) -> View:
        """Return a variable in memory."""
        view = self.program.materialised(self.value(variable), self.shape(variable))
        self._values[variable] = view
        return view

    def repeated(self, variable: Variable, shape: Shape) -> Value:
        """Return a variable broadcast; an expression to be repeated is computed once, not once per repetition."""
        same = self.shape(variable) == shape or self.known(variable) is not None
        return broadcast(self.value(variable) if same else self.view(variable), shape)

    def array(self, numbers: Any) -> Value:
        """Return a constant array, or the number that fills it."""
        array = np.asarray(numbers, dtype=float)
        if array.size and np.all(array == array.flat[0]):
            return float(array.flat[0])
        return self._packed.constant(array).view(array.shape)

    def set(self, variable: Variable, value: Value, shape: Shape) -> None:
        """Say what a variable is."""
        self._values[variable] = value
        self._shapes[variable] = shape

    def alone(self, node: Apply) -> bool:
        """Return whether a node's result has one reader, in whose loop it can be computed."""
        output = node.outputs[0]
        return len(self._graph.clients[output]) == 1 and output not in self._graph.outputs

    def _fold(self, node: Apply) -> bool:
        if isinstance(node.op, Shape_i | ShapeOf):
            shape = self.shape(node.inputs[0])
            self._known[node.outputs[0]] = np.asarray(shape[node.op.i] if isinstance(node.op, Shape_i) else shape)
            return True
        values = [self.known(variable) for variable in node.inputs]
        if any(value is None for value in values) or isinstance(node.op, OpFromGraph):
            return False
        results: list[list[Any]] = [[None] for _ in node.outputs]
        node.op.perform(node, values, results)
        self._known |= {output: result[0] for output, result in zip(node.outputs, results, strict=True)}
        return True


@singledispatch
def lower(op: object, node: Apply, graph: Lowering) -> None:
    """Add what a node does to the program."""
    raise Unsupported(f"operation {type(op).__name__}")


@lower.register(TypeCastingOp)
@lower.register(TensorFromXTensor)
@lower.register(XTensorFromTensor)
@lower.register(SpecifyShape)
@lower.register(DeepCopyOp)
@lower.register(tb.TensorFromScalar)
@lower.register(tb.ScalarFromTensor)
def _same(op: object, node: Apply, graph: Lowering) -> None:
    graph.set(node.outputs[0], graph.value(node.inputs[0]), graph.shape(node.inputs[0]))


def rearrange(node: Apply, graph: Lowering, change: Callable[[Any], Any]) -> None:
    """Say that a node's result is its first input, rearranged as `change` rearranges an array without a copy."""
    source = node.inputs[0]
    shape = change(np.broadcast_to(0.0, graph.shape(source))).shape
    value = graph.value(source) if graph.alone(node) else graph.view(source)
    graph.set(node.outputs[0], viewed(value, change), shape)


@lower.register
def _dimshuffle(op: DimShuffle, node: Apply, graph: Lowering) -> None:
    order = [*op.shuffle, *op.drop]

    def change(array: Any) -> Any:
        kept = array.transpose(order)[(..., *(0 for _ in op.drop))]
        return np.expand_dims(kept, tuple(op.augment))

    rearrange(node, graph, change)


@lower.register
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


@lower.register
def _alloc(op: tb.Alloc, node: Apply, graph: Lowering) -> None:
    value, *lengths = node.inputs
    known = [graph.known(length) for length in lengths]
    if any(length is None for length in known):
        raise Unsupported("a shape that data or parameters decide")
    shape = tuple(int(length) for length in known)
    graph.set(node.outputs[0], graph.repeated(value, shape), shape)


@lower.register
def _elemwise(op: Elemwise, node: Apply, graph: Lowering) -> None:
    variables = (*node.inputs, *node.outputs)
    dtypes = tuple(variable.type.dtype for variable in variables)
    computed = {v.type.dtype for v in variables if graph.known(v) is None}  # a constant is exact as a double
    if len(node.outputs) != 1 or not computed <= EXACT_INTEGERS | {"float64"}:
        raise Unsupported(f"{op} on {', '.join(dtypes)}")
    shapes = [graph.shape(variable) for variable in node.inputs]
    shape = np.broadcast_shapes(*shapes)
    arguments = tuple(graph.repeated(variable, shape) for variable in node.inputs)
    value: Value = Lazy(op.scalar_op, arguments, shape, dtypes)
    if not graph.alone(node):
        value = graph.program.materialised(value, shape)
    graph.set(node.outputs[0], value, shape)


@lower.register
def _reduce(op: CAReduce, node: Apply, graph: Lowering) -> None:
    source, result = node.inputs[0], node.outputs[0]
    shape = graph.shape(source)
    axes = tuple(range(len(shape))) if op.axis is None else tuple(op.axis)
    view = graph.program.reduced(op.scalar_op, graph.value(source), shape, axes, result.type.dtype)
    graph.set(result, view, view.shape)


@lower.register
def _dot(op: Dot, node: Apply, graph: Lowering) -> None:
    _contract(node, graph)


@lower.register
def _blockwise(op: Blockwise, node: Apply, graph: Lowering) -> None:
    if not isinstance(op.core_op, Dot):
        raise Unsupported(f"batches of {op.core_op}")
    _contract(node, graph)


def _contract(node: Apply, graph: Lowering) -> None:
    """Multiply matrices as a sum of products over one more dimension."""
    left, right = (graph.view(variable) for variable in node.inputs)
    a = viewed(left, lambda array: array[..., :, None, :] if array.ndim > 1 else array)
    b = viewed(right, lambda array: array.swapaxes(-1, -2)[..., None, :, :] if array.ndim > 1 else array)
    shape = np.broadcast_shapes(a.shape, b.shape)
    if len(left.shape) == 2 and len(right.shape) == 1:
        a, shape = left, left.shape
    elif len(left.shape) == 1 and len(right.shape) == 2:
        b = viewed(right, lambda array: array.T)
        shape = b.shape
    product = Lazy(ps.mul, (a, b), shape, ("float64",) * 3)
    view = graph.program.reduced(ps.add, product, shape, (len(shape) - 1,), "float64")
    graph.set(node.outputs[0], view, view.shape)


@lower.register
def _join(op: tb.Join, node: Apply, graph: Lowering) -> None:
    lengths = [graph.shape(piece)[op.axis] for piece in node.inputs]
    first = graph.shape(node.inputs[0])
    shape = (*first[: op.axis], sum(lengths), *first[op.axis + 1 :])
    result = Buffer(int(np.prod(shape))).view(shape)
    parts = np.split(result.proxy, np.cumsum(lengths)[:-1], axis=op.axis)
    for piece, part in zip(node.inputs, parts, strict=True):
        graph.program.store(graph.value(piece), View(result.buffer, part))
    graph.set(node.outputs[0], result, shape)


@lower.register
def _split(op: tb.Split, node: Apply, graph: Lowering) -> None:
    view, lengths = graph.view(node.inputs[0]), graph.known(node.inputs[1])
    if lengths is None:
        raise Unsupported("a shape that data or parameters decide")
    parts = np.split(view.proxy, np.cumsum(lengths)[:-1], axis=op.axis)
    for output, part in zip(node.outputs, parts, strict=True):
        graph.set(output, View(view.buffer, part), part.shape)


@lower.register
def _make_vector(op: tb.MakeVector, node: Apply, graph: Lowering) -> None:
    result = Buffer(len(node.inputs)).view((len(node.inputs),))
    for place, variable in enumerate(node.inputs):
        graph.program.store(graph.value(variable), View(result.buffer, result.proxy[place, ...]))
    graph.set(node.outputs[0], result, result.shape)


@lower.register
def _check(op: CheckAndRaise, node: Apply, graph: Lowering) -> None:
    """Let what must not be be not a number, which no sampler accepts."""
    value, *conditions = node.inputs
    shape = graph.shape(value)
    checked = graph.value(value)
    for condition in conditions:
        holds = graph.view(condition)
        checked = Lazy(ps.switch, (holds, checked, float("nan")), shape, ())
    if not graph.alone(node):
        checked = graph.program.materialised(checked, shape)
    graph.set(node.outputs[0], checked, shape)
