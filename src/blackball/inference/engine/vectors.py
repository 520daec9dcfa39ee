"""Instructions on several doubles at once, written as those on one.

LLVM has the same instructions for vectors as for single numbers. So scalar formulas are text about one `double`,
and this module says how the same text reads when every number is a vector. It is much quicker to compile than to
let LLVM find out which loops can be turned into vectors.
"""

from __future__ import annotations

import re

__all__ = ["WIDTHS", "fitting", "kind", "suffix", "widened"]

WIDTHS = (8, 4, 2, 1)
"""Numbers in a vector, most first. LLVM splits what is wider than the machine's own vectors."""


def fitting(length: int) -> int:
    """Return the widest vector that a loop of some length fills."""
    return next(width for width in WIDTHS if width <= max(length, 1))


def kind(name: str, width: int) -> str:
    """Return a type of several numbers."""
    return name if width == 1 else f"<{width} x {name}>"


def suffix(width: int) -> str:
    """Return how the name of an LLVM function of doubles ends."""
    return "f64" if width == 1 else f"v{width}f64"


def widened(text: str, width: int) -> str:
    """Return instructions on single numbers as instructions on vectors.

    Numbers are doubles in hexadecimal, or whole numbers with `#` before them.
    """
    if width == 1:
        return text.replace("#", "")
    text = re.sub(r"(?<!%)\b(double|float|i1|i64)\b", lambda found: kind(found[0], width), text)
    text = re.sub(r"\b0x[0-9A-F]{16}\b", r"splat (double \g<0>)", text).replace(", true", ", splat (i1 true)")
    return re.sub(r"#(-?\d+)", r"splat (i64 \1)", text)
