"""One kernel: a short LLVM function with one loop nest, which writes one buffer and reads others.

A function of its own for every node keeps compile time linear in the size of a graph, tells LLVM that the written
buffer is apart from the read ones, and lets nodes that do the same share their code. One loop of a kernel may go
several numbers at a time: then every value in it is a vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from blackball.inference.engine.maths import BODIES, OWN
from blackball.inference.engine.scalars import literal, scalar
from blackball.inference.engine.values import Buffer, Lazy, Shape, Value, View
from blackball.inference.engine.vectors import kind, suffix, widened

__all__ = ["Kernel"]

Index = Sequence[str]


class Kernel:
    """Instructions being written, and the buffers they touch.

    Parameters
    ----------
    written : Buffer
        The one buffer that it writes.
    wide : (int, int)
        The dimension of its loops that goes several numbers at a time, and how many. The last step is moved back
        so that it ends where the dimension ends: it computes again what the step before did.

    Attributes
    ----------
    buffers : dict of Buffer to str
        The buffers and the names of their pointers, in order; the first is the one written.
    functions : dict of str to int
        Outer functions that are called, with how many numbers they take.
    """

    def __init__(self, written: Buffer, wide: tuple[int, int] = (0, 1)) -> None:
        self.buffers: dict[Buffer, str] = {}
        self.functions: dict[str, int] = {}
        self._axis, self._width = wide
        self._lines: list[str] = []
        self._names = 0
        self._accumulators: list[str] = []
        self._block = "start"
        self._pointer(written)

    def let(self, instruction: str) -> str:
        """Write an instruction on numbers and return the name of its result."""
        return self._plain(widened(instruction, self._width))

    def _plain(self, instruction: str) -> str:
        self._names += 1
        name = f"%v{self._names}"
        self._lines.append(f"{name} = {instruction}")
        return name

    def call(self, function: str, *arguments: str) -> str:
        """Call a function of doubles and return the name of its result."""
        own, llvm = function in BODIES, function.startswith("llvm.")
        if self._width > 1 and not own and not llvm:
            return self._one_by_one(function, *arguments)
        stem = f"{OWN}{function}." if own else function.removesuffix("f64")
        name = stem + suffix(self._width) if own or llvm else function
        self.functions[name] = len(arguments)
        passed = ", ".join(f"double {argument}" for argument in arguments)
        return self.let(f'call double @"{name}"({passed})')

    def _one_by_one(self, function: str, *arguments: str) -> str:
        """Call a function that takes no vectors for each number of some."""
        self.functions[function] = len(arguments)
        results = []
        for lane in range(self._width):
            single = [
                self._plain(widened(f"extractelement double {x}, ", self._width) + f"i64 {lane}") for x in arguments
            ]
            passed = ", ".join(f"double {argument}" for argument in single)
            results.append(self._plain(f'call double @"{function}"({passed})'))
        return self._joined(results)

    def _joined(self, numbers: Sequence[str]) -> str:
        """Write the vector of several numbers."""
        joined = "poison"
        for lane, number in enumerate(numbers):
            joined = self._plain(f"insertelement {kind('double', self._width)} {joined}, double {number}, i64 {lane}")
        return joined

    @contextmanager
    def loops(self, shape: Shape, first: int = 0) -> Iterator[list[str]]:
        """Run what is written inside for every index of a shape, whose first dimension is the kernel's `first`."""
        index, opened = [], []
        for axis, length in enumerate(shape, start=first):
            step = self._width if axis == self._axis else 1
            if length == step:
                index.append("0")
                continue
            head, before = self._label(), self._block
            self._lines.append(f"br i1 {str(length > 0).lower()}, label %{head}, label %{head}.exit")
            self._start(head)
            self._lines.append(f"%{head}.i = phi i64 [0, %{before}], [%{head}.next, %{head}.latch]")
            index.append(f"%{head}.i" if length % step == 0 else self._at_most(f"%{head}.i", length - step))
            opened.append((head, length, step))
        yield index
        for head, length, step in reversed(opened):
            self._lines.append(f"br label %{head}.latch")
            self._start(f"{head}.latch")
            self._lines.append(f"%{head}.next = add nuw nsw i64 %{head}.i, {step}")
            again = self._plain(f"icmp ult i64 %{head}.next, {length}")
            self._lines.append(f"br i1 {again}, label %{head}, label %{head}.exit")
            self._start(f"{head}.exit")

    def _at_most(self, index: str, last: int) -> str:
        """Write the smaller of two indices: a vector further on would not fit."""
        return self._plain(f"select i1 {self._plain(f'icmp ult i64 {index}, {last}')}, i64 {index}, i64 {last}")

    def evaluate(self, value: Value, index: Index, known: dict[int, str] | None = None) -> str:
        """Write what computes one element of a value, each shared part once."""
        known = {} if known is None else known
        if isinstance(value, float):
            return literal(value)
        if id(value) not in known:
            known[id(value)] = self.read(value, index) if isinstance(value, View) else self._apply(value, index, known)
        return known[id(value)]

    def _apply(self, value: Lazy, index: Index, known: dict[int, str]) -> str:
        arguments = tuple(self.evaluate(argument, index, known) for argument in value.arguments)
        return scalar(self, value.op, value.dtypes, arguments)

    def read(self, view: View, index: Index) -> str:
        """Write a load of one element of a view."""
        place = self._position(view, index)
        step = self._step(view)
        if step == 1:
            return self.let(f"load double, ptr {self.element(view.buffer, place)}, align 8")
        if step:
            places = self._lanes(place, step)
            return self._joined([self._plain(f"load double, ptr {self.element(view.buffer, at)}") for at in places])
        one = self._plain(f"load double, ptr {self.element(view.buffer, place)}")
        vector = self._joined([one])
        return self._plain(
            f"shufflevector {kind('double', self._width)} {vector}, {kind('double', self._width)} poison, "
            f"{kind('i32', self._width)} zeroinitializer"
        )

    def write(self, value: str, view: View, index: Index) -> None:
        """Write a store to one element of a view."""
        place = self._position(view, index)
        step = self._step(view)
        if step == 1:
            self._lines.append(
                f"store {kind('double', self._width)} {widened(value, self._width)}, "
                f"ptr {self.element(view.buffer, place)}, align 8"
            )
            return
        for lane, at in enumerate(self._lanes(place, step)):
            number = self._plain(widened(f"extractelement double {value}, ", self._width) + f"i64 {lane}")
            self.store(number, self.element(view.buffer, at))

    def _step(self, view: View) -> int:
        """Return how far apart the numbers of a vector are in a view."""
        return view.strides[self._axis] if self._width > 1 else 1

    def _lanes(self, place: str, step: int) -> list[str]:
        """Write the places of a vector's numbers."""
        return [place, *(self._plain(f"add nsw i64 {place}, {step * lane}") for lane in range(1, self._width))]

    def _position(self, view: View, index: Index) -> str:
        """Write which element of its buffer one element of a view is."""
        place = str(view.offset)
        for name, stride in zip(index, view.strides, strict=True):
            if stride and name != "0":
                step = name if stride == 1 else self._plain(f"mul nsw i64 {name}, {stride}")
                place = step if place == "0" else self._plain(f"add nsw i64 {place}, {step}")
        return place

    def element(self, buffer: Buffer, place: str) -> str:
        """Write what points to an element of a buffer."""
        return self._plain(f"getelementptr inbounds double, ptr {self._pointer(buffer)}, i64 {place}")

    def store(self, number: str, pointer: str) -> None:
        """Write a store of one number."""
        self._lines.append(f"store double {number}, ptr {pointer}")

    def accumulator(self, start: str) -> str:
        """Return a pointer to a number that is set to `start` here."""
        name = f"%a{len(self._accumulators)}"
        self._accumulators.append(f"{name} = alloca {kind('double', self._width)}")
        self.accumulate(start, name)
        return name

    def accumulate(self, value: str, accumulator: str) -> None:
        """Write a store to an accumulator."""
        self._lines.append(widened(f"store double {value}, ptr {accumulator}", self._width))

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
