"""Layers that Keras has no class for, as functions that JAX computes, for the stored values."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras

from graph.expression.operations import CONSTANTS, FUNCTIONS, REDUCTIONS, SEVERAL
from graph.layers.base import Layer
from graph.layers.lambda_layer import Lambda
from graph.layers.maxout import Maxout
from graph.layers.pooling import GlobalPooling, Pooling

WORDS: dict[str, Any] = {name: getattr(keras.ops, name) for name in FUNCTIONS} | CONSTANTS
"""What the words of an expression mean to Keras."""


def function_of(layer: Layer) -> Callable[[Any], Any] | None:
    """The function of one input, or of a list of them; None where Keras has the layer itself."""
    if isinstance(layer, Lambda):
        return expression(layer.function)
    if isinstance(layer, Maxout):
        return functools.partial(maxout, layer)
    if isinstance(layer, Pooling) and layer.key.startswith("SumPooling"):
        return functools.partial(window_sum, layer)
    if isinstance(layer, GlobalPooling) and layer.key.startswith("GlobalSumPooling"):
        return functools.partial(whole_sum, layer)
    return None


def maxout(layer: Maxout, x: Any) -> Any:
    """The largest of each of the parts of an axis."""
    parts = jnp.split(x, layer.num_units, layer.axis)
    return jnp.stack([part.max(layer.axis) for part in parts], layer.axis)


def window_sum(layer: Pooling, x: Any) -> Any:
    """The sum of every window."""
    first = layer.data_format == "channels_first"

    def everywhere(sizes: tuple[int, ...]) -> tuple[int, ...]:
        return (1, 1, *sizes) if first else (1, *sizes, 1)

    strides = everywhere(layer.strides or layer.pool_size)
    return jax.lax.reduce_window(x, 0.0, jax.lax.add, everywhere(layer.pool_size), strides, layer.padding.upper())


def whole_sum(layer: GlobalPooling, x: Any) -> Any:
    """The sum of every channel."""
    axes = tuple(range(2, x.ndim)) if layer.data_format == "channels_first" else tuple(range(1, x.ndim - 1))
    return jnp.sum(x, axes, keepdims=layer.keepdims)


def along_axes(name: str) -> Any:
    """A reduction of Keras's, with the batch left alone where no axis is said; one by one with several values."""

    def reduced(*xs: Any, axis: Any = None, keepdims: bool = False) -> Any:
        if len(xs) > 1:
            return functools.reduce(getattr(keras.ops, SEVERAL[name]), xs)
        axes = tuple(range(1, len(xs[0].shape))) if axis is None else axis
        return getattr(keras.ops, name)(xs[0], axis=axes, keepdims=keepdims)

    return reduced


def expression(text: str) -> Callable[[Any], Any]:
    """An expression as a function of its inputs; here Python itself reads it, so that it is held against Python."""
    words = WORDS | {name: along_axes(name) for name in REDUCTIONS}

    def function(xs: Any) -> Any:
        given = xs if isinstance(xs, list) else [xs]
        return eval(text, words | {"x": given[0]} | {f"x{i}": x for i, x in enumerate(given)})

    return function
