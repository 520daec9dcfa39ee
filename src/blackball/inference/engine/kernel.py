"""One kernel: a short LLVM function with one loop nest, which writes one buffer and reads others.

A function of its own for every node keeps compile time linear in the size of a graph, tells LLVM that the written
buffer is apart from the read ones, and lets nodes that do the same share their code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from blackball.inference.engine.scalars import literal, scalar
from blackball.inference.engine.values import Buffer, Lazy, Shape, Value, View

__all__ = ["Kernel"]

Index = Sequence[str]

# Vectorising every loop would take three times as long to compile as all the rest, and gain nothing in short ones.
LONG = 256


class Kernel:
    """Instructions being written, and the buffers they touch.

    Parameters
    ----------
    written : Buffer
        The one buffer that it writes.
    steps : int
        How often its innermost loop runs in all: long ones are worth the time to vectorise them.

    Attributes
    ----------
    buffers : dict of Buffer to str
        The buffers and the names of their pointers, in order; the first is the one written.
    functions : dict of str to int
        Outer functions that are called, with how many doubles they take.
    """

    def __init__(self, written: Buffer, steps: int) -> None:
        self.buffers: dict[Buffer, str] = {}
        self.functions: dict[str, int] = {}
        self._lines: list[str] = []
        self._names = 0
        self._accumulators: list[str] = []
        self._block = "start"
        self._hint = "" if steps >= LONG else ", !llvm.loop !0"
        self._pointer(written)

    def let(self, instruction: str) -> str:
        """Write an instruction and return the name of its result."""
        self._names += 1
        name = f"%v{self._names}"
        self._lines.append(f"{name} = {instruction}")
        return name

    def call(self, function: str, *arguments: str) -> str:
        """Call a function of doubles and return the name of its result."""
        self.functions[function] = len(arguments)
        passed = ", ".join(f"double {argument}" for argument in arguments)
        return self.let(f'call double @"{function}"({passed})')

    @contextmanager
    def loops(self, shape: Shape) -> Iterator[list[str]]:
        """Run what is written inside for every index of a shape."""
        index, opened = [], []
        for length in shape:
            if length == 1:
                index.append("0")
                continue
            head, before = self._label(), self._block
            self._lines.append(f"br i1 {str(length > 0).lower()}, label %{head}, label %{head}.exit")
            self._start(head)
            self._lines.append(f"%{head}.i = phi i64 [0, %{before}], [%{head}.next, %{head}.latch]")
            index.append(f"%{head}.i")
            opened.append((head, length))
        yield index
        for head, length in reversed(opened):
            self._lines.append(f"br label %{head}.latch")
            self._start(f"{head}.latch")
            self._lines.append(f"%{head}.next = add nuw nsw i64 %{head}.i, 1")
            again = self.let(f"icmp ult i64 %{head}.next, {length}")
            self._lines.append(f"br i1 {again}, label %{head}, label %{head}.exit{self._hint}")
            self._start(f"{head}.exit")

    def evaluate(self, value: Value, index: Index, known: dict[int, str] | None = None) -> str:
        """Write what computes one element of a value, each shared part once."""
        known = {} if known is None else known
        if isinstance(value, float):
            return literal(value)
        if id(value) not in known:
            if isinstance(value, View):
                known[id(value)] = self.let(f"load double, ptr {self.address(value, index)}")
            else:
                known[id(value)] = self._apply(value, index, known)
        return known[id(value)]

    def _apply(self, value: Lazy, index: Index, known: dict[int, str]) -> str:
        arguments = tuple(self.evaluate(argument, index, known) for argument in value.arguments)
        return scalar(self, value.op, value.dtypes, arguments)

    def address(self, view: View, index: Index) -> str:
        """Write what points to one element of a view."""
        return self.element(view.buffer, self.position(view, index))

    def position(self, view: View, index: Index) -> str:
        """Write which element of its buffer one element of a view is."""
        place = str(view.offset)
        for name, stride in zip(index, view.strides, strict=True):
            if stride and name != "0":
                step = name if stride == 1 else self.let(f"mul nsw i64 {name}, {stride}")
                place = step if place == "0" else self.let(f"add nsw i64 {place}, {step}")
        return place

    def element(self, buffer: Buffer, place: str) -> str:
        """Write what points to an element of a buffer."""
        return self.let(f"getelementptr inbounds double, ptr {self._pointer(buffer)}, i64 {place}")

    def store(self, value: str, pointer: str) -> None:
        """Write a store."""
        self._lines.append(f"store double {value}, ptr {pointer}")

    def accumulator(self, start: str) -> str:
        """Return a pointer to a number that is set to `start` here."""
        name = f"%a{len(self._accumulators)}"
        self._accumulators.append(f"{name} = alloca double")
        self.store(start, name)
        return name

    def parameters(self) -> str:
        """Return the parameters of the function, one pointer a buffer."""
        written, *read = self.buffers.values()
        return ", ".join([f"ptr noalias {written}", *(f"ptr noalias readonly {name}" for name in read)])

    def body(self) -> str:
        """Return the text of the function's body."""
        return "\n".join(["entry:", *self._accumulators, "br label %start", "start:", *self._lines, "ret void"])

    def _pointer(self, buffer: Buffer) -> str:
        return self.buffers.setdefault(buffer, f"%p{len(self.buffers)}")

    def _label(self) -> str:
        self._names += 1
        return f"l{self._names}"

    def _start(self, label: str) -> None:
        self._lines.append(f"{label}:")
        self._block = label
