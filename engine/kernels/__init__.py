"""One kernel for every layer, in files named as those of the declarations; importing this package registers them."""

from engine.kernels import (
    activation,
    convolution,
    core,
    dot,
    endpoints,
    merge,
    normalization,
    padding,
    pooling,
    regularization,
    reshape,
)

__all__ = [
    "activation",
    "convolution",
    "core",
    "dot",
    "endpoints",
    "merge",
    "normalization",
    "padding",
    "pooling",
    "regularization",
    "reshape",
]
