"""Exponentials and logarithms in straight lines of instructions, for one number or for several at once.

The C library takes one number a call, and ten times as long where a result underflows. These have no branches,
are within two units in the last place, and give the same result in a vector as alone.

Reductions and coefficients of the logarithm are those of fdlibm (`e_log.c`, `s_log1p.c`; Sun Microsystems, 1993);
the exponential is its Taylor series on [-log(2)/2, log(2)/2], to degree 13, where the rest is below 1e-17.
"""

from __future__ import annotations

import struct
from math import factorial

from blackball.inference.engine.vectors import suffix, widened

__all__ = ["OWN", "definition"]

OWN = "own."
"""How the names of these functions begin: `own.exp.f64` takes one number, `own.exp.v8f64` eight."""


def _double(number: float) -> str:
    return f"0x{struct.pack('>d', number).hex().upper()}"


def _bits(number: float) -> str:
    return f"#{struct.unpack('>q', struct.pack('>d', number))[0]}"


# Added to a number below 2^51, this rounds it to whole; the lowest bits of the sum are then the whole number.
ROUND = 1.5 * 2.0**52
# log(2), as a number with room for multiplication by a whole one, and the rest.
HIGH, LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LOGARITHM = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
ROOT_OF_HALF = 0.70710678118654752440


def _polynomial(name: str, at: str, coefficients: tuple[float, ...]) -> str:
    """Return the lines of a polynomial at a number, lowest power first."""
    lines, so_far = [], _double(coefficients[-1])
    for place, coefficient in enumerate(reversed(coefficients[:-1])):
        lines.append(f"%{name}m{place} = fmul contract double {so_far}, {at}")
        so_far = f"%{name}" if place == len(coefficients) - 2 else f"%{name}a{place}"
        lines.append(f"{so_far} = fadd contract double %{name}m{place}, {_double(coefficient)}")
    return "\n".join(lines)


def _reduced(lowest: float) -> str:
    """Return the lines that make `x` a whole number of log(2) and a rest: %p is exp(rest) - 1, %u %v the power of 2.

    The power comes as two factors, because that of the largest and smallest results is not a double itself.
    """
    return f"""
%low = fcmp olt double %x, {_double(lowest)}
%x1 = select i1 %low, double {_double(lowest)}, double %x
%high = fcmp ogt double %x1, {_double(710.0)}
%x2 = select i1 %high, double {_double(710.0)}, double %x1
%t0 = fmul contract double %x2, {_double(1.4426950408889634)}
%t1 = fadd contract double %t0, {_double(ROUND)}
%k = fsub double %t1, {_double(ROUND)}
%r0 = fmul contract double %k, {_double(HIGH)}
%r1 = fsub contract double %x2, %r0
%r2 = fmul contract double %k, {_double(LOW)}
%r = fsub contract double %r1, %r2
{_polynomial("q", "%r", tuple(1 / factorial(power) for power in range(2, 14)))}
%s0 = fmul double %r, %r
%s1 = fmul contract double %s0, %q
%p = fadd contract double %s1, %r
%h0 = fmul double %k, {_double(0.5)}
%h1 = fadd double %h0, {_double(ROUND)}
%h = fsub double %h1, {_double(ROUND)}
%g0 = fsub double %k, %h
%g1 = fadd double %g0, {_double(ROUND)}
%u0 = bitcast double %h1 to i64
%u1 = add i64 %u0, #1023
%u2 = shl i64 %u1, #52
%u = bitcast i64 %u2 to double
%v0 = bitcast double %g1 to i64
%v1 = add i64 %v0, #1023
%v2 = shl i64 %v1, #52
%v = bitcast i64 %v2 to double
"""


EXP = f"""{_reduced(-746.0)}
%e0 = fadd double %p, {_double(1.0)}
%e1 = fmul double %e0, %u
%e = fmul double %e1, %v
ret double %e
"""

EXPM1 = f"""{_reduced(-60.0)}
%w1 = fdiv double {_double(1.0)}, %v
%w = fsub double %u, %w1
%e0 = fmul contract double %p, %u
%e1 = fadd contract double %e0, %w
%e = fmul double %e1, %v
ret double %e
"""


def _logarithm(start: str) -> str:
    """Return the lines of the logarithm of %y + %c, where %c is far smaller, once `start` has made them."""
    return f"""{start}
%i0 = bitcast double %y to i64
%i1 = sub i64 %i0, {_bits(ROOT_OF_HALF)}
%i = ashr i64 %i1, #52
%n0 = add i64 %i, {_bits(ROUND)}
%n1 = bitcast i64 %n0 to double
%n = fsub double %n1, {_double(ROUND)}
%m0 = shl i64 %i, #52
%m1 = sub i64 %i0, %m0
%m = bitcast i64 %m1 to double
%f = fsub double %m, {_double(1.0)}
%s0 = fadd double %f, {_double(2.0)}
%s = fdiv double %f, %s0
%z = fmul double %s, %s
{_polynomial("l", "%z", LOGARITHM)}
%l1 = fmul double %l, %z
%h0 = fmul double %f, {_double(0.5)}
%h = fmul double %h0, %f
%d0 = fadd double %h, %l1
%d1 = fmul contract double %s, %d0
%d2 = fmul contract double %n, {_double(LOW)}
%d3 = fadd contract double %d2, %c
%d4 = fadd contract double %d1, %d3
%d5 = fsub double %h, %d4
%d6 = fsub double %d5, %f
%d7 = fmul contract double %n, {_double(HIGH)}
%d = fsub contract double %d7, %d6
%positive = fcmp ogt double %y, 0x0000000000000000
%zero = fcmp oeq double %y, 0x0000000000000000
%infinite = fcmp oeq double %y, {_double(float("inf"))}
%e0 = select i1 %zero, double {_double(float("-inf"))}, double {_double(float("nan"))}
%e1 = select i1 %positive, double %d, double %e0
%e = select i1 %infinite, double %y, double %e1
"""


LOG = f"""{
    _logarithm(f'''
%small = fcmp olt double %x, {_double(2.0**-1022)}
%grown = fmul double %x, {_double(2.0**54)}
%y = select i1 %small, double %grown, double %x
%c = select i1 %small, double {_double(-54 * LOW)}, double {_double(0.0)}
''')
}
%e2 = fsub double %e, {_double(54 * HIGH)}
%e3 = select i1 %small, double %e2, double %e
ret double %e3
"""

LOG1P = f"""{
    _logarithm(f'''
%y = fadd double %x, {_double(1.0)}
%c0 = fsub double %y, {_double(1.0)}
%c1 = fsub double %x, %c0
%c = fdiv double %c1, %y
''')
}
ret double %e
"""

BODIES = {"exp": EXP, "expm1": EXPM1, "log": LOG, "log1p": LOG1P}


def definition(name: str, width: int) -> str:
    """Return the text of a function, such as `exp`, of vectors of some width."""
    body = widened(f"(double %x) noinline nounwind willreturn memory(none) {{{BODIES[name]}}}", width)
    return f'define internal {widened("double", width)} @"{OWN}{name}.{suffix(width)}"{body}'
