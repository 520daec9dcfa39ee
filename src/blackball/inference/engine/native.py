"""Machine code from the text of an LLVM module."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from weakref import finalize

import llvmlite.binding as llvm
from scipy.special import cython_special

from blackball.inference.engine.cache import keep, kept
from blackball.inference.engine.maths import OWN
from blackball.inference.engine.module import released
from blackball.inference.engine.packed import Packed
from blackball.inference.engine.special import scipy_function
from blackball.inference.engine.values import Shape, Unsupported

__all__ = ["Compiled", "Native", "compiled", "linked", "resolve", "this_machine"]

# Whatever LLVM's own functions may turn into, and what every module calls.
MATHS = ["ceil", "cos", "exp", "exp2", "floor", "log", "log10", "log2", "pow", "rint", "sin", "trunc"]
MEMORY = ["free", "malloc", "memcpy", "memset"]
# The text has its vectors already: LLVM's standard passes would take five times as long as the rest, and gain nothing.
PASSES = ("sroa", "instruction_combine", "simplify_cfg")
# How hard LLVM tries when it chooses instructions: at 0 the code takes twice as long to run.
LEVEL = 1
# The C library, through a module that is linked with its mathematics.
LIBRARY = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else cython_special.__file__)


@dataclass(frozen=True)
class Native:
    """Compiled functions, which live as long as this object.

    Attributes
    ----------
    addresses : dict of str to int
        Where each function lies.
    key : str
        What the code is kept under.
    """

    addresses: dict[str, int]
    key: str
    _keep: Any = field(repr=False)


@dataclass(frozen=True)
class Compiled:
    """Machine code, and what it reads and writes.

    Attributes
    ----------
    native : Native
    packed : Packed
        Where data lie.
    shapes : list of tuple of int
        Shapes of what is written, in order.
    functions : dict of str to int
        Outer functions that the code calls, with how many doubles each takes.
    """

    native: Native
    packed: Packed
    shapes: list[Shape]
    functions: dict[str, int]


def resolve(functions: Mapping[str, int]) -> dict[str, bool]:
    """Find the outer functions that code calls; return whether each takes an integer after its doubles.

    Raises
    ------
    Unsupported
        If one cannot be found on this machine.
    """
    found = {}
    for name, arguments in functions.items():
        special = name.removeprefix("scipy.")
        if special != name:
            address, more = scipy_function(special, arguments) or (None, False)
            _offer(f"{name}.outer" if more else name, address)
            found[name] = more
        else:
            if not name.startswith(("llvm.", OWN)):
                _offer(name, _address(name))
            found[name] = False
    for name in [*MATHS, *MEMORY]:
        _offer(name, _address(name))
    return found


def _address(name: str) -> int | None:
    try:
        return ctypes.cast(LIBRARY[name], ctypes.c_void_p).value
    except AttributeError:
        return None


def _offer(name: str, address: int | None) -> None:
    if address is None:
        raise Unsupported(f"the function {name}, which this machine's C library lacks")
    llvm.add_symbol(name, address)


def compiled(text: str, names: Sequence[str]) -> Native:
    """Compile the text of a module for this machine, or load what was compiled of it before."""
    machine = _machine()
    version = ".".join(map(str, llvm.llvm_version_info))
    # All that the code depends on, so that none is loaded that this generator would not write now.
    known = [version, *this_machine(), str(LEVEL), *PASSES, text]
    key = sha256("\n".join(known).encode()).hexdigest()
    code = kept(key)
    if code is None:
        code = _optimised(text, machine)
        keep(key, code)
    return linked(code, key, names)


def linked(code: bytes, key: str, names: Sequence[str]) -> Native:
    """Load machine code that was compiled on such a machine before; `resolve` comes first."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    native = Native({name: engine.get_function_address(name) for name in names}, key, engine)
    releases = [engine.get_function_address(released(name)) for name in names]
    finalize(native, _release, engine, releases).atexit = False
    return native


def _release(engine: Any, addresses: Sequence[int]) -> None:
    """Free the scratch memory that functions keep, while their code is still there."""
    for address in addresses:
        ctypes.CFUNCTYPE(None)(address)()


def this_machine() -> tuple[str, str, str]:
    """Return the triple, processor and features that code is compiled for."""
    return llvm.get_default_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def _machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    triple, cpu, features = this_machine()
    return llvm.Target.from_triple(triple).create_target_machine(cpu=cpu, features=features, opt=LEVEL, jit=True)


def _optimised(text: str, machine: Any) -> bytes:
    """Return the object code of a module."""
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    module.verify()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options())
    passes = llvm.create_new_function_pass_manager()
    for name in PASSES:
        getattr(passes, f"add_{name}_pass")()
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)
    return bytes(machine.emit_object(module))
