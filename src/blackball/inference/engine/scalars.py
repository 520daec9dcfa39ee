"""Scalar operations as LLVM instructions on doubles.

Truth is 1.0 and untruth 0.0, integers are whole doubles, and single precision is rounded to after every operation.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import reduce
from typing import Any, Protocol

from pytensor.scalar import basic as ps
from pytensor.scalar import math as pm
from pytensor.tensor.math import MulWithoutZeros

from blackball.inference.engine.special import scipy_function
from blackball.inference.engine.values import Unsupported

__all__ = ["TYPES", "Writer", "literal", "scalar"]


class Writer(Protocol):
    """What writes instructions."""

    def let(self, instruction: str) -> str:
        """Write an instruction and return the name of its result."""

    def call(self, function: str, *arguments: str) -> str:
        """Call a function of doubles and return the name of its result."""


def literal(number: float) -> str:
    """Return a double as LLVM writes it, exactly."""
    return f"0x{struct.pack('>d', number).hex().upper()}"


Formula = Callable[..., str]
ZERO, ONE = literal(0.0), literal(1.0)
INTEGERS = {"bool", "int8", "int16", "int32", "int64"}
FLOATS = {"float32", "float64"}
TYPES = INTEGERS | FLOATS

# Results that an instruction gives by itself; `contract` lets a product and a sum become one instruction.
INSTRUCTIONS = {
    ps.Sub: "fsub contract double {0}, {1}",
    ps.TrueDiv: "fdiv double {0}, {1}",
    ps.Sqr: "fmul contract double {0}, {0}",
    ps.Neg: "fneg double {0}",
    ps.Reciprocal: f"fdiv double {ONE}, {{0}}",
}
COMPARISONS = {ps.LT: "olt", ps.GT: "ogt", ps.LE: "ole", ps.GE: "oge", ps.EQ: "oeq", ps.NEQ: "une"}
# Functions of LLVM and of the C library.
FUNCTIONS = {
    ps.Abs: "llvm.fabs.f64",
    ps.Ceil: "llvm.ceil.f64",
    ps.Cos: "llvm.cos.f64",
    ps.Exp: "exp",
    ps.Exp2: "llvm.exp2.f64",
    ps.Floor: "llvm.floor.f64",
    ps.Log: "log",
    ps.Log10: "llvm.log10.f64",
    ps.Log2: "llvm.log2.f64",
    ps.Maximum: "llvm.maximum.f64",
    ps.Minimum: "llvm.minimum.f64",
    ps.Pow: "llvm.pow.f64",
    ps.RoundHalfToEven: "llvm.rint.f64",
    ps.Sin: "llvm.sin.f64",
    ps.Sqrt: "llvm.sqrt.f64",
    ps.Trunc: "llvm.trunc.f64",
    ps.ArcCos: "acos",
    ps.ArcCosh: "acosh",
    ps.ArcSin: "asin",
    ps.ArcSinh: "asinh",
    ps.ArcTan: "atan",
    ps.ArcTan2: "atan2",
    ps.ArcTanh: "atanh",
    ps.Cosh: "cosh",
    ps.Expm1: "expm1",
    ps.Log1p: "log1p",
    ps.Sinh: "sinh",
    ps.Tan: "tan",
    ps.Tanh: "tanh",
    pm.Erf: "erf",
    pm.Erfc: "erfc",
}


def _truth(write: Writer, value: str) -> str:
    return write.let(f"fcmp une double {value}, {ZERO}")


def _number(write: Writer, truth: str) -> str:
    return write.let(f"uitofp i1 {truth} to double")


def _select(write: Writer, truth: str, yes: str, no: str) -> str:
    return write.let(f"select i1 {truth}, double {yes}, double {no}")


def _sign(write: Writer, x: str) -> str:
    below = _select(write, write.let(f"fcmp olt double {x}, {ZERO}"), literal(-1.0), x)
    return _select(write, write.let(f"fcmp ogt double {x}, {ZERO}"), ONE, below)


def _sigmoid(write: Writer, x: str) -> str:
    grown = write.call("exp", write.let(f"fneg double {x}"))
    return write.let(f"fdiv double {ONE}, {write.let(f'fadd double {ONE}, {grown}')}")


def _softplus(write: Writer, x: str) -> str:
    small = write.let(f"fneg double {write.call('llvm.fabs.f64', x)}")
    rest = write.call("log1p", write.call("exp", small))
    return write.let(f"fadd double {write.call('llvm.maximum.f64', x, ZERO)}, {rest}")


def _log1mexp(write: Writer, x: str) -> str:
    """Maechler, "Accurately computing log(1 - exp(-|a|))" (2012): each form where it is exact."""
    far = write.call("log1p", write.let(f"fneg double {write.call('exp', x)}"))
    near = write.call("log", write.let(f"fneg double {write.call('expm1', x)}"))
    return _select(write, write.let(f"fcmp olt double {x}, {literal(-0.6931471805599453)}"), far, near)


def _floor_divide(write: Writer, x: str, y: str) -> str:
    return write.call("llvm.floor.f64", write.let(f"fdiv double {x}, {y}"))


def _remainder(write: Writer, x: str, y: str) -> str:
    whole = write.let(f"fmul double {y}, {_floor_divide(write, x, y)}")
    return write.let(f"fsub double {x}, {whole}")


LOGIC = {ps.AND: "and", ps.OR: "or", ps.XOR: "xor"}


def _instruction(template: str) -> Formula:
    return lambda write, *x: write.let(template.format(*x))


def _function(name: str) -> Formula:
    return lambda write, *x: write.call(name, *x)


def _comparison(predicate: str) -> Formula:
    return lambda write, x, y: _number(write, write.let(f"fcmp {predicate} double {x}, {y}"))


def _folded(instruction: str) -> Formula:
    """Apply an instruction of two operands to several, from the left."""
    return lambda write, *x: reduce(lambda so_far, more: write.let(f"{instruction} {so_far}, {more}"), x)


def _times_unless_zero(write: Writer, x: str, y: str) -> str:
    product = write.let(f"fmul contract double {x}, {y}")
    without_y = _select(write, write.let(f"fcmp oeq double {y}, {ZERO}"), x, product)
    return _select(write, write.let(f"fcmp oeq double {x}, {ZERO}"), y, without_y)


FORMULAS: dict[type, Formula] = {
    **{kind: _instruction(template) for kind, template in INSTRUCTIONS.items()},
    **{kind: _function(name) for kind, name in FUNCTIONS.items()},
    **{kind: _comparison(predicate) for kind, predicate in COMPARISONS.items()},
    ps.Add: _folded("fadd contract double"),
    ps.Mul: _folded("fmul contract double"),
    ps.Clip: lambda write, x, low, high: write.call("llvm.minimum.f64", write.call("llvm.maximum.f64", x, low), high),
    ps.Identity: lambda write, x: x,
    ps.IntDiv: _floor_divide,
    ps.IsInf: lambda write, x: _number(
        write, write.let(f"fcmp oeq double {write.call('llvm.fabs.f64', x)}, {literal(float('inf'))}")
    ),
    ps.IsNan: lambda write, x: _number(write, write.let(f"fcmp uno double {x}, {ZERO}")),
    MulWithoutZeros: _times_unless_zero,
    ps.Mod: _remainder,
    ps.Second: lambda write, x, y: y,
    ps.Sign: _sign,
    ps.Switch: lambda write, truth, yes, no: _select(write, _truth(write, truth), yes, no),
    pm.Log1mexp: _log1mexp,
    pm.Sigmoid: _sigmoid,
    pm.Softplus: _softplus,
}


def scalar(write: Writer, op: Any, dtypes: tuple[str, ...], arguments: tuple[str, ...]) -> str:
    """Write one scalar operation and return the name of its result.

    Parameters
    ----------
    write : Writer
    op : ScalarOp
    dtypes : tuple of str
        Of the arguments, then of the result.
    arguments : tuple of str
        Names of doubles.

    Raises
    ------
    Unsupported
        If the operation, or one on such types, is not known.
    """
    result = _exact(write, op, dtypes, arguments)
    if dtypes[-1] != "float32":
        return result
    return write.let(f"fpext float {write.let(f'fptrunc double {result} to float')} to double")


def _exact(write: Writer, op: Any, dtypes: tuple[str, ...], arguments: tuple[str, ...]) -> str:
    kind = type(op)
    if kind in FORMULAS:
        return FORMULAS[kind](write, *arguments)
    if kind is ps.Cast:
        return _cast(write, dtypes, arguments[0])
    if kind is ps.Composite:
        return _composite(write, op, arguments)
    if kind in LOGIC or kind is ps.Invert:
        return _logic(write, kind, dtypes, arguments)
    return _scipy(write, op, arguments)


def _logic(write: Writer, kind: type, dtypes: tuple[str, ...], arguments: tuple[str, ...]) -> str:
    if set(dtypes) != {"bool"}:
        raise Unsupported(f"bitwise {kind.__name__} on {', '.join(dtypes)}")
    truths = tuple(_truth(write, argument) for argument in arguments)
    if kind is ps.Invert:
        return _number(write, write.let(f"xor i1 {truths[0]}, true"))
    return _number(write, _folded(f"{LOGIC[kind]} i1")(write, *truths))


def _cast(write: Writer, dtypes: tuple[str, ...], value: str) -> str:
    before, after = dtypes
    if after == "bool":
        return _number(write, _truth(write, value))
    if after in FLOATS or before == "bool" or (before in INTEGERS and after == "int64"):
        return value
    if before in FLOATS and after == "int64":
        return write.call("llvm.trunc.f64", value)
    raise Unsupported(f"cast from {before} to {after}")


def _composite(write: Writer, op: Any, arguments: tuple[str, ...]) -> str:
    if len(op.fgraph.outputs) != 1:
        raise Unsupported("several results of one scalar operation")
    names: dict[Any, str] = dict(zip(op.fgraph.inputs, arguments, strict=True))
    for node in op.fgraph.toposort():
        inputs = tuple(names[v] if v in names else literal(float(v.data)) for v in node.inputs)
        dtypes = tuple(v.type.dtype for v in (*node.inputs, *node.outputs))
        names[node.outputs[0]] = scalar(write, node.op, dtypes, inputs)
    return names[op.fgraph.outputs[0]]


def _scipy(write: Writer, op: Any, arguments: tuple[str, ...]) -> str:
    path = (getattr(op, "nfunc_spec", None) or ("",))[0]
    name = path.removeprefix("scipy.special.")
    if name == path or scipy_function(name, len(arguments)) is None:
        raise Unsupported(f"scalar operation {type(op).__name__}")
    return write.call(f"scipy.{name}", *arguments)
