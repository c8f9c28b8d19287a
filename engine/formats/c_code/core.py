"""Layers that compute values one by one, look them up, or join them; and activations."""

from __future__ import annotations

from math import prod

import numpy as np

from engine.formats.c_code.emitter import ADVICE, CStep, each, emitter, number
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding, Identity
from graph.layers.merge import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
from graph.layers.normalization import Rescaling
from graph.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU, Softmax
from graph.layers.regularization import (
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
)
from graph.layers.reshape import Flatten, Reshape
from graph.message import Message
from graph.problem import FileProblem

ACTIVATIONS = {
    "relu": "fmaxf({}, 0.0f)",
    "leaky_relu": "nl_leaky({}, 0.2f)",
    "elu": "nl_bent({}, 1.0f)",
    "celu": "nl_bent({}, 1.0f)",
    "selu": "1.05070102f * nl_bent({}, 1.67326319f)",
    "sigmoid": "nl_sigmoid({})",
    "tanh": "tanhf({})",
    "softplus": "nl_softplus({})",
    "relu6": "fminf(fmaxf({}, 0.0f), 6.0f)",
    "gelu": "0.5f * {0} * (1.0f + erff({0} * 0.707106769f))",
    "silu": "{0} * nl_sigmoid({0})",
    "swish": "{0} * nl_sigmoid({0})",
    "hard_silu": "{0} * nl_hard_sigmoid({0})",
    "mish": "{0} * tanhf(nl_softplus({0}))",
    "hard_sigmoid": "nl_hard_sigmoid({})",
    "log_sigmoid": "-nl_softplus(-{})",
    "softsign": "{0} / (1.0f + fabsf({0}))",
    "exponential": "expf({})",
}
ROWS = ("softmax", "log_softmax")


def activation(name: str, s: CStep) -> list[str]:
    """The statements that apply an activation in place."""
    if name == "linear":
        return []
    if name in ROWS:
        return [f"nl_{name}({s.y}, {s.count // s.size[-1]}, {s.size[-1]}, {s.y});"]
    return each(s.count, f"{s.y}[i] = {ACTIVATIONS[name].format(f'{s.y}[i]')};")


@emitter(
    Activation,
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    Identity,
    Reshape,
    SpatialDropout1D,
    SpatialDropout2D,
)
def copied(layer: Layer, s: CStep) -> list[str]:
    return each(s.count, f"{s.y}[i] = {s.x[0]}[i];")


@emitter(Softmax)
def softmax(layer: Softmax, s: CStep) -> list[str]:
    if layer.axis not in (-1, len(s.size)):
        text = Message("{node}: C code has a softmax along the last axis only.", node=s.step.name)
        raise FileProblem(text, ADVICE)
    plain = copied(layer, s)
    return plain if layer.activation_behind == "softmax" else [*plain, *activation("softmax", s)]


@emitter(Dense)
def dense(layer: Dense, s: CStep) -> list[str]:
    features = s.xs[0][-1]
    rows = prod(s.xs[0]) // features
    weights = f"{s.weight('kernel')}, {s.weight('bias')}"
    return [f"nl_affine({s.x[0]}, {rows}, {features}, {layer.units}, {weights}, {s.y});"]


@emitter(Embedding)
def embedding(layer: Embedding, s: CStep) -> list[str]:
    sizes = f"{prod(s.xs[0])}, {layer.input_dim}, {layer.output_dim}"
    return [f"nl_look_up({s.x[0]}, {sizes}, {s.weight('embeddings')}, {s.y});"]


@emitter(Rescaling)
def rescaling(layer: Rescaling, s: CStep) -> list[str]:
    return each(s.count, f"{s.y}[i] = {s.x[0]}[i] * {number(layer.scale)} + {number(layer.offset)};")


@emitter(ReLU)
def relu(layer: ReLU, s: CStep) -> list[str]:
    limit = number(np.inf if layer.max_value is None else layer.max_value)
    said = f"{number(layer.negative_slope)}, {limit}, {number(layer.threshold)}"
    return each(s.count, f"{s.y}[i] = nl_rectify({s.x[0]}[i], {said});")


@emitter(LeakyReLU)
def leaky_relu(layer: LeakyReLU, s: CStep) -> list[str]:
    return each(s.count, f"{s.y}[i] = nl_leaky({s.x[0]}[i], {number(layer.negative_slope)});")


@emitter(ELU)
def elu(layer: ELU, s: CStep) -> list[str]:
    return each(s.count, f"{s.y}[i] = nl_bent({s.x[0]}[i], {number(layer.alpha)});")


@emitter(PReLU)
def prelu(layer: PReLU, s: CStep) -> list[str]:
    alpha = np.broadcast_to(s.weights["alpha"], s.size)
    return [f"nl_prelu({s.x[0]}, {s.count}, {s.constant('alpha', alpha)}, {s.y});"]


@emitter(Add, Subtract, Multiply, Average, Maximum, Minimum)
def merge(layer: Layer, s: CStep) -> list[str]:
    if len(set(s.xs)) > 1:
        text = Message("{node}: C code merges inputs of the same size only.", node=s.step.name)
        raise FileProblem(text, ADVICE)
    given = [f"{x}[i]" for x in s.x]
    infix = {"Add": " + ", "Subtract": " - ", "Multiply": " * ", "Average": " + "}
    if layer.key in infix:
        said = infix[layer.key].join(given)
        said = f"({said}) / {number(len(given))}" if layer.key == "Average" else said
    else:
        said = given[0]
        for other in given[1:]:
            said = f"{'fmaxf' if layer.key == 'Maximum' else 'fminf'}({said}, {other})"
    return each(s.count, f"{s.y}[i] = {said};")


@emitter(Concatenate)
def concatenate(layer: Concatenate, s: CStep) -> list[str]:
    axis = layer.axis % (len(s.size) + 1) - 1
    rows, stride, lines, start = prod(s.size[:axis]), prod(s.size[axis:]), [], 0
    for x, sizes in zip(s.x, s.xs, strict=True):
        size = prod(sizes[axis:])
        lines.append(f"nl_put({x}, {rows}, {size}, {stride}, {s.y} + {start});")
        start += size
    return lines
