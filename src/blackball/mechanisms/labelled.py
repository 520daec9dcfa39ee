"""Anything a mechanism accepts, as a labelled tensor in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from pytensor.graph.basic import Variable
from pytensor.xtensor.type import as_xtensor

__all__ = ["Labelled", "Tensor", "labelled"]

type Tensor = Any
"""A labelled tensor (`XTensorVariable`), what every mechanism returns. PyTensor leaves its arithmetic
untyped, so anything stricter here would have to be asserted on every line."""

type Labelled = Tensor | xr.DataArray | np.number | float
"""What every mechanism accepts: a labelled tensor, a labelled array or a plain number."""


def labelled(value: Labelled) -> Tensor:
    """Read a value as a labelled tensor of doubles.

    Parameters
    ----------
    value : XTensorVariable, DataArray or number
        A tensor keeps its dims, an array its own; a number has none.

    Returns
    -------
    XTensorVariable
        The same values, in float64.

    Raises
    ------
    TypeError
        If the value is an array without names for its dims.
    """
    if isinstance(value, Variable):
        tensor = as_xtensor(value)
        return tensor if tensor.type.dtype == "float64" else tensor.astype("float64")
    if isinstance(value, xr.DataArray):
        return as_xtensor(value.astype(np.float64))
    # PyTensor alone would give a plain 0.5 the smallest type that holds it, float32.
    return as_xtensor(np.asarray(value, dtype=np.float64))
