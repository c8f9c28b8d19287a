"""Operators that join values with each other, or with arrays of the file: biases, factors, offsets."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.heads import causal, with_bias
from engine.formats.onnx.read_functions import same_places
from engine.formats.onnx.read_logic import EXPRESSIONS, aligned, computed
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import Unreadable, Value, affordable
from engine.kernel import Array
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.lambda_layer import Lambda
from graph.layers.merge import Add, Maximum, Minimum, Multiply, Subtract
from graph.layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    Rescaling,
    RMSNormalization,
)
from graph.message import Message

KINDS = {"Add": Add, "Sum": Add, "Sub": Subtract, "Mul": Multiply, "Max": Maximum, "Min": Minimum}
SIGNS = {"Add": "{} + {}", "Sub": "{} - {}", "Mul": "{} * {}", "Div": "{} / {}", "Pow": "{} ** {}"}
EXTREMES = {"Max": "max({}, {})", "Min": "min({}, {})"}
GATED = {("sigmoid",): "silu", ("hard_sigmoid",): "hard_silu", ("tanh", "softplus"): "mish"}
"""Functions of a value, the last first, by which it is multiplied, and what that is called."""


@reader("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Pow")
def arithmetic(r: Reading, one: Operation) -> Value:
    """Two values joined; with an array of the file a bias, a Rescaling or a BatchNormalization that stays."""
    known = [i for i in range(len(one.inputs)) if r.is_constant(one, i)]
    if not known:
        return _joined(r, one)
    c = np.asarray(r.constant(one, known[0]))
    unlike = one.kind in ("Max", "Min", "Pow") or (known == [0] and one.kind in ("Sub", "Div"))
    if len(one.inputs) == 2 and unlike and _is_number(c) and c.ndim <= len(r.seen(one, 1 - known[0]).groups):
        return computed(r, one, (SIGNS | EXTREMES)[one.kind])
    if len(one.inputs) != 2 or one.kind in ("Max", "Min", "Pow"):
        raise Unreadable(Message("it joins a value with an array in another way than by a factor or an offset"))
    return _with_array(r, one, np.asarray(c, np.float32), first=known == [0])


def _is_number(c: Array) -> bool:
    """Whether an array is one number, as often as it may be."""
    return bool(c.size and (c == c.reshape(-1)[0]).all() and np.isfinite(c.reshape(-1)[0]))


def _joined(r: Reading, one: Operation) -> Value:
    xs = [r.seen(one, i) for i in range(len(one.inputs))]
    if one.kind == "Mul":
        for x, place in ((xs[0], 1), (xs[-1], 0)):
            gated = _gated(r, xs[place], x)
            if gated is not None:
                return same_places(r, Activation(gated), x)
    given = aligned(r, xs)
    different = list(dict.fromkeys(given))
    if len(given) == 1:
        return xs[0]
    if len(different) < len(given) or one.kind in ("Div", "Pow", "Mean"):
        named = [f"x{different.index(x)}" for x in given]
        text = named[0]
        for name in named[1:]:
            text = (SIGNS | EXTREMES).get(one.kind, SIGNS["Add"]).format(text, name)
        text = f"({text}) / {len(named)}" if one.kind == "Mean" else text
        return r.add(Lambda(text), *different, order=given[0].order)
    return r.add(KINDS[one.kind](), *given, order=given[0].order)


def _gated(r: Reading, gate: Value, x: Value) -> str | None:
    """The function that is `x` times a gate of itself, or None."""
    said: list[str] = []
    while isinstance(layer := r.layers[gate.layer], Activation):
        said.append(layer.activation)
        gate = r.sources[gate.layer][0].seen(gate.groups)
        if gate == x:
            return GATED.get(tuple(said))
    return None


def _with_array(r: Reading, one: Operation, c: Array, first: bool) -> Value:
    place = 1 if first else 0
    x = r.seen(one, place)
    if c.ndim > len(x.groups):
        if any(n != 1 for n in c.shape[: c.ndim - len(x.groups)]):
            raise Unreadable(Message("it repeats a value for every place of an array"))
        x = r.reshaped(x, [1] * (c.ndim - len(x.groups)) + list(x.sizes))
    if any(n > 1 and len(group) != 1 for n, group in zip(reversed(c.shape), reversed(x.groups), strict=False)):
        x = r.plain(x)
    if first and one.kind in ("Sub", "Div"):
        if one.kind == "Div":
            raise Unreadable(Message("it takes an array by a value"))
        return _offset(r, same_places(r, Lambda("-x"), x), c)
    c = -c if one.kind == "Sub" else 1.0 / c if one.kind == "Div" else c
    if one.kind not in ("Add", "Sub"):
        return _into_normalization(r, one, place, x, c, "gamma") or _scaled(r, x, c)
    joined = _as_bias(r, one, place, x, c) or _into_normalization(r, one, place, x, c, "beta")
    return joined or _offset(r, x, c)


def _into_normalization(r: Reading, one: Operation, place: int, x: Value, c: Array, weight: str) -> Value | None:
    """Factors or offsets as those of the normalization before; None where that takes none."""
    layer = r.layers[x.layer]
    if weight == "gamma" and isinstance(layer, RMSNormalization):
        return _as_scale(r, one, place, x, c)
    wanted = {"gamma": "scale", "beta": "center"}[weight]
    if (
        not isinstance(layer, GroupNormalization | LayerNormalization)
        or layer.config()[wanted]
        or not r.alone(one, x, place)
    ):
        return None
    axes = [layer.axis] if isinstance(layer, GroupNormalization) else list(layer.axis)
    axes = sorted(axis % len(x.own.sizes) for axis in axes)
    wide = [i for i, n in enumerate(c.shape, start=len(x.groups) - c.ndim) if n > 1]
    if [x.axis(i) for i in wide] != axes or (weight == "gamma" and layer.center):
        return None
    r.layers[x.layer] = layer.with_(**{wanted: True})
    r.weights[f"{x.layer}/{weight}"] = c.reshape([n for n in c.shape if n > 1])
    return x


def _as_scale(r: Reading, one: Operation, place: int, x: Value, c: Array) -> Value | None:
    """Factors as those of the RMSNormalization before; None where it has some already."""
    scale = r.weights[f"{x.layer}/scale"]
    fits = x.order is None and c.shape == scale.shape
    if not fits or (scale != 1.0).any() or not r.alone(one, x, place):
        return None
    r.weights[f"{x.layer}/scale"] = c
    return x


def _as_bias(r: Reading, one: Operation, place: int, x: Value, c: Array) -> Value | None:
    """The offset as the bias of the layer before; None where that takes none."""
    wide = [i for i, n in enumerate(c.shape, start=len(x.groups) - c.ndim) if n > 1]
    layer = r.layers[x.layer]
    units = layer.config().get("units", layer.config().get("filters"))
    axis = x.axis(wide[0]) if len(wide) == 1 else len(x.own.groups) - 1
    if len(wide) > 1 or not r.alone(one, x, place):
        return None
    if axis == len(x.own.groups) - 1 and len(wide) == 1 and (y := with_bias(r, x, c)) is not None:
        return y
    takes = layer.config().get("use_bias") is False and layer.config().get("activation") == "linear"
    if (
        not takes
        or not layer.activates_output
        or not (c.size == units == 1 or (c.size == units and _is_channel(layer, axis, x)))
    ):
        return None
    r.layers[x.layer] = layer.with_(use_bias=True)
    r.weights[f"{x.layer}/bias"] = c.reshape(-1)
    return x


def _is_channel(layer: Layer, axis: int, x: Value) -> bool:
    """Whether an axis is the one that a layer's bias is for."""
    return axis == (1 if layer.config().get("data_format") == "channels_first" else len(x.own.groups) - 1)


def _offset(r: Reading, x: Value, c: Array) -> Value:
    if not c.any():
        return x
    if _is_number(c):
        return same_places(r, Rescaling(1.0, float(c.reshape(-1)[0])), x)
    y = fixed(r, x, np.ones_like(c), c)
    before = r.scores.get(x.layer)
    if before is not None and not before.weighed and causal(c):
        r.scores[y.layer] = replace(before, causal=True)
    return y


def _scaled(r: Reading, x: Value, c: Array) -> Value:
    if not _is_number(c):
        return fixed(r, x, c, np.zeros_like(c))
    factor = float(c.reshape(-1)[0])
    if factor == 1.0:
        return x
    y = same_places(r, Rescaling(factor, 0.0), x)
    before = r.scores.get(x.layer)
    if before is not None and not before.weighed:
        r.scores[y.layer] = replace(before, factor=before.factor * factor)
    return y


def fixed(r: Reading, x: Value, factor: Array, offset: Array) -> Value:
    """Factors and offsets by place, as a normalization that nothing trains; of several axes, for all in a row."""
    rank = len(x.groups)
    sizes = [1] * (rank - factor.ndim) + list(factor.shape)
    wide = [i for i, n in enumerate(sizes) if n > 1]
    if 0 in wide:
        raise Unreadable(Message("it has other numbers for every sample"))
    groups = x.groups
    if len(wide) == 1 and x.sizes[wide[0]] == sizes[wide[0]] and len(groups[wide[0]]) == 1:
        return _normalized(r, x.own, x.axis(wide[0]), factor, offset).seen(groups)
    y = r.plain(x)
    if any(n is None for n in y.shape[1:]):
        raise Unreadable(Message("it joins a value with an array of several axes, and their sizes are not known"))
    whole = np.broadcast_shapes(tuple(sizes[1:]), y.sizes[1:])
    if whole != y.sizes[1:]:
        raise Unreadable(Message("it repeats a value for every place of an array"))
    affordable(prod(whole))
    factor, offset = (np.broadcast_to(c.reshape(sizes[1:]), whole) for c in (factor, offset))
    rows = r.relaid(y, [factor.size])
    return r.relaid(_normalized(r, rows, 1, factor, offset), y.shape[1:])


def _normalized(r: Reading, x: Value, axis: int, factor: Array, offset: Array) -> Value:
    epsilon = 1e-3
    weights = {
        "gamma": factor.reshape(-1),
        "beta": offset.reshape(-1),
        "moving_mean": np.zeros(factor.size, np.float32),
        "moving_variance": np.full(factor.size, 1.0 - epsilon, np.float32),
    }
    return r.add(BatchNormalization(axis=axis, epsilon=epsilon, trainable=False), x, weights=weights)


@reader("ai.onnx.ml.Scaler")
def scaler(r: Reading, one: Operation) -> Value:
    """A BatchNormalization that stays."""
    offset, scale = (np.asarray(one.attributes[key], np.float32) for key in ("offset", "scale"))
    return fixed(r, r.seen(one), *np.broadcast_arrays(scale, -offset * scale))


@reader("Where")
def where(r: Reading, one: Operation) -> Value:
    """An expression; with a mask of the file factors and offsets."""
    known = [i for i in range(3) if r.is_constant(one, i)]
    if 0 not in known or len(known) != 2:
        return computed(r, one, EXPRESSIONS["Where"])
    mask, place = r.constant(one, 0).astype(bool), 3 - known[1]
    other = np.asarray(r.constant(one, known[1]), np.float32)
    if place == 2:
        mask = ~mask
    x = r.seen(one, place)
    if mask.all():
        return x
    mask, other = np.broadcast_arrays(mask, other)
    offset = np.where(mask, np.float32(0.0), other).astype(np.float32)
    y = fixed(r, x, mask.astype(np.float32), offset)
    before = r.scores.get(x.layer)
    if before is not None and not before.weighed and causal(offset):
        r.scores[y.layer] = replace(before, causal=True)
    return y
