"""Special functions of SciPy that compiled code can call by address."""

from __future__ import annotations

import ctypes
import re
from functools import cache

from scipy.special import cython_special

__all__ = ["scipy_function"]

_name = ctypes.pythonapi.PyCapsule_GetName
_name.restype, _name.argtypes = ctypes.c_char_p, [ctypes.py_object]
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


@cache
def scipy_function(name: str, arguments: int) -> tuple[int, bool] | None:
    """Return where a function of doubles in `scipy.special` lies, and whether it takes one more integer.

    Parameters
    ----------
    name : str
        Such as `gammaln`.
    arguments : int
        How many doubles it takes.

    Returns
    -------
    (int, bool) or None
        Its address, and whether Cython added an integer (to be passed as 0) after the doubles; None if SciPy has
        no such function.
    """
    for exported, capsule in cython_special.__pyx_capi__.items():
        if re.fullmatch(rf"(__pyx_fuse_\d+)?{name}", exported):
            signature = _name(capsule)
            taken = re.fullmatch(r"double \((.*)\)", signature.decode())
            kinds = [kind.strip() for kind in taken[1].split(",")] if taken else []
            if kinds[:arguments] == ["double"] * arguments and all(k.startswith("int") for k in kinds[arguments:]):
                return int(_pointer(capsule, signature)), len(kinds) > arguments
    return None
