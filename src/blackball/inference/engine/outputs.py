"""Expressions as machine code that computes them for one draw after the other."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor import config
from pytensor.graph import clone_replace
from pytensor.graph.basic import Variable

from blackball.inference.engine.density import OPERATIONS, written
from blackball.inference.engine.graph import rewritten, shared, stand_in
from blackball.inference.engine.lower import Lowering
from blackball.inference.engine.module import function, module
from blackball.inference.engine.native import Compiled, compiled, resolve
from blackball.inference.engine.packed import Packed
from blackball.inference.engine.program import Code, Program
from blackball.inference.engine.recall import recalled, remember
from blackball.inference.engine.signature import Signature, Unreadable
from blackball.inference.engine.values import Buffer, Shape, View

__all__ = ["Outputs", "compile_outputs"]

OUTPUTS = "outputs"
WORD = 8

Array = NDArray[np.float64]
Inputs = Mapping[Variable, Shape]

_prototype = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


@dataclass(frozen=True)
class Outputs:
    """Compiled expressions.

    Attributes
    ----------
    compiled : Compiled
        `OUTPUTS`, i64(double* x, double* out, void* data), for the inputs of one draw.
    data : dict of str to SharedVariable
        What they read beside their inputs, with the values that it has when they are computed.
    """

    compiled: Compiled
    data: Mapping[str, Any]

    def __call__(self, arrays: Sequence[Array], draws: int) -> list[Array]:
        """Compute the expressions for every draw.

        Parameters
        ----------
        arrays : sequence of ndarray
            An input each, in order; shape (draws, *its own).
        draws : int

        Returns
        -------
        list of ndarray
            An expression each, in order; shape (draws, *its own).
        """
        flat = [array.reshape(draws, prod(array.shape[1:])) for array in arrays]
        points = np.concatenate([np.empty((draws, 0)), *flat], axis=1, dtype=float)
        data = self.compiled.packed.fill({name: variable.get_value() for name, variable in self.data.items()})
        stops = np.cumsum([prod(shape) for shape in self.compiled.shapes]).tolist()
        found = np.empty((draws, stops[-1]))
        compute = _prototype(self.compiled.native.addresses[OUTPUTS])
        x, out, step, stride = points.ctypes.data, found.ctypes.data, WORD * points.shape[1], WORD * stops[-1]
        for draw in range(draws):
            compute(x + step * draw, out + stride * draw, data.ctypes.data)
        parts = [found[:, start:stop] for start, stop in pairwise([0, *stops])]
        return [part.reshape(draws, *shape) for part, shape in zip(parts, self.compiled.shapes, strict=True)]


def compile_outputs(outputs: Sequence[Variable], inputs: Inputs, lengths: Collection[Variable]) -> Outputs:
    """Compile expressions, or load them if equal ones were compiled before.

    Parameters
    ----------
    outputs : sequence of Variable
    inputs : mapping of Variable to tuple of int
        All that they are expressions of but data, with shapes.
    lengths : collection of Variable
        Shared variables that hold the lengths of dims.

    Raises
    ------
    Unsupported
        If there is something in the graph that the generator does not know.
    """
    with config.change_flags(cxx="", traceback__limit=0):
        signature = Signature()
        try:
            signature.add(OUTPUTS, str(config.floatX), list(inputs.values()))
            signature.graph([*inputs, *outputs], lengths)
        except (Unreadable, RecursionError):
            return _compile(outputs, inputs, lengths)
        known = recalled(signature.key, [OUTPUTS])
        if known:
            return Outputs(known, {name: signature.data[name] for name in known.packed.data})
        made = _compile(outputs, inputs, lengths)
        remember(signature.key, made.compiled)
        return made


def _compile(outputs: Sequence[Variable], inputs: Inputs, lengths: Collection[Variable]) -> Outputs:
    used, data = shared(outputs, lengths)
    within = {variable: stand_in(variable, shape) for variable, shape in inputs.items()}
    beside = {variable: stand_in(variable, variable.get_value().shape) for variable in data}
    known = {length: pt.constant(length.get_value()) for length in used}
    outputs = clone_replace(list(outputs), {**within, **beside, **known})
    # Lowered and no more: what is computed once a draw, and not thousands of times, is not worth rewriting.
    graph = rewritten([*within.values(), *beside.values()], outputs, "lower_xtensor", "local_remove_check_parameter")
    code, packed = Code(), Packed({variable.name: variable.get_value().shape for variable in data})
    program = Program(code)
    places = _places(list(within.values()), list(inputs.values()))
    places |= {beside[variable]: packed.data[variable.name] for variable in data}
    parts = Lowering(program, graph, places, packed, OPERATIONS).run()
    written(parts, program)
    text = module(code, [function(OUTPUTS, "ptr %x, ptr %out, ptr %data", program.calls, [])], resolve(code.functions))
    made = Compiled(compiled(text, [OUTPUTS]), packed, [part.shape for part in parts], code.functions)
    return Outputs(made, {variable.name: variable for variable in data})


def _places(variables: Sequence[Variable], shapes: Sequence[Shape]) -> dict[Variable, View]:
    """Say where the inputs of a draw lie, one behind the other."""
    stops = np.cumsum([prod(shape) for shape in shapes]).tolist()
    point = Buffer(sum(map(prod, shapes)), "x")
    pieces = [
        point.proxy[start:stop].reshape(shape)
        for shape, (start, stop) in zip(shapes, pairwise([0, *stops]), strict=True)
    ]
    return {variable: View(point, piece) for variable, piece in zip(variables, pieces, strict=True)}
