"""Compiled code found again by the signature of its graph, in this process or another one before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO

import numpy as np

from blackball.inference.engine.cache import keep, kept
from blackball.inference.engine.native import Compiled, linked, resolve
from blackball.inference.engine.packed import Packed

__all__ = ["recalled", "remember"]

SAID = "said"


def remember(key: str, code: Compiled) -> None:
    """Keep all that code needs but its machine code, which is kept under a key of its own."""
    said = {
        "code": code.native.key,
        "functions": code.functions,
        "data": [[name, list(view.shape)] for name, view in code.packed.data.items()],
        "shapes": code.shapes,
    }
    content = BytesIO()
    constants = {str(place): array for place, array in enumerate(code.packed.constants)}
    np.savez(content, allow_pickle=False, **{SAID: np.array(json.dumps(said))}, **constants)
    keep(key, content.getvalue())


def recalled(key: str, names: Sequence[str]) -> Compiled | None:
    """Return the functions that were kept under a signature; None if they or their machine code are not there."""
    content = kept(key)
    if content is None:
        return None
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        said = json.loads(str(arrays[SAID]))
        constants = [arrays[str(place)] for place in range(len(arrays.files) - 1)]
    code = kept(said["code"])
    if code is None:
        return None
    packed = Packed({name: tuple(shape) for name, shape in said["data"]})
    for array in constants:
        packed.constant(array)
    resolve(said["functions"])
    native = linked(code, said["code"], names)
    return Compiled(native, packed, [tuple(shape) for shape in said["shapes"]], said["functions"])
