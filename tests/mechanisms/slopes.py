"""Values and gradients of a mechanism, rewritten as the sampler has them but compiled without numba."""

from collections.abc import Callable

import numpy as np
import pytensor.tensor as pt
from pytensor.compile.maker import function
from pytensor.compile.mode import Mode
from pytensor.gradient import grad
from pytensor.graph.rewriting.utils import rewrite_graph
from pytensor.xtensor.type import as_xtensor

Slopes = Callable[..., tuple[np.ndarray, dict[str, np.ndarray]]]


def slopes(mechanism: Callable[..., object], **dims: tuple[str, ...]) -> Slopes:
    """Compile a mechanism to return its values and the gradient of their sum by each argument."""
    inputs = {name: pt.tensor(name, dtype="float64", shape=(None,) * len(of)) for name, of in dims.items()}
    result = mechanism(**{name: as_xtensor(tensor, dims=dims[name]) for name, tensor in inputs.items()})
    values = rewrite_graph(result.values, include=("lower_xtensor",))
    gradient = grad(values.sum(), list(inputs.values()), disconnected_inputs="raise")
    # Fused operations may have more operands than NumPy takes.
    mode = Mode(linker="py", optimizer="fast_run").excluding("fusion")
    compute = function(list(inputs.values()), [values, *gradient], mode=mode)

    def evaluate(**arrays: object) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        values, *gradient = compute(*(np.asarray(arrays[name], dtype=float) for name in inputs))
        return values, dict(zip(inputs, gradient, strict=True))

    return evaluate
