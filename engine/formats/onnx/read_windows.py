"""Operators that slide windows: convolutions and pooling."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.read_arithmetic import fixed
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import OPEN, Unreadable, Value, affordable
from engine.kernel import Array
from graph.layers import layers
from graph.layers.padding import ZeroPadding1D, ZeroPadding2D
from graph.layers.rectifiers import ReLU
from graph.layers.transposed import Transposed
from graph.layers.windows import pads
from graph.message import Message

AFTER_ZERO = ("relu", "relu6", "sigmoid", "softmax", "softplus", "hard_sigmoid", "exponential")
"""The functions that give nothing below 0, so that zeros around are no larger than what is there."""


def padding_of(
    one: Operation, sizes: list[int | None], window: list[int], strides: list[int], dilations: list[int]
) -> str | list[tuple[int, int]]:
    """Keras's word for the padding of an operator, or the zeros around every axis."""
    auto = one.attributes.get("auto_pad", "NOTSET")
    axes = list(zip(sizes, window, strides, dilations, strict=True))
    if auto == "SAME_LOWER":
        raise Unreadable(Message("it pads more before than behind"))
    if auto != "NOTSET":
        return "same" if auto == "SAME_UPPER" else "valid"
    said = [int(n) for n in one.attributes.get("pads", [0] * 2 * len(window))]
    edges = list(zip(said[: len(window)], said[len(window) :], strict=True))
    if not any(map(any, edges)):
        return "valid"
    known = all(n is not None or s == 1 for n, _, s, _ in axes)
    if known and edges == [pads((k - 1) * d + 1 if n is None else n, k, s, d, "same") for n, k, s, d in axes]:
        return "same"
    return edges


def with_zeros(r: Reading, x: Value, edges: list[tuple[int, int]], data_format: str) -> Value:
    """Zeros around, as a layer of their own."""
    if len(edges) > 2:
        raise Unreadable(Message("there is no layer that puts zeros around volumes"))
    if len(edges) == 1:
        return r.add(ZeroPadding1D(edges[0], data_format=data_format), x)
    return r.add(ZeroPadding2D(tuple(edges), data_format=data_format), x)


@reader("Conv")
def conv(r: Reading, one: Operation) -> Value:
    """A convolution, or a DepthwiseConv where every channel is a group."""
    w = r.constant(one, 1)
    n = w.ndim - 2
    if not 1 <= n <= 3:
        raise Unreadable(Message("it slides along {n} axes", n=n))
    x = r.value(one)
    sizes = list(x.shape[2:])
    group = int(one.attributes.get("group", 1))
    strides, dilations = (list(one.attributes.get(key, [1] * n)) for key in ("strides", "dilations"))
    padding = padding_of(one, sizes, list(w.shape[2:]), strides, dilations)
    x, data_format, order = r.with_channels(x)
    if isinstance(padding, list):
        x, padding = with_zeros(r, x, padding, data_format), "valid"
    said: dict[str, Any] = {
        "kernel_size": w.shape[2:],
        "strides": strides,
        "dilation_rate": dilations,
        "padding": padding,
        "data_format": data_format,
        "use_bias": len(one.inputs) > 2 and bool(one.inputs[2]),
    }
    filters = np.moveaxis(w, (0, 1), (-1, -2))
    if group == w.shape[0] and w.shape[1] == 1 and group > 1 and n < 3:
        kernel, kind = filters.reshape(*w.shape[2:], group, 1), f"DepthwiseConv{n}D"
    else:
        kernel, kind = filters, f"Conv{n}D"
        said |= {"filters": w.shape[0], "groups": group}
    weights = {"kernel": kernel} | ({"bias": r.constant(one, 2)} if said["use_bias"] else {})
    return r.add(layers.make(kind, said), x, wanted=r.named_after(one, 1), weights=weights, order=order)


@reader("ConvTranspose")
def conv_transpose(r: Reading, one: Operation) -> Value:
    """A Conv1DTranspose or a Conv2DTranspose, where that cuts off the same."""
    w = r.constant(one, 1)
    n = w.ndim - 2
    if one.attributes.get("group", 1) != 1 or n not in (1, 2) or one.attributes.get("auto_pad", "NOTSET") != "NOTSET":
        raise Unreadable(Message("Keras has no such transposed convolution"))
    strides, dilations, more = (
        list(one.attributes.get(key, [k] * n)) for key, k in (("strides", 1), ("dilations", 1), ("output_padding", 0))
    )
    said = list(one.attributes.get("pads", [0] * 2 * n))
    x, data_format, order = r.with_channels(r.value(one))
    use_bias = len(one.inputs) > 2 and bool(one.inputs[2])
    wanted = [
        (said[i], (k - 1) * d + 1 - said[i] - said[n + i] + extra)
        for i, (k, d, extra) in enumerate(zip(w.shape[2:], dilations, more, strict=True))
    ]
    extras: list[tuple[int, ...] | None] = [None, *product(*(range(s) for s in strides))]
    for padding, extra in product(("valid", "same"), extras):
        layer = layers.make(
            f"Conv{n}DTranspose",
            {
                "filters": w.shape[1],
                "kernel_size": w.shape[2:],
                "strides": strides,
                "dilation_rate": dilations,
                "padding": padding,
                "output_padding": extra,
                "data_format": data_format,
                "use_bias": use_bias,
            },
        )
        assert isinstance(layer, Transposed)
        if [layer.along(1, axis) for axis in range(n)] == wanted:
            weights = {"kernel": np.moveaxis(w, (0, 1), (-1, -2))} | ({"bias": r.constant(one, 2)} if use_bias else {})
            return r.add(layer, x, wanted=r.named_after(one, 1), weights=weights, order=order)
    raise Unreadable(Message("Keras cuts off other edges"))


def rounded_up(
    padding: str | list[tuple[int, int]], sizes: Sequence[int], window: list[int], strides: list[int]
) -> str | list[tuple[int, int]]:
    """The padding that lets a last window run over the end, as long as it begins before that."""
    if padding == "same" or OPEN in sizes:
        raise Unreadable(Message("its windows run over an end that is not known"))
    edges = [(0, 0)] * len(sizes) if isinstance(padding, str) else padding
    more = []
    for (before, behind), n, k, s in zip(edges, sizes, window, strides, strict=True):
        over = -(before + n + behind - k) % s
        more.append((before, behind + (over if over and k - over > behind else 0)))
    return more if any(map(any, more)) else "valid"


@reader("MaxPool", "AveragePool")
def pool(r: Reading, one: Operation) -> Value:
    """A pooling. Zeros around are a layer where they change nothing else."""
    window = list(one.attributes["kernel_shape"])
    n = len(window)
    x = r.value(one)
    ones = [1] * n
    strides = list(one.attributes.get("strides", ones))
    if list(one.attributes.get("dilations", ones)) != ones or len(one.outputs) > 1:
        raise Unreadable(Message("its windows are of a kind that Keras does not have"))
    sizes = x.sizes[2:]
    padding = padding_of(one, list(x.shape[2:]), window, strides, ones)
    if one.attributes.get("ceil_mode", 0):
        more = rounded_up(padding, sizes, window, strides)
        if one.kind == "AveragePool" and more != padding:
            raise Unreadable(Message("its last windows run over the end"))
        padding = more
    mean = one.kind == "AveragePool"
    counted = mean and bool(one.attributes.get("count_include_pad", 0))
    x, data_format, order = r.with_channels(x)
    if padding == "same" and counted:
        padding = [pads(n, k, s, 1, "same") for n, k, s in zip(sizes, window, strides, strict=True)]
    share: Array | None = None
    if isinstance(padding, list):
        before = r.layers[x.layer]
        above = before.activation_behind in AFTER_ZERO or (isinstance(before, ReLU) and not before.negative_slope)
        if not (mean or above) or (mean and not counted and OPEN in sizes):
            raise Unreadable(Message("its padding is none of Keras's"))
        share = None if counted or not mean else inside(padding, sizes, window, strides)
        x, padding = with_zeros(r, x, padding, data_format), "valid"
    kind = f"{'Average' if mean else 'Max'}Pooling{n}D"
    layer = layers.make(kind, {"pool_size": window, "strides": strides, "padding": padding, "data_format": data_format})
    y = r.add(layer, x, order=order)
    return y if share is None else fixed(r, y, 1.0 / share, np.zeros_like(share))


def inside(edges: list[tuple[int, int]], sizes: Sequence[int], window: list[int], strides: list[int]) -> Array:
    """Which share of every window is no padding."""
    affordable(prod(sizes))
    share = np.ones((), np.float32)
    for (before, behind), n, k, s in zip(edges, sizes, window, strides, strict=True):
        begins = np.arange(0, before + n + behind - k + 1, s) - before
        count = np.minimum(begins + k, n) - np.maximum(begins, 0)
        share = share[..., None] * (count / k).astype(np.float32)
    return share


@reader("GlobalAveragePool", "GlobalMaxPool")
def global_pool(r: Reading, one: Operation) -> Value:
    """A global pooling that keeps its axes."""
    x, data_format, order = r.with_channels(r.value(one))
    kind = f"Global{'Average' if 'Average' in one.kind else 'Max'}Pooling{len(x.shape) - 2}D"
    return r.add(layers.make(kind, {"data_format": data_format, "keepdims": True}), x, order=order)
