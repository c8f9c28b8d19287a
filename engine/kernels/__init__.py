"""One kernel for every layer, in files named as those of the declarations; importing this package registers them."""

from engine.kernels import (
    activation,
    convolution,
    core,
    dot,
    endpoints,
    gates,
    merge,
    normalization,
    padding,
    pooling,
    rectifiers,
    recurrent,
    regularization,
    reshape,
    softmax,
)

__all__ = [
    "activation",
    "convolution",
    "core",
    "dot",
    "endpoints",
    "gates",
    "merge",
    "normalization",
    "padding",
    "pooling",
    "rectifiers",
    "recurrent",
    "regularization",
    "reshape",
    "softmax",
]
