"""The layers that C code can say."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.formats.c_code.emitter import ADVICE, CStep, each, emitter, number
from engine.kernel import Array
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.convolution import Conv1D, Conv2D, Conv3D, Convolution
from graph.layers.core import Dense, Embedding, Identity
from graph.layers.depthwise import (
    Depthwise,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Separable,
    SeparableConv1D,
    SeparableConv2D,
)
from graph.layers.filters import Sliding
from graph.layers.merge import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
from graph.layers.normalization import BatchNormalization, LayerNormalization, Rescaling
from graph.layers.padding import ZeroPadding1D, ZeroPadding2D
from graph.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    GlobalPooling,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    Pooling,
)
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
from graph.layers.sum_pooling import (
    GlobalSumPooling1D,
    GlobalSumPooling2D,
    GlobalSumPooling3D,
    SumPooling1D,
    SumPooling2D,
    SumPooling3D,
)
from graph.layers.windows import pads
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


def window(s: CStep, size: Sequence[int], strides: Sequence[int], dilation: Sequence[int], padding: str) -> str:
    """The window of a layer as a constant, with three axes."""
    sizes, out = s.xs[0][:-1], s.size[:-1]
    before = [pads(n, k, m, d, padding)[0] for n, k, m, d in zip(sizes, size, strides, dilation, strict=True)]
    rows = [(sizes, 1), (out, 1), (size, 1), (strides, 1), (dilation, 1), (before, 0)]
    said = ["{" + ", ".join(map(str, [*[usual] * (3 - len(row)), *row])) + "}" for row, usual in rows]
    return f"const nl_window w = {{{', '.join(said)}}};"


def of_layer(layer: Sliding, s: CStep) -> str:
    """The window of a convolution."""
    return window(s, layer.kernel_size, layer.strides, layer.config()["dilation_rate"], layer.padding)


@emitter(Conv1D, Conv2D, Conv3D)
def convolution(layer: Convolution, s: CStep) -> list[str]:
    weights = f"{s.weight('kernel')}, {s.weight('bias')}"
    sizes = f"{s.xs[0][-1]}, {layer.filters}, {layer.groups}"
    return [of_layer(layer, s), f"nl_convolve(&w, {sizes}, {s.x[0]}, {weights}, {s.y});"]


@emitter(DepthwiseConv1D, DepthwiseConv2D)
def depthwise(layer: Depthwise, s: CStep) -> list[str]:
    weights = f"{s.weight('kernel')}, {s.weight('bias')}"
    sizes = f"{s.xs[0][-1]}, {layer.depth_multiplier}"
    return [of_layer(layer, s), f"nl_convolve_depthwise(&w, {sizes}, {s.x[0]}, {weights}, {s.y});"]


@emitter(SeparableConv1D, SeparableConv2D)
def separable(layer: Separable, s: CStep) -> list[str]:
    channels, places = s.xs[0][-1], prod(s.size[:-1])
    mixed = channels * layer.depth_multiplier
    weights = f"{s.weight('pointwise_kernel')}, {s.weight('bias')}"
    kernel = s.weight("depthwise_kernel")
    return [
        of_layer(layer, s),
        f"static float mixed[{places * mixed}];",
        f"nl_convolve_depthwise(&w, {channels}, {layer.depth_multiplier}, {s.x[0]}, {kernel}, NULL, mixed);",
        f"nl_affine(mixed, {places}, {mixed}, {layer.filters}, {weights}, {s.y});",
    ]


@emitter(
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    SumPooling1D,
    SumPooling2D,
    SumPooling3D,
)
def pooling(layer: Pooling, s: CStep) -> list[str]:
    size = layer.pool_size
    return [window(s, size, layer.strides or size, (1,) * len(size), layer.padding), pooled(layer, s, s.xs[0][-1])]


def pooled(layer: Layer, s: CStep, channels: int) -> str:
    """The call that pools."""
    if "Max" in layer.key:
        return f"nl_max_pool(&w, {channels}, {s.x[0]}, {s.y});"
    return f"nl_sum_pool(&w, {channels}, {int('Average' in layer.key)}, {s.x[0]}, {s.y});"


@emitter(
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    GlobalSumPooling1D,
    GlobalSumPooling2D,
    GlobalSumPooling3D,
)
def global_pooling(layer: GlobalPooling, s: CStep) -> list[str]:
    *sizes, channels = s.xs[0]
    n = prod(sizes)
    said = f"{{1, 1, {n}}}, {{1, 1, 1}}, {{1, 1, {n}}}, {{1, 1, 1}}, {{1, 1, 1}}, {{0, 0, 0}}"
    return [f"const nl_window w = {{{said}}};", pooled(layer, s, channels)]


@emitter(BatchNormalization)
def batch_normalization(layer: BatchNormalization, s: CStep) -> list[str]:
    """A factor and an offset for every channel."""
    axis = layer.axis % (len(s.size) + 1) - 1
    w = s.weights
    factor: Array = w.get("gamma", np.float32(1.0)) / np.sqrt(w["moving_variance"] + np.float32(layer.epsilon))
    offset: Array = w.get("beta", np.float32(0.0)) - w["moving_mean"] * factor
    sizes = f"{s.count}, {s.size[axis]}, {prod(s.size[axis + 1 :])}"
    constants = f"{s.constant('factor', factor)}, {s.constant('offset', offset)}"
    return [f"nl_scale({s.x[0]}, {sizes}, {constants}, {s.y});"]


@emitter(LayerNormalization)
def layer_normalization(layer: LayerNormalization, s: CStep) -> list[str]:
    if tuple(axis % (len(s.size) + 1) for axis in layer.axis) != (len(s.size),):
        text = Message("{node}: C code normalizes along the last axis only.", node=s.step.name)
        raise FileProblem(text, ADVICE)
    features = s.size[-1]
    said = f"{s.count // features}, {features}, {number(layer.epsilon)}, {s.weight('gamma')}, {s.weight('beta')}"
    return [f"nl_layer_normalize({s.x[0]}, {said}, {s.y});"]


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


@emitter(ZeroPadding1D, ZeroPadding2D)
def zero_padding(layer: ZeroPadding1D | ZeroPadding2D, s: CStep) -> list[str]:
    """Zeros everywhere, and then each row of the input put between them."""
    *rows, width, channels = s.xs[0]
    *above, (left, _) = layer.edges()
    across = s.size[-2] * channels
    start = (above[0][0] * across if above else 0) + left * channels
    return [
        *each(s.count, f"{s.y}[i] = 0.0f;"),
        f"nl_put({s.x[0]}, {prod(rows)}, {width * channels}, {across}, {s.y} + {start});",
    ]
