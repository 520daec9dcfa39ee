"""Dims along which a mechanism computes each place by itself, so that its arguments may be cut there."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np
from pytensor.graph.basic import Constant
from pytensor.graph.traversal import ancestors, io_toposort
from pytensor.tensor.shape import Shape
from pytensor.tensor.subtensor import Subtensor
from pytensor.tensor.type_other import MakeSlice, NoneConst
from pytensor.xtensor.basic import Rename, TensorFromXTensor
from pytensor.xtensor.indexing import Index
from pytensor.xtensor.reduction import XReduce
from pytensor.xtensor.shape import Broadcast, Concat, Transpose
from pytensor.xtensor.type import XTensorVariable
from pytensor.xtensor.vectorization import XElemwise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytensor.graph.basic import Apply, Variable

    from blackball.mechanisms.labelled import Tensor

__all__ = ["separable_dims", "widest"]


def separable_dims(result: Tensor, arguments: Iterable[Tensor]) -> tuple[str, ...]:
    """Find the dims of a result along which no place depends on another.

    Parameters
    ----------
    result : XTensorVariable
        Expression of the arguments, not yet rewritten.
    arguments : iterable of XTensorVariable
        Inputs without a value.

    Returns
    -------
    tuple of str
        Dims that every operation which meets them is known to keep apart; arguments cut along one of them
        give the result cut there.
    """
    given = set(arguments)
    variables, measured = _used(result)
    return tuple(
        dim
        for dim in result.type.dims
        if dim not in measured
        and all(
            variable in given if variable.owner is None else _keeps_apart(variable.owner, dim)
            for variable in variables
            if dim in _dims(variable) or (variable.owner and any(dim in _dims(part) for part in variable.owner.inputs))
        )
    )


def widest(result: Tensor, sizes: Mapping[str, int]) -> int:
    """Count the elements of the largest array that computing a result needs.

    Parameters
    ----------
    result : XTensorVariable
    sizes : mapping of str to int
        Lengths of the arguments' dims.

    Returns
    -------
    int
        Dims of unknown length count as 1.
    """
    lengths = dict(sizes)
    for node in io_toposort([], [result]):
        if isinstance(node.op, Rename):
            renamed = zip(node.inputs[0].type.dims, node.op.new_dims, strict=True)
            lengths |= {new: lengths[old] for old, new in renamed if new not in lengths and old in lengths}
    return max(
        prod(lengths.get(dim, length or 1) for dim, length in zip(variable.type.dims, variable.type.shape, strict=True))
        for variable in ancestors([result])
        if isinstance(variable, XTensorVariable)
    )


def _used(result: Tensor) -> tuple[set[Variable], set[str]]:
    """Return the variables that a result is computed from, and the dims of the arguments whose length it reads."""
    variables: set[Variable] = set()
    measured: set[str] = set()
    waiting = [result]
    while waiting:
        variable = waiting.pop()
        if variable in variables:
            continue
        read = _measured(variable)
        if read is not None:
            measured |= _sources(*read)
            continue
        variables.add(variable)
        waiting += variable.owner.inputs if variable.owner else []
    return variables, measured


def _measured(variable: Variable) -> tuple[Variable, str] | None:
    """Return the tensor and its dim whose length a variable is, as `sizes` writes it; None if it is anything else."""
    node = variable.owner
    if node is None or not isinstance(node.op, Subtensor) or not isinstance(node.inputs[-1], Constant):
        return None
    shape = node.inputs[0].owner
    tensor = shape.inputs[0].owner if shape is not None and isinstance(shape.op, Shape) else None
    if tensor is None or not isinstance(tensor.op, TensorFromXTensor):
        return None
    dims: tuple[str, ...] = tensor.inputs[0].type.dims
    return (tensor.inputs[0], dims[int(node.inputs[-1].data)]) if np.ndim(node.inputs[-1].data) == 0 else None


def _sources(variable: Variable, dim: str) -> set[str]:
    """Return the dims of the arguments that the length of a dim of a variable may come from."""
    found: set[str] = set()
    seen: set[tuple[Variable, str]] = set()
    waiting = [(variable, dim)]
    while waiting:
        variable, dim = waiting.pop()
        if (variable, dim) in seen:
            continue
        seen.add((variable, dim))
        node = variable.owner
        if node is None:
            found.add(dim)
        elif isinstance(node.op, Rename):
            first = node.inputs[0]
            waiting.append((first, first.type.dims[node.op.new_dims.index(dim)]))
        elif isinstance(node.op, XElemwise | Transpose | XReduce):
            waiting += [(part, dim) for part in node.inputs if dim in _dims(part)]
        else:
            # Any other operation may make a dim from anything that it reads.
            found.update(*(_dims(above) for above in ancestors([variable]) if above.owner is None))
    return found


def _dims(variable: Variable) -> tuple[str, ...]:
    return variable.type.dims if isinstance(variable, XTensorVariable) else ()


def _keeps_apart(node: Apply, dim: str) -> bool:
    """Tell whether an operation that meets a dim is known to compute each place along it by itself."""
    op, (first, *others) = node.op, node.inputs
    if isinstance(op, XElemwise | Transpose | Broadcast):
        return True
    if isinstance(op, XReduce):
        return dim not in op.dims
    if isinstance(op, Concat):
        return bool(op.dim != dim)
    if isinstance(op, Rename):
        return all((old == dim) == (new == dim) for old, new in zip(first.type.dims, op.new_dims, strict=True))
    if isinstance(op, Index):
        # What lies behind the last index is taken whole.
        whole = all(_is_whole(index) for name, index in zip(first.type.dims, others, strict=False) if name == dim)
        return whole and dim in first.type.dims and not any(dim in _dims(index) for index in others)
    return False


def _is_whole(index: Variable) -> bool:
    made = index.owner
    return made is not None and isinstance(made.op, MakeSlice) and all(end.equals(NoneConst) for end in made.inputs)
