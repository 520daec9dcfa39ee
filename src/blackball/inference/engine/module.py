"""The text of an LLVM module: every kernel once, and a function that calls those of a program in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from blackball.inference.engine.maths import OWN, definition
from blackball.inference.engine.program import Call, Code
from blackball.inference.engine.values import Buffer, View
from blackball.inference.engine.vectors import kind

__all__ = ["function", "module", "released"]

WORD = 8
# Scratch buffers start on whole cache lines of eight doubles.
LINE = 8

# Scratch memory is kept from one call to the next: memory that is new has to be cleared and mapped, page by page,
# which takes longer than the density of a panel of thousands. Every thread that calls at the same time takes its own.
TAKE, GIVE, FREE, SPARE = "take", "give", "free_all", 64
_EACH = f"""look:
  %i = phi i64 [0, %entry], [%n, %next]
  %slot = getelementptr inbounds ptr, ptr %spare, i64 %i
  {{}}
next:
  %n = add i64 %i, 1
  %end = icmp eq i64 %n, {SPARE}
  br i1 %end, label %none, label %look"""
_TAKE = """%held = atomicrmw xchg ptr %slot, ptr null acq_rel
  %empty = icmp eq ptr %held, null
  br i1 %empty, label %next, label %found"""
_GIVE = """%swapped = cmpxchg ptr %slot, ptr null, ptr %work acq_rel monotonic
  %kept = extractvalue {ptr, i1} %swapped, 1
  br i1 %kept, label %found, label %next"""
_FREE = """%held = atomicrmw xchg ptr %slot, ptr null acq_rel
  call void @free(ptr %held)
  br label %next"""
MEMORY = f"""declare ptr @malloc(i64)
declare void @free(ptr)
define internal ptr @{TAKE}(ptr %spare, i64 %size) {{
entry:
  br label %look
{_EACH.format(_TAKE)}
none:
  %new = call ptr @malloc(i64 %size)
  ret ptr %new
found:
  ret ptr %held
}}
define internal void @{GIVE}(ptr %spare, ptr %work) {{
entry:
  br label %look
{_EACH.format(_GIVE)}
none:
  call void @free(ptr %work)
  ret void
found:
  ret void
}}
define internal void @{FREE}(ptr %spare) {{
entry:
  br label %look
{_EACH.format(_FREE)}
none:
  ret void
}}"""


def module(code: Code, functions: Sequence[str], outer: Mapping[str, bool]) -> str:
    """Return the text of a module.

    Parameters
    ----------
    code : Code
    functions : sequence of str
        Texts of `function`.
    outer : mapping of str to bool
        Names of outer functions that the kernels call, and whether they take an integer after the doubles.
    """
    declared = [_declaration(name, code.functions[name], more) for name, more in sorted(outer.items())]
    kernels = [f"define internal void @{name}{text}" for text, name in code.kernels.items()]
    return "\n".join([*declared, MEMORY, *kernels, *functions, ""])


def function(name: str, parameters: str, calls: Sequence[Call], checks: Sequence[tuple[View, int]]) -> str:
    """Return the text of a function that calls kernels in order.

    Parameters
    ----------
    name : str
    parameters : str
        Its parameters, whose pointers are named after the homes of buffers.
    calls : sequence of Call
    checks : sequence of (View, int)
        Numbers that must be 0 at the end, and the status to return if they are not; 0 if all are.
    """
    places, size = _placed(calls, checks)
    lines = [f"%work = call ptr @{TAKE}(ptr @{name}.spare, i64 {WORD * size})"]
    names: dict[Buffer, str] = {}
    for call in calls:
        for buffer in call.buffers:
            if buffer not in names:
                names[buffer] = f"%b{len(names)}"
                offset = places.get(buffer, buffer.offset)
                lines.append(f"{names[buffer]} = getelementptr inbounds double, ptr %{buffer.home}, i64 {offset}")
        lines.append(f"call void @{call.kernel}({', '.join(f'ptr {names[buffer]}' for buffer in call.buffers)})")
    status = "0"
    for place, (view, code) in enumerate(checks):
        lines.append(f"%c{place} = load double, ptr {names[view.buffer]}")
        lines.append(f"%g{place} = fcmp oeq double %c{place}, 0.0")
        lines.append(f"%s{place} = select i1 %g{place}, i64 {status}, i64 {code}")
        status = f"%s{place}"
    body = "\n".join([*lines, f"call void @{GIVE}(ptr @{name}.spare, ptr %work)", f"ret i64 {status}"])
    spare = f"@{name}.spare = internal global [{SPARE} x ptr] zeroinitializer"
    release = f"define void @{released(name)}() {{\ncall void @{FREE}(ptr @{name}.spare)\nret void\n}}"
    return f"{spare}\ndefine i64 @{name}({parameters}) {{\n{body}\n}}\n{release}"


def released(name: str) -> str:
    """Return the name of the function that frees the scratch memory which the named one keeps."""
    return f"{name}.release"


def _declaration(name: str, arguments: int, more: bool) -> str:
    several = re.search(r"\.v(\d+)f64$", name)
    width = int(several[1]) if several else 1
    if name.startswith(OWN):
        return definition(name.removeprefix(OWN).split(".")[0], width)
    number = kind("double", width)
    doubles = ", ".join([number] * arguments)
    if not more:
        return f'declare {number} @"{name}"({doubles}) nounwind memory(none)'
    taken = ", ".join(f"double %a{place}" for place in range(arguments))
    return (
        f'declare double @"{name}.outer"({doubles}, i32)\n'
        f'define internal double @"{name}"({taken}) {{\n'
        f'%r = call double @"{name}.outer"({taken}, i32 1)\nret double %r\n}}'
    )


def _placed(calls: Sequence[Call], checks: Sequence[tuple[View, int]]) -> tuple[dict[Buffer, int], int]:
    """Give every scratch buffer a place that no other one has while it is needed; return the places and their size."""
    first: dict[Buffer, int] = {}
    last: dict[Buffer, int] = {}
    for time, call in enumerate(calls):
        for buffer in call.buffers:
            if buffer.home == "work":
                first.setdefault(buffer, time)
                last[buffer] = time
    last |= {view.buffer: len(calls) for view, _ in checks}
    places: dict[Buffer, int] = {}
    size = 0
    for buffer, start in first.items():
        taken = sorted((places[other], places[other] + _lines(other)) for other in places if last[other] >= start)
        place = 0
        for begin, end in taken:
            if place + _lines(buffer) <= begin:
                break
            place = max(place, end)
        places[buffer] = place
        size = max(size, place + _lines(buffer))
    return places, size


def _lines(buffer: Buffer) -> int:
    return -(-buffer.size // LINE) * LINE
