"""Dims that arguments share: what has the same name must have the same length and the same labels."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import xarray as xr

from blackball.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blackball.mechanisms.labelled import Labelled, Tensor

__all__ = ["agree", "has"]


def agree(values: Mapping[str, Labelled]) -> None:
    """Hold labelled arrays to the same length and labels along every dim that two of them have.

    Tensors know dims by name only; arrays carry lengths and labels, which get lost once they are tensors.

    Parameters
    ----------
    values : mapping of str to Labelled
        By name of the argument. Tensors and plain numbers pass.

    Raises
    ------
    ModelError
        With the dim and what the two arrays say about it.
    """
    arrays = {name: value for name, value in values.items() if isinstance(value, xr.DataArray)}
    for (first, left), (second, right) in combinations(arrays.items(), 2):
        for dim in (dim for dim in left.dims if dim in right.dims):
            if left.sizes[dim] != right.sizes[dim]:
                raise ModelError(
                    f"{first} and {second} cannot be combined: dim {dim!r} has length {left.sizes[dim]} in one and "
                    f"{right.sizes[dim]} in the other"
                )
            known = dim in left.indexes and dim in right.indexes
            if known and not left.indexes[dim].equals(right.indexes[dim]):
                raise ModelError(
                    f"{first} and {second} cannot be combined: dim {dim!r} is labelled {left[dim].to_numpy().tolist()} "
                    f"in one and {right[dim].to_numpy().tolist()} in the other"
                )


def has(dim: str, name: str, value: Tensor) -> Tensor:
    """Return a tensor that has a dim.

    Parameters
    ----------
    dim : str
    name : str
        Of the argument.
    value : XTensorVariable

    Returns
    -------
    XTensorVariable
        `value` itself.

    Raises
    ------
    ModelError
        If it has no such dim.
    """
    if dim not in value.type.dims:
        raise ModelError(f"{name} has no dim {dim!r}; it has: {', '.join(value.type.dims) or 'none'}")
    return value
