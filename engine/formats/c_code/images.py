"""Convolution, pooling, normalization and padding."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.formats.c_code.emitter import ADVICE, CStep, each, emitter, number
from engine.kernel import Array
from graph.layers.base import Layer
from graph.layers.convolution import Conv1D, Conv2D, Conv3D, Convolution
from graph.layers.depthwise import (
    Depthwise,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Separable,
    SeparableConv1D,
    SeparableConv2D,
)
from graph.layers.filters import Sliding
from graph.layers.normalization import BatchNormalization, LayerNormalization
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
