"""Operators that are functions of every value, or along an axis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import Unreadable, Value
from graph.layers.activation import Activation
from graph.layers.lambda_layer import Lambda
from graph.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU, Softmax
from graph.message import Message

FUNCTIONS = {
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "HardSwish": "hard_silu",
    "Mish": "mish",
    "Exp": "exponential",
    "Selu": "selu",
    "Celu": "celu",
    "Gelu": "gelu",
}
EXPRESSIONS = {
    "Neg": "-x",
    "Abs": "abs(x)",
    "Sqrt": "sqrt(x)",
    "Log": "log(x)",
    "Sin": "sin(x)",
    "Cos": "cos(x)",
    "Tan": "sin(x) / cos(x)",
    "Reciprocal": "1 / x",
    "Sign": "(x > 0) - (x < 0)",
    "IsNaN": "x != x",
    "Sinh": "(exp(x) - exp(-x)) / 2",
    "Cosh": "(exp(x) + exp(-x)) / 2",
}
GELU_BY_TANH = "0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x ** 3)))"


def fused(r: Reading, one: Operation, function: str, x: Value | None = None) -> Value:
    """A function as the activation of the layer before, or as a layer of its own where that is read elsewhere too."""
    x = r.seen(one) if x is None else x
    layer = r.layers[x.layer]
    linear = layer.config().get("activation") == "linear" and layer.activates_output
    if r.alone(one, x) and linear and x.port == layer.outputs[0].name:
        r.layers[x.layer] = layer.with_(activation=function)
        return x
    return same_places(r, Activation(function), x)


def same_places(r: Reading, layer: Any, x: Value) -> Value:
    """A layer that works on every value by itself, in whatever order the axes are."""
    return r.add(layer, x, order=x.order)


@reader(*FUNCTIONS)
def function(r: Reading, one: Operation) -> Value:
    """A function of every value."""
    if one.attributes.get("approximate", "none") == "tanh":
        return same_places(r, Lambda(GELU_BY_TANH), r.seen(one))
    said = [one.attributes.get("approximate", "none"), one.attributes.get("alpha", 0), one.attributes.get("gamma", 0)]
    expected = {"Selu": [1.67326, 1.0507], "Celu": [1.0, 0.0]}.get(one.kind, [0.0, 0.0])
    given = [number or usual for number, usual in zip(said[1:], expected, strict=True)]
    if said[0] != "none" or not np.allclose(given, expected, atol=1e-5):
        raise Unreadable(Message("it has other parameters than Keras's"))
    return fused(r, one, FUNCTIONS[one.kind])


@reader(*EXPRESSIONS)
def expression(r: Reading, one: Operation) -> Value:
    """An expression of every value."""
    return same_places(r, Lambda(EXPRESSIONS[one.kind]), r.seen(one))


@reader("Softmax", "LogSoftmax")
def softmax(r: Reading, one: Operation) -> Value:
    """Probabilities along an axis, or their logarithms.

    Before opset 13 the axes behind it were taken together.
    """
    said = int(one.attributes.get("axis", -1 if r.graph.opset >= 13 else 1))
    x = r.by_axis(one, said)
    axis = said % len(x.groups)
    if r.graph.opset < 13 and any(n != 1 for n in x.shape[axis + 1 :]):
        raise Unreadable(Message("it runs over several axes"))
    if x.axis(axis) == len(x.own.groups) - 1:
        y = fused(r, one, "softmax" if one.kind == "Softmax" else "log_softmax", x)
        if one.kind == "Softmax" and x.layer in r.scores and x.order is None:
            r.scores[y.layer] = replace(r.scores[x.layer], weighed=True)
        return y
    if one.kind == "LogSoftmax":
        named = f"axis={x.axis(axis)}, keepdims=True"
        below = f"(x - max(x, {named}))"
        return same_places(r, Lambda(f"{below} - log(sum(exp{below}, {named}))"), x)
    return same_places(r, Softmax(x.axis(axis)), x)


@reader("LeakyRelu")
def leaky_relu(r: Reading, one: Operation) -> Value:
    """A LeakyReLU."""
    return same_places(r, LeakyReLU(float(one.attributes.get("alpha", 0.01))), r.seen(one))


@reader("Elu")
def elu(r: Reading, one: Operation) -> Value:
    """An elu, or an ELU with another limit."""
    alpha = float(one.attributes.get("alpha", 1.0))
    return fused(r, one, "elu") if alpha == 1.0 else same_places(r, ELU(alpha), r.seen(one))


@reader("Clip")
def clip(r: Reading, one: Operation) -> Value:
    """A relu with a limit, or an expression."""
    low = float(one.attributes.get("min", r.constant(one, 1, -np.inf)))
    high = float(one.attributes.get("max", r.constant(one, 2, np.inf)))
    if (low, high) == (0.0, 6.0):
        return fused(r, one, "relu6")
    if low == 0.0:
        return same_places(r, ReLU(max_value=None if np.isinf(high) else high), r.seen(one))
    text = "x" if np.isinf(low) else f"max(x, {low})"
    return same_places(r, Lambda(text if np.isinf(high) else f"min({text}, {high})"), r.seen(one))


@reader("HardSigmoid")
def hard_sigmoid(r: Reading, one: Operation) -> Value:
    """A hard_sigmoid; with another slope than Keras's an expression."""
    a, b = float(one.attributes.get("alpha", 0.2)), float(one.attributes.get("beta", 0.5))
    if abs(a - 1 / 6) < 1e-6 and b == 0.5:
        return fused(r, one, "hard_sigmoid")
    return same_places(r, Lambda(f"max(0, min(1, {a} * x + {b}))"), r.seen(one))


@reader("PRelu")
def prelu(r: Reading, one: Operation) -> Value:
    """A PReLU, with a slope for every place or for those of a channel."""
    x = r.plain(r.seen(one))
    slope = r.constant(one, 1)
    slope = slope.reshape(*(1 for _ in range(len(x.shape) - 1 - slope.ndim)), *slope.shape)
    shared = tuple(i for i, n in enumerate(slope.shape, start=1) if n == 1 and x.shape[i] != 1)
    return r.add(PReLU(shared_axes=shared or None), x, weights={"alpha": slope}, wanted=r.named_after(one, 1))
