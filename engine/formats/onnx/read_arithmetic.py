"""Operators that join values with each other, or with arrays of the file: biases, factors, offsets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.read_functions import same_places
from engine.formats.onnx.reading import Reading, Unreadable, Value, reader
from engine.kernel import Array
from graph.layers.activation import Activation
from graph.layers.lambda_layer import Lambda
from graph.layers.merge import Add, Maximum, Minimum, Multiply, Subtract
from graph.layers.normalization import BatchNormalization, Rescaling
from graph.message import Message

SIGNS = {"Add": "+", "Sum": "+", "Sub": "-", "Mul": "*", "Div": "/", "Pow": "**"}


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
