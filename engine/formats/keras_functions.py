"""Layers that Keras has no class for, as functions in its operations: each becomes a `layers.Lambda`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.formats.expressions import Dialect, expression
from engine.formats.python_text import call, python
from graph.layers.axes import channels_last
from graph.layers.base import Layer
from graph.layers.lambda_layer import Lambda
from graph.layers.maxout import Maxout
from graph.layers.pooling import GlobalPooling, Pooling
from graph.layers.sum_pooling import (
    GlobalSumPooling1D,
    GlobalSumPooling2D,
    GlobalSumPooling3D,
    SumPooling1D,
    SumPooling2D,
    SumPooling3D,
)
from graph.shapes import Shapes

KERAS = Dialect("ops", lambda compared: f'ops.cast({compared}, "float32")')


def function_of(layer: Layer, xs: Shapes) -> str | None:
    """The Python function that computes this layer of such inputs; None where Keras has the layer itself."""
    written = functions.get(type(layer))
    return None if written is None else written(layer, xs)


def lambda_function(layer: Lambda, xs: Shapes) -> str:
    """An expression as a function of one value, or of a list of them."""
    several = len(xs) > 1
    names = [f"xs[{i}]" for i in range(len(xs))] if several else ["x"]
    return f"lambda {'xs' if several else 'x'}: {expression(layer.tree, names, xs, KERAS)}"


def maxout_function(layer: Maxout, xs: Shapes) -> str:
    """The groups one after another, and their largest side by side."""
    axis = f"axis={layer.axis}"
    groups = f"[ops.max(group, {axis}) for group in ops.split(x, {layer.num_units}, {axis})]"
    return f"lambda x: ops.stack({groups}, {axis})"


def window_sum_function(layer: Pooling, xs: Shapes) -> str:
    """A convolution of every channel by itself, with filters of ones."""
    channels = channels_last(xs[0], layer.data_format)[-1] or 1
    said = {
        "strides": python(layer.strides or layer.pool_size),
        "padding": python(layer.padding),
        "data_format": python(layer.data_format),
    }
    return f"lambda x: {call('ops.conv', ['x', f'ops.ones({python((*layer.pool_size, 1, channels))})'], said)}"


def whole_sum_function(layer: GlobalPooling, xs: Shapes) -> str:
    """The sum over the axes that are no channels."""
    rank = len(xs[0])
    axes = tuple(range(2, rank)) if layer.data_format == "channels_first" else tuple(range(1, rank - 1))
    return f"lambda x: ops.sum(x, axis={python(axes)}{', keepdims=True' if layer.keepdims else ''})"


functions: dict[type[Layer], Callable[[Any, Shapes], str]] = {
    Lambda: lambda_function,
    Maxout: maxout_function,
    SumPooling1D: window_sum_function,
    SumPooling2D: window_sum_function,
    SumPooling3D: window_sum_function,
    GlobalSumPooling1D: whole_sum_function,
    GlobalSumPooling2D: whole_sum_function,
    GlobalSumPooling3D: whole_sum_function,
}
"""The layers that Keras lacks."""
