"""What a model's density is, in one hash: equal hashes mean equal machine code, so that no graph has to be rewritten.

The graph is read as the model states it, before anything is derived from it: that takes a hundredth of the time.
Only what stands in the graph counts, and never a file's name or date. What cannot be read has no signature.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, singledispatch
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, NoneType
from typing import Any

import numpy as np
import pymc as pm
from pymc.distributions.custom import CustomDistRV
from pymc.logprob.abstract import _logprob
from pytensor import config
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.basic import Constant, Variable
from pytensor.graph.fg import AbstractFunctionGraph
from pytensor.graph.op import Op
from pytensor.graph.traversal import io_toposort

from blackball.inference.engine.native import this_machine

__all__ = ["Signature", "Unreadable", "model_signature"]

TRUSTED = ("pytensor", "pymc", "numpy", "builtins")
"""Packages whose classes and functions are what their names and versions say."""
UNTOLD = ("builtins", "pytensor.gradient")
"""Modules of things whose properties do not tell all that they mean."""
TOOLS = ("pytensor", "pymc", "numpy", "scipy", "llvmlite")


class Unreadable(Exception):
    """The graph has something whose meaning is not in its name and properties."""


class Signature:
    """A hash of graphs as it is made.

    Attributes
    ----------
    data : dict of str to SharedVariable
        The data that were met, by name: their values are no part of the hash.
    """

    def __init__(self) -> None:
        self.data: dict[str, SharedVariable] = {}
        self._numbers: dict[Variable, int] = {}
        self._hash = sha256(_generator().encode())

    @property
    def key(self) -> str:
        """The hash of all that was added, in hex."""
        return self._hash.hexdigest()

    def add(self, *parts: Any) -> None:
        """Add plain values, operations and types.

        Raises
        ------
        Unreadable
            If one is nothing of the kind.
        """
        self._hash.update(repr([_token(part) for part in parts]).encode())

    def graph(self, outputs: Sequence[Variable], lengths: Collection[Variable], custom: Iterable[Op] = ()) -> None:
        """Add the graph above some outputs.

        Parameters
        ----------
        outputs : sequence of Variable
        lengths : collection of Variable
            The lengths of dims, whose values count.
        custom : iterable of Op
            Operations to be known by their signature alone, because what they mean is added elsewhere.

        Raises
        ------
        Unreadable
            If there is something in it that names and properties do not tell.
        """
        for node in io_toposort([], outputs):
            known = node.op.signature if node.op in custom else node.op
            self.add(known, [self._number(variable, lengths) for variable in node.inputs], len(node.outputs))
            for output in node.outputs:
                self._numbers[output] = len(self._numbers)
        self.add([self._number(variable, lengths) for variable in outputs])

    def _number(self, variable: Variable, lengths: Collection[Variable]) -> int:
        """Return which variable it is; one met for the first time is an input, a constant or data, and added."""
        if variable not in self._numbers:
            self._numbers[variable] = len(self._numbers)
            if isinstance(variable, Constant):
                self.add("constant", variable.type, variable.data)
            elif variable in lengths:
                self.add("length", variable.get_value())
            elif isinstance(variable, SharedVariable) and isinstance(variable.get_value(), np.ndarray | np.generic):
                if variable.name is None or variable.name in self.data:  # by its name it is found again
                    raise Unreadable
                self.add("data", variable.name, variable.type, np.shape(variable.get_value()))
                self.data[variable.name] = variable
            else:
                self.add("input", variable.type)
        return self._numbers[variable]


def model_signature(model: pm.Model, shapes: Mapping[str, tuple[int, ...]]) -> Signature | None:
    """Return the signature of a model's log density, or None if it cannot be read.

    Parameters
    ----------
    model : pymc.Model
    shapes : mapping of str to tuple of int
        Shapes of the free variables on the sampler's scale, by name.
    """
    found = Signature()
    try:
        with config.change_flags(cxx="", traceback__limit=0):
            found.add("density", model.check_bounds, str(config.floatX), list(shapes.items()))
            terms, custom = _terms(model)
            found.graph(terms, set(model.dim_lengths.values()), custom)
    except (Unreadable, RecursionError):
        return None
    return found


def _terms(model: pm.Model) -> tuple[list[Variable], list[Op]]:
    """Return all that a log density follows from, and the operations whose density one of them states."""
    terms: list[Variable] = list(model.potentials)
    custom: list[Op] = []
    for rv in model.basic_RVs:
        op, inputs, value = rv.owner.op, rv.owner.inputs, model.rvs_to_values[rv]
        transform = model.rvs_to_transforms[rv]
        natural = value if transform is None else transform.backward(value, *inputs)
        terms += [rv, value, natural] if transform is None else [rv, natural, transform.log_jac_det(value, *inputs)]
        if not _trusted(type(op)):
            terms += _stated(op, natural, inputs)
            custom.append(op)
    return terms, custom


def _stated(op: Any, value: Variable, inputs: Sequence[Variable]) -> list[Variable]:
    """Return the log density of an operation that was made for one variable, as the model states it."""
    if not isinstance(op, CustomDistRV):
        raise Unreadable
    density = _logprob(op, (value,), *inputs)
    return list(density) if isinstance(density, list | tuple) else [density]


@singledispatch
def _token(value: Any) -> Any:
    """Return something whose representation says all that a value means."""
    if type(value).__module__ in UNTOLD:
        raise Unreadable
    return _name(type(value)), [(name, _token(part)) for name, part in _properties(value).items()]


@_token.register(NoneType | bool | int | float | str | bytes | slice)
def _plain(value: Any) -> Any:
    return value


@_token.register(tuple | list)
def _several(values: Sequence[Any]) -> list[Any]:
    return [_token(value) for value in values]


@_token.register(Mapping)
def _mapping(values: Mapping[Any, Any]) -> list[Any]:
    return sorted((repr(_token(key)), repr(_token(value))) for key, value in values.items())


@_token.register(np.ndarray | np.generic)
def _numbers(value: Any) -> tuple[Any, ...]:
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise Unreadable
    return array.dtype.str, array.shape, sha256(array.tobytes()).hexdigest()


@_token.register(np.dtype)
def _dtype(value: Any) -> str:
    return str(value.str)


@_token.register
def _constant(value: Constant) -> tuple[Any, ...]:
    return _token(value.type), _token(value.data)


@_token.register
def _graph(graph: AbstractFunctionGraph) -> str:
    inside = Signature()
    inside.graph([*graph.inputs, *graph.outputs], ())
    return inside.key


@_token.register(type | FunctionType | np.ufunc)
def _name(thing: Any) -> str:
    name = getattr(thing, "__qualname__", thing.__name__)
    if not _trusted(thing) or "<" in name or getattr(thing, "__defaults__", None):
        raise Unreadable
    return f"{getattr(thing, '__module__', '')}.{name}"


def _trusted(thing: Any) -> bool:
    """Whether the name of a class or function, with the version of its package, says what it does."""
    module = str(getattr(thing, "__module__", None) or "numpy")  # universal functions name no module
    return module.split(".", maxsplit=1)[0] in TRUSTED


def _properties(thing: Any) -> dict[str, Any]:
    """Return what distinguishes a thing from others of its class."""
    names = getattr(thing, "__props__", None)
    if names is None:
        slots = {slot for kind in type(thing).__mro__ for slot in getattr(kind, "__slots__", ())}
        # What begins with an underscore is what was noted in passing.
        names = sorted(name for name in {*slots, *getattr(thing, "__dict__", {})} if not name.startswith("_"))
    inside = ["fgraph"] if hasattr(thing, "fgraph") and "fgraph" not in names else []
    return {name: getattr(thing, name) for name in [*names, *inside]}


@cache
def _generator() -> str:
    """Return what turns a graph into machine code: versions of the tools, and this package's own text."""
    tools = [f"{tool} {version(tool)}" for tool in TOOLS]
    own = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    return "\n".join([sys.version, *tools, *this_machine(), *own])
