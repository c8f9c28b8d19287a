"""The compiled kernels; importing this module puts each in the place of its NumPy kernel."""

from engine.fast import (
    activation,
    dense,
    depthwise,
    dot,
    embedding,
    normalization,
    pooling,
    recurrent,
    reductions,
    softmax,
)

__all__ = [
    "activation",
    "dense",
    "depthwise",
    "dot",
    "embedding",
    "normalization",
    "pooling",
    "recurrent",
    "reductions",
    "softmax",
]
