"""From a rewritten PyTensor graph to a program: what each operation on tensors becomes.

Operations that only rearrange become views, scalar operations with one reader become part of that reader's loop,
and what depends on nothing but constants and shapes is computed here and now, by PyTensor itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from pytensor.compile.builders import OpFromGraph
from pytensor.graph.basic import Apply, Constant, Variable
from pytensor.graph.fg import FunctionGraph
from pytensor.tensor.shape import Shape as ShapeOf
from pytensor.tensor.shape import Shape_i

from blackball.inference.engine.packed import Packed
from blackball.inference.engine.program import Program
from blackball.inference.engine.values import Shape, Unsupported, Value, View, broadcast, viewed

__all__ = ["Lowering", "Operation", "Operations", "rearrange"]

Operation = Callable[[Any, Apply, "Lowering"], None]
Operations = Mapping[type, Operation]
"""What adds a node to a program, by type of the node's operation."""


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
    operations : mapping of type to callable
        What each operation becomes.
    """

    def __init__(
        self,
        program: Program,
        graph: FunctionGraph,
        inputs: Mapping[Variable, View],
        packed: Packed,
        operations: Operations,
    ) -> None:
        self.program = program
        self._graph = graph
        self._values: dict[Variable, Value] = dict(inputs)
        self._shapes: dict[Variable, Shape] = {variable: view.shape for variable, view in inputs.items()}
        self._known: dict[Variable, Any] = {}
        self._packed = packed
        self._operations = operations

    def run(self) -> list[View]:
        """Lower the whole graph and return where its outputs lie.

        Raises
        ------
        Unsupported
            If it has an operation or a type that the generator does not know.
        """
        for node in self._graph.toposort():
            if not self._fold(node):
                self._operation(node.op)(node.op, node, self)
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
        if np.unique(array.ravel().view(np.int64)).size == 1:  # bit by bit: 0 is not -0
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

    def _operation(self, op: Any) -> Operation:
        for kind in type(op).__mro__:
            if kind in self._operations:
                return self._operations[kind]
        raise Unsupported(f"operation {type(op).__name__}")

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


def rearrange(node: Apply, graph: Lowering, change: Callable[[Any], Any]) -> None:
    """Say that a node's result is its first input, rearranged as `change` rearranges an array without a copy."""
    source = node.inputs[0]
    shape = change(np.broadcast_to(0.0, graph.shape(source))).shape
    value = graph.value(source) if graph.alone(node) else graph.view(source)
    graph.set(node.outputs[0], viewed(value, change), shape)
