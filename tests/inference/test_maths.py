"""The engine's own exponentials and logarithms are within two units in the last place, alone and in vectors."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np
import pytest

from blackball.inference.engine.maths import BODIES, OWN, definition
from blackball.inference.engine.native import Native, compiled
from blackball.inference.engine.vectors import WIDTHS, fitting, kind, suffix, widened

TINY, HUGE = 5e-324, 1.7976931348623157e308
SPECIAL = {
    "exp": {0.0: 1.0, -np.inf: 0.0, np.inf: np.inf, -745.2: 0.0, -745.1: TINY, 709.8: np.inf, -1e300: 0.0},
    "expm1": {0.0: 0.0, -np.inf: -1.0, np.inf: np.inf, -50.0: -1.0, 1e-300: 1e-300, TINY: TINY, 709.8: np.inf},
    "log": {1.0: 0.0, 0.0: -np.inf, np.inf: np.inf, TINY: -744.4400719213812, -1.0: np.nan},
    "log1p": {0.0: 0.0, -1.0: -np.inf, np.inf: np.inf, -2.0: np.nan, 1e-300: 1e-300, HUGE: 709.782712893384},
}


@pytest.fixture(autouse=True, scope="module")
def _own_cache(tmp_path_factory: pytest.TempPathFactory):
    """Compile afresh."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def wrapper(name: str, width: int) -> str:
    """Return a function that applies one of the engine's own to as many numbers as fill a vector."""
    numbers = kind("double", width)
    return (
        f"{definition(name, width)}\ndefine void @{name}{width}(ptr %from, ptr %to) {{\n"
        f"%x = load {numbers}, ptr %from, align 8\n"
        f'%y = call {numbers} @"{OWN}{name}.{suffix(width)}"({numbers} %x)\n'
        f"store {numbers} %y, ptr %to, align 8\nret void\n}}\n"
    )


@cache
def native() -> Native:
    pairs = [(name, width) for name in BODIES for width in WIDTHS]
    text = "".join(wrapper(name, width) for name, width in pairs)
    return compiled(text, [f"{name}{width}" for name, width in pairs])


def applied(name: str, width: int, x: np.ndarray) -> np.ndarray:
    """Apply a function to numbers, `width` at a time."""
    function = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(native().addresses[f"{name}{width}"])
    result = np.empty_like(x)
    for place in range(0, x.size, width):
        function(x[place:].ctypes.data, result[place:].ctypes.data)
    return result


def numbers(name: str) -> np.ndarray:
    """Return numbers from the whole domain, most of them where models have them."""
    rng = np.random.default_rng(4)
    small = rng.normal(size=4000) * 10.0 ** rng.uniform(-18, 0, 4000)
    middle = rng.uniform(-30, 30, 4000)
    if name in {"exp", "expm1"}:
        return np.concatenate([small, middle, rng.uniform(-707, 709, 8000)])
    if name == "log":
        return np.concatenate([np.abs(small), np.abs(1 + small), np.abs(middle), 10.0 ** rng.uniform(-308, 308, 4000)])
    near = 10.0 ** rng.uniform(-15, 0, 4000) - 1
    return np.concatenate([np.maximum(small, -0.999), near, np.abs(middle), 1e3 * middle**2])


@pytest.mark.parametrize("name", BODIES)
def test_within_two_units_in_the_last_place(name: str) -> None:
    x = numbers(name)
    x = x[: x.size // 8 * 8]
    exact = getattr(np, name)(x.astype(np.longdouble))
    wide = applied(name, 8, x)
    assert np.max(np.abs(wide - exact) / np.spacing(np.abs(exact.astype(float)))) < 2
    assert all(np.array_equal(applied(name, width, x), wide) for width in WIDTHS)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", BODIES)
def test_ends_of_the_domain(name: str, width: int) -> None:
    for x, expected in {**SPECIAL[name], np.nan: np.nan}.items():
        np.testing.assert_allclose(applied(name, width, np.full(width, x)), expected, rtol=4e-16, atol=0)


def test_a_loop_is_filled_by_vectors_no_longer_than_itself() -> None:
    assert [fitting(length) for length in (0, 1, 2, 3, 4, 7, 8, 100)] == [1, 1, 2, 2, 4, 4, 8, 8]


def test_instructions_read_as_those_on_vectors() -> None:
    assert widened("shl i64 %i1, #52", 1) == "shl i64 %i1, 52"
    assert widened("shl i64 %i1, #52", 4) == "shl <4 x i64> %i1, splat (i64 52)"
    assert widened("fadd double %x, 0x3FF0000000000000", 2) == "fadd <2 x double> %x, splat (double 0x3FF0000000000000)"
    assert widened("xor i1 %v1, true", 2) == "xor <2 x i1> %v1, splat (i1 true)"
