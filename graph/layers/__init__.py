"""Every layer, declared once; importing this package fills the registry."""

from graph.layers import (
    activation,
    convolution,
    core,
    depthwise,
    dot,
    endpoints,
    merge,
    normalization,
    padding,
    pooling,
    rectifiers,
    recurrent,
    regularization,
    reshape,
    transposed,
)
from graph.layers.base import CATEGORIES, Layer, Port, Weight, automatic_name, layers

__all__ = [
    "CATEGORIES",
    "Layer",
    "Port",
    "Weight",
    "activation",
    "automatic_name",
    "convolution",
    "core",
    "depthwise",
    "dot",
    "endpoints",
    "layers",
    "merge",
    "normalization",
    "padding",
    "pooling",
    "rectifiers",
    "recurrent",
    "regularization",
    "reshape",
    "transposed",
]
