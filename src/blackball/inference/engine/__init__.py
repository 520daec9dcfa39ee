"""A compiler for the densities of models: PyTensor's graph becomes machine code in seconds; nutpie samples it.

graph: what to compile; values, kernel, scalars, vectors, maths, program: how tensors become loops of vectors; lower,
tensors, indexing: what each operation becomes; packed, module, special, native, cache: data, text, outer functions and
machine code; density, bridge, engine: the compiled model.
"""

from blackball.inference.engine.engine import Engine, compile_model
from blackball.inference.engine.graph import length
from blackball.inference.engine.outputs import compile_outputs
from blackball.inference.engine.values import Unsupported

__all__ = ["Engine", "Unsupported", "compile_model", "compile_outputs", "length"]
