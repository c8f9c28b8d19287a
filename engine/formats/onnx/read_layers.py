"""Operators that are layers with weights, or functions of every value."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading, Unreadable, Value, reader
from engine.kernel import Array
from graph.layers import layers
from graph.layers.activation import Activation
from graph.layers.core import Dense, Embedding
from graph.layers.dot import Dot
from graph.layers.lambda_layer import Lambda
from graph.layers.merge import Add, Maximum, Minimum, Multiply, Subtract
from graph.layers.normalization import BatchNormalization, LayerNormalization, Rescaling
from graph.layers.padding import ZeroPadding1D, ZeroPadding2D
from graph.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU, Softmax
from graph.layers.transposed import Transposed
from graph.layers.windows import pads
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
SIGNS = {"Add": "+", "Sum": "+", "Sub": "-", "Mul": "*", "Div": "/", "Pow": "**"}
EXPRESSIONS = {"Neg": "-x", "Abs": "abs(x)", "Sqrt": "sqrt(x)", "Log": "log(x)", "Sin": "sin(x)", "Cos": "cos(x)"}
AFTER_ZERO = ("relu", "relu6", "sigmoid", "softmax", "softplus", "hard_sigmoid", "exponential")
"""The functions that give nothing below 0, so that zeros around are no larger than what is there."""


@reader("MatMul")
def matmul(r: Reading, one: Operation) -> Value:
    """A Dense; its bias may follow."""
    if not r.is_constant(one, 1):
        a, b = r.plain(r.value(one)), r.plain(r.value(one, 1))
        if len(a.shape) != 3 or len(b.shape) != 3:
            raise Unreadable(Message("it multiplies two values that are no sequences"))
        return r.add(Dot(axes=(2, 1)), a, b)
    w = r.constant(one, 1)
    if w.ndim != 2:
        raise Unreadable(Message("it multiplies by an array of {n} axes", n=w.ndim))
    x = r.plain(r.value(one))
    return r.add(Dense(w.shape[1], use_bias=False), x, wanted=r.named_after(one, 1), weights={"kernel": w})


@reader("Gemm")
def gemm(r: Reading, one: Operation) -> Value:
    """A Dense with its bias."""
    w = r.constant(one, 1) * one.attributes.get("alpha", 1.0)
    w = w.T if one.attributes.get("transB", 0) else w
    if w.ndim != 2 or one.attributes.get("transA", 0):
        raise Unreadable(Message("it is no product of rows with a matrix"))
    bias = None if len(one.inputs) < 3 else r.constant(one, 2) * one.attributes.get("beta", 1.0)
    weights = {"kernel": w} | ({} if bias is None else {"bias": np.broadcast_to(bias.reshape(-1), w.shape[1:])})
    layer = Dense(w.shape[1], use_bias=bias is not None)
    return r.add(layer, r.plain(r.value(one)), wanted=r.named_after(one, 1), weights=weights)


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
    """A transposed convolution, where Keras has one that cuts off the same."""
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


@reader("MaxPool", "AveragePool")
def pool(r: Reading, one: Operation) -> Value:
    """Windows. Zeros around them are a layer where they change nothing else."""
    window = list(one.attributes["kernel_shape"])
    n = len(window)
    x = r.value(one)
    ones = [1] * n
    strides = list(one.attributes.get("strides", ones))
    if (
        one.attributes.get("ceil_mode", 0)
        or list(one.attributes.get("dilations", ones)) != ones
        or len(one.outputs) > 1
    ):
        raise Unreadable(Message("its windows are of a kind that Keras does not have"))
    padding = padding_of(one, list(x.shape[2:]), window, strides, ones)
    mean = one.kind == "AveragePool"
    counted = mean and bool(one.attributes.get("count_include_pad", 0))
    x, data_format, order = r.with_channels(x)
    if padding == "same" and counted:
        raise Unreadable(Message("its padding counts"))
    if isinstance(padding, list):
        before = r.layers[x.layer]
        above = before.activation_behind in AFTER_ZERO or (isinstance(before, ReLU) and not before.negative_slope)
        if not (counted or (not mean and above)):
            raise Unreadable(Message("its padding is none of Keras's"))
        x, padding = with_zeros(r, x, padding, data_format), "valid"
    kind = f"{'Average' if mean else 'Max'}Pooling{n}D"
    layer = layers.make(kind, {"pool_size": window, "strides": strides, "padding": padding, "data_format": data_format})
    return r.add(layer, x, order=order)


@reader("GlobalAveragePool", "GlobalMaxPool")
def global_pool(r: Reading, one: Operation) -> Value:
    """One value of every channel; the other axes stay."""
    x, data_format, order = r.with_channels(r.value(one))
    kind = f"Global{'Average' if 'Average' in one.kind else 'Max'}Pooling{len(x.shape) - 2}D"
    return r.add(layers.make(kind, {"data_format": data_format, "keepdims": True}), x, order=order)


@reader("BatchNormalization")
def batch_normalization(r: Reading, one: Operation) -> Value:
    """Channels behind the batch."""
    x = r.value(one)
    gamma, beta, mean, variance = (r.constant(one, i) for i in range(1, 5))
    layer = BatchNormalization(
        axis=x.axis(1),
        momentum=min(max(float(one.attributes.get("momentum", 0.9)), 0.0), 0.9999),
        epsilon=float(one.attributes.get("epsilon", 1e-5)),
    )
    weights = {"gamma": gamma, "beta": beta, "moving_mean": mean, "moving_variance": variance}
    return r.add(layer, replace(x, order=None), wanted=r.named_after(one, 1), weights=weights, order=x.order)


@reader("LayerNormalization")
def layer_normalization(r: Reading, one: Operation) -> Value:
    """The last axes."""
    x = r.plain(r.value(one))
    axis = int(one.attributes.get("axis", -1)) % len(x.shape)
    has_beta = len(one.inputs) > 2 and bool(one.inputs[2])
    weights = {"gamma": r.constant(one, 1)} | ({"beta": r.constant(one, 2)} if has_beta else {})
    layer = LayerNormalization(
        axis=tuple(range(axis - len(x.shape), 0)), epsilon=float(one.attributes.get("epsilon", 1e-5)), center=has_beta
    )
    return r.add(layer, x, wanted=r.named_after(one, 1), weights=weights)


def fused(r: Reading, one: Operation, function: str, place: int = 0) -> Value:
    """A function as the activation of the layer before, or as a layer of its own where that is read elsewhere too."""
    x = r.value(one, place)
    layer = r.layers[x.layer]
    if r.alone(one, place) and layer.config().get("activation") == "linear" and layer.activates_output:
        r.layers[x.layer] = layer.with_(activation=function)
        return x
    return same_places(r, Activation(function), x)


def same_places(r: Reading, layer: Any, x: Value) -> Value:
    """A layer that works on every value by itself, in whatever order the axes are."""
    return r.add(layer, replace(x, order=None), order=x.order)


@reader(*FUNCTIONS)
def function(r: Reading, one: Operation) -> Value:
    """A function of every value."""
    said = [one.attributes.get("approximate", "none"), one.attributes.get("alpha", 0), one.attributes.get("gamma", 0)]
    expected = {"Selu": [1.67326, 1.0507], "Celu": [1.0, 0.0]}.get(one.kind, [0.0, 0.0])
    given = [number or usual for number, usual in zip(said[1:], expected, strict=True)]
    if said[0] != "none" or not np.allclose(given, expected, atol=1e-5):
        raise Unreadable(Message("it has other parameters than Keras's"))
    return fused(r, one, FUNCTIONS[one.kind])


@reader(*EXPRESSIONS)
def expression(r: Reading, one: Operation) -> Value:
    """What no activation is."""
    return same_places(r, Lambda(EXPRESSIONS[one.kind]), r.value(one))


@reader("Softmax", "LogSoftmax")
def softmax(r: Reading, one: Operation) -> Value:
    """Along an axis; before opset 13 the axes behind it were taken together."""
    x = r.value(one)
    rank = len(x.shape)
    axis = int(one.attributes.get("axis", -1 if r.graph.opset >= 13 else 1)) % rank
    if r.graph.opset < 13 and any(n != 1 for n in x.shape[axis + 1 :]):
        raise Unreadable(Message("it runs over several axes"))
    if x.axis(axis) == rank - 1:
        return fused(r, one, "softmax" if one.kind == "Softmax" else "log_softmax")
    if one.kind == "LogSoftmax":
        raise Unreadable(Message("it runs along another axis than the last"))
    return same_places(r, Softmax(x.axis(axis)), x)


@reader("LeakyRelu")
def leaky_relu(r: Reading, one: Operation) -> Value:
    """One slope for what is negative."""
    return same_places(r, LeakyReLU(float(one.attributes.get("alpha", 0.01))), r.value(one))


@reader("Elu")
def elu(r: Reading, one: Operation) -> Value:
    """A limit for what is negative."""
    alpha = float(one.attributes.get("alpha", 1.0))
    return fused(r, one, "elu") if alpha == 1.0 else same_places(r, ELU(alpha), r.value(one))


@reader("Clip")
def clip(r: Reading, one: Operation) -> Value:
    """A relu with a limit."""
    low = float(one.attributes.get("min", r.constant(one, 1, -np.inf)))
    high = float(one.attributes.get("max", r.constant(one, 2, np.inf)))
    if (low, high) == (0.0, 6.0):
        return fused(r, one, "relu6")
    if low == 0.0:
        return same_places(r, ReLU(max_value=None if np.isinf(high) else high), r.value(one))
    text = "x" if np.isinf(low) else f"max(x, {low})"
    return same_places(r, Lambda(text if np.isinf(high) else f"min({text}, {high})"), r.value(one))


@reader("HardSigmoid")
def hard_sigmoid(r: Reading, one: Operation) -> Value:
    """Keras's slope is a sixth."""
    a, b = float(one.attributes.get("alpha", 0.2)), float(one.attributes.get("beta", 0.5))
    if abs(a - 1 / 6) < 1e-6 and b == 0.5:
        return fused(r, one, "hard_sigmoid")
    return same_places(r, Lambda(f"max(0, min(1, {a} * x + {b}))"), r.value(one))


@reader("PRelu")
def prelu(r: Reading, one: Operation) -> Value:
    """Trained slopes, one for every place or for those of a channel."""
    x = r.plain(r.value(one))
    slope = r.constant(one, 1)
    slope = slope.reshape(*(1 for _ in range(len(x.shape) - 1 - slope.ndim)), *slope.shape)
    shared = tuple(i for i, n in enumerate(slope.shape, start=1) if n == 1 and x.shape[i] != 1)
    return r.add(PReLU(shared_axes=shared or None), x, weights={"alpha": slope}, wanted=r.named_after(one, 1))


@reader("Gather")
def gather(r: Reading, one: Operation) -> Value:
    """Rows of a matrix, looked up."""
    table = r.constant(one, 0)
    if table.ndim != 2 or one.attributes.get("axis", 0) != 0:
        raise Unreadable(Message("it looks up something else than rows of a matrix"))
    layer = Embedding(*table.shape)
    return r.add(layer, r.plain(r.value(one, 1)), weights={"embeddings": table}, wanted=r.named_after(one, 0))


@reader("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Pow")
def arithmetic(r: Reading, one: Operation) -> Value:
    """Two values joined, or one with an array of the file."""
    fixed = [i for i in range(len(one.inputs)) if r.is_constant(one, i)]
    if not fixed:
        return _joined(r, one)
    if len(one.inputs) == 2 and one.kind in ("Max", "Min", "Pow") and r.constant(one, fixed[0]).size == 1:
        number = float(r.constant(one, fixed[0]).reshape(-1)[0])
        text = f"{one.kind.lower()}(x, {number!r})" if one.kind != "Pow" else f"x ** {number!r}"
        if one.kind != "Pow" or fixed == [1]:
            return same_places(r, Lambda(text), r.value(one, 1 - fixed[0]))
    if len(one.inputs) != 2 or one.kind in ("Max", "Min", "Pow"):
        raise Unreadable(Message("it joins a value with an array in another way than by a factor or an offset"))
    return _with_array(r, one, np.asarray(r.constant(one, fixed[0]), np.float32), first=fixed[0] == 0)


def _joined(r: Reading, one: Operation) -> Value:
    xs = [r.value(one, i) for i in range(len(one.inputs))]
    a, b = xs[0], xs[-1]
    if one.kind == "Mul":
        for x, place in ((a, 1), (b, 0)):
            if _is_gate_of(r, xs[place], x) and r.alone(one, place):
                r.remove(xs[place].layer)
                return same_places(r, Activation("silu"), x)
    if any(x.order != a.order for x in xs) or len({len(x.shape) for x in xs}) > 1:
        xs = [r.plain(x) for x in xs]
    if len({len(x.shape) for x in xs}) > 1:
        raise Unreadable(Message("its inputs have different numbers of axes"))
    order, given = xs[0].order, [replace(x, order=None) for x in xs]
    places = list(dict.fromkeys((x.layer, x.port) for x in given))
    if len(places) < len(given) or one.kind in ("Div", "Pow"):
        named = [f"x{places.index((x.layer, x.port))}" for x in given]
        joined = f"{one.kind.lower()}({', '.join(named)})"
        text = f" {SIGNS[one.kind]} ".join(named) if one.kind in SIGNS else joined
        return r.add(Lambda(text), *dict.fromkeys(given), order=order)
    kinds = {"Add": Add, "Sum": Add, "Sub": Subtract, "Mul": Multiply, "Max": Maximum, "Min": Minimum}
    return r.add(kinds[one.kind](), *given, order=order)


def _is_gate_of(r: Reading, gate: Value, x: Value) -> bool:
    """Whether a value is the sigmoid of another one, as a layer of its own."""
    layer = r.layers[gate.layer]
    before = [(wire.source, wire.source_port) for wire in r.wires if wire.target == gate.layer]
    return isinstance(layer, Activation) and layer.activation == "sigmoid" and before == [(x.layer, x.port)]


def _with_array(r: Reading, one: Operation, c: Array, first: bool) -> Value:
    x = r.value(one, 1 if first else 0)
    if first and one.kind in ("Sub", "Div"):
        if c.size != 1:
            raise Unreadable(Message("it takes a value from an array"))
        text = f"{float(c.reshape(-1)[0])!r} {'-' if one.kind == 'Sub' else '/'} x"
        return same_places(r, Lambda(text), x)
    c = -c if one.kind == "Sub" else 1.0 / c if one.kind == "Div" else c
    offset = one.kind in ("Add", "Sub")
    layer = r.layers[x.layer]
    units = layer.config().get("units", layer.config().get("filters"))
    wide = [i for i, n in enumerate(c.shape, start=len(x.shape) - c.ndim) if n > 1]
    behind = x.axis(wide[0]) if len(wide) == 1 and 0 < wide[0] < len(x.shape) else -1
    if (
        offset
        and r.alone(one, 1 if first else 0)
        and layer.config().get("use_bias") is False
        and layer.config().get("activation") == "linear"
        and (c.size == units == 1 or (c.size == units and _is_channel(layer, behind, len(x.shape))))
    ):
        r.layers[x.layer] = layer.with_(use_bias=True)
        r.weights[f"{x.layer}/bias"] = c.reshape(-1)
        return x
    if c.size == 1:
        number = float(c.reshape(-1)[0])
        return same_places(r, Rescaling(1.0, number) if offset else Rescaling(number, 0.0), x)
    if behind < 1:
        raise Unreadable(Message("it joins a value with an array of several axes"))
    ones, zeros = np.ones(c.size, np.float32), np.zeros(c.size, np.float32)
    epsilon = 1e-3
    weights = {
        "gamma": ones if offset else c.reshape(-1),
        "beta": c.reshape(-1) if offset else zeros,
        "moving_mean": zeros,
        "moving_variance": ones * (1.0 - epsilon),
    }
    fixed = BatchNormalization(axis=behind, epsilon=epsilon, trainable=False)
    return r.add(fixed, replace(x, order=None), weights=weights, order=x.order)


def _is_channel(layer: Any, axis: int, rank: int) -> bool:
    """Whether an axis is the one that a layer's bias is for."""
    return axis == (1 if layer.config().get("data_format") == "channels_first" else rank - 1)
