"""A model's density as machine code: two functions with the calling convention of the sampler."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from pytensor.graph.fg import FunctionGraph
from pytensor.scalar import basic as ps

from blackball.inference.engine.graph import Graphs
from blackball.inference.engine.indexing import INDEXING
from blackball.inference.engine.lower import Lowering
from blackball.inference.engine.module import function, module
from blackball.inference.engine.native import Compiled, compiled, resolve
from blackball.inference.engine.packed import Packed
from blackball.inference.engine.program import Code, Program
from blackball.inference.engine.tensors import TENSORS
from blackball.inference.engine.values import Buffer, Lazy, Shape, View

__all__ = ["DENSITY", "NATURAL", "OPERATIONS", "density", "written"]

DENSITY, NATURAL = "density", "natural"
OPERATIONS = {**TENSORS, **INDEXING}
# What the sampler takes for a point that it may not go to.
NOT_FINITE_GRADIENT, NOT_FINITE_LOGP = 3, 4


def density(graphs: Graphs) -> Compiled:
    """Compile the graphs of a model.

    Returns
    -------
    Compiled
        `DENSITY`, i64(i64, double* x, double* gradient, double* logp, void* data), and `NATURAL`,
        i64(i64, i64, double* x, double* out, void* data), which writes the vector and behind it the transformed
        variables on their natural scales, whose shapes are its `shapes`. Both return 0, or a status if the density
        is not finite.

    Raises
    ------
    Unsupported
        If there is something in them that the generator does not know.
    """
    code = Code()
    packed = Packed({name: np.shape(array) for name, array in graphs.values.items()})
    natural, shapes = _natural(graphs, code, packed)
    text = module(code, [_density(graphs, code, packed), natural], resolve(code.functions))
    return Compiled(compiled(text, [DENSITY, NATURAL]), packed, shapes, code.functions)


def _lowered(graph: FunctionGraph, graphs: Graphs, program: Program, packed: Packed) -> list[View]:
    """Lower a graph; return where the sampler's vector lies, and then the outputs."""
    point = Buffer(graphs.size, "x").view((graphs.size,))
    data = {variable: packed.data[name] for name, variable in graphs.data.items()}
    return [point, *Lowering(program, graph, {graphs.point: point, **data}, packed, OPERATIONS).run()]


def _density(graphs: Graphs, code: Code, packed: Packed) -> str:
    program = Program(code)
    _, value, slope = _lowered(graphs.density, graphs, program, packed)
    logp, gradient = Buffer(1, "logp").view((1,)), Buffer(graphs.size, "out").view((graphs.size,))
    missing = Lazy(ps.isnan, (value,), (), ("float64", "bool"))
    program.store(Lazy(ps.switch, (missing, -np.inf, value), (), ("bool",) + ("float64",) * 3), logp)
    program.store(slope, gradient)
    checks = [(_excess(program, logp), NOT_FINITE_LOGP), (_excess(program, gradient), NOT_FINITE_GRADIENT)]
    return function(DENSITY, "i64 %dim, ptr %x, ptr %out, ptr %logp, ptr %data", program.calls, checks)


def _excess(program: Program, view: View) -> View:
    """Return a number that is 0 if all elements are finite, and not a number otherwise."""
    difference = Lazy(ps.sub, (view, view), view.shape, ("float64",) * 3)
    return program.reduced(ps.add, difference, view.shape, (0,), "float64")


def _natural(graphs: Graphs, code: Code, packed: Packed) -> tuple[str, list[Shape]]:
    program = Program(code)
    parts = _lowered(graphs.natural, graphs, program, packed)
    written(parts, program)
    text = function(NATURAL, "i64 %dim, i64 %expanded, ptr %x, ptr %out, ptr %data", program.calls, [])
    return text, [part.shape for part in parts[1:]]


def written(parts: Sequence[View], program: Program) -> None:
    """Write views one behind the other to where results go."""
    lengths = [prod(part.shape) for part in parts]
    out = Buffer(sum(lengths), "out")
    for part, stop in zip(parts, np.cumsum(lengths), strict=True):
        piece = out.proxy[stop - prod(part.shape) : stop].reshape(part.shape)
        program.store(part, View(out, piece))
