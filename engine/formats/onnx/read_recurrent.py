"""Operators with memory: they have the steps in front, an axis for directions, and gates in an order of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.read_parts import part, picked
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.recurrent import NATIVE, OPERATORS, by_gate
from engine.formats.onnx.value import Unreadable, Value
from engine.kernel import Array
from graph.layers.lambda_layer import Lambda
from graph.layers.merge import Concatenate
from graph.layers.recurrent import GRU, Recurrent
from graph.layers.wrappers import BACKWARD, FORWARD, Bidirectional
from graph.message import Message

FUNCTIONS = {native.lower(): name for name, native in NATIVE.items()} | {
    "affine": "linear",
    "hardsigmoid": "hard_sigmoid",
}
LAYERS = {kind: (layer, order) for layer, (kind, order) in OPERATORS.items()}
USUAL = {"RNN": ["Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"]}
PEEPHOLES = 7


@reader(*LAYERS)
def recurrent(r: Reading, one: Operation) -> list[Value | None]:
    """A layer with memory, or one in both directions, with the outputs and states that are read."""
    w, u = r.constant(one, 1), r.constant(one, 2)
    if w.ndim != 3 or u.ndim != 3:
        raise Unreadable(Message("its weights have {n} axes", n=w.ndim))
    directions, units = u.shape[0], u.shape[2]
    x = r.plain(r.seen(one) if one.attributes.get("layout", 0) else r.seen(one).turned(1, 0, 2))
    _refuse(r, one, x)
    layer_type, order = LAYERS[one.kind]
    b = r.constant(one, 3, np.zeros((directions, 2 * len(order) * units), np.float32))
    steps, every = x.sizes[1], r.is_read(one, 0)
    several = r.is_read(one, 2) or (every and r.is_read(one, 1))
    backwards = one.attributes.get("direction", "forward") == "reverse"
    said: dict[str, Any] = _functions(one, directions) | {
        "units": units,
        "use_bias": bool(b.any()),
        "return_sequences": every,
        "return_state": several,
        "go_backwards": backwards,
    }
    if layer_type is GRU:
        said["reset_after"] = bool(one.attributes.get("linear_before_reset", 0))
    inner = layer_type(**said)
    held = [_weights(inner, order, w[i], u[i], b[i]) for i in range(directions)]
    states = _states(r, one, directions, len(inner.states))
    name = r.named_after(one, 1)
    if directions == 1:
        y = r.add(inner, x, *(state[0] for state in states), weights=held[0], wanted=name)
        ends = [r.port(y, port.name) for port in inner.states] if several else [] if every else [y]
    else:
        weights = {
            prefix + key: array
            for prefix, one in zip((FORWARD, BACKWARD), held, strict=True)
            for key, array in one.items()
        }
        first = [state[i] for i in range(2) for state in states]
        y = r.add(Bidirectional(inner), x, *first, weights=weights, wanted=name)
        ends = [] if every else [y]
        if several:
            found = [r.port(y, port.name) for port in r.layers[y.layer].outputs[1:]]
            half = len(found) // 2
            ends = [r.add(Concatenate(), a, b) for a, b in zip(found[:half], found[half:], strict=True)]
    laid = [r.reshaped(end, [end.sizes[0], directions, units]) for end in ends]
    laid = laid if one.attributes.get("layout", 0) else [state.turned(1, 0, 2) for state in laid]
    return [_every(r, one, y, backwards, [y.sizes[0], steps, directions, units]) if every else None, *laid]


def _every(r: Reading, one: Operation, y: Value, backwards: bool, sizes: list[int]) -> Value:
    """The outputs of all steps, in the order of the steps."""
    if backwards:
        y = picked(r, y, 1, range(sizes[1] - 1, -1, -1))
    y = r.reshaped(y, sizes)
    return y if one.attributes.get("layout", 0) else y.turned(1, 2, 0, 3)


def _refuse(r: Reading, one: Operation, x: Value) -> None:
    """Raise Unreadable for what no layer here does."""
    if r.is_given(one, 4):
        lengths = r.constants.get(one.inputs[4])
        if lengths is None or (lengths != x.sizes[1]).any():
            raise Unreadable(Message("its sequences have lengths of their own"))
    if r.is_given(one, PEEPHOLES) and r.constant(one, PEEPHOLES).any():
        raise Unreadable(Message("its gates see the long memory"))
    if one.attributes.get("clip", 0) or one.attributes.get("input_forget", 0):
        raise Unreadable(Message("it cuts its values, or joins its gates"))


def _functions(one: Operation, directions: int) -> dict[str, str]:
    """Its activation functions by Keras's parameters."""
    usual = USUAL[one.kind]
    given = [str(name).lower() for name in one.attributes.get("activations", usual * directions)]
    each = given[: len(usual)]
    unknown = set(given) - set(FUNCTIONS)
    if "hardsigmoid" in given and not np.allclose(one.attributes.get("activation_alpha", 0.2), 1 / 6, atol=1e-6):
        unknown.add("hardsigmoid")
    if unknown or given != each * directions or each[-1] != each[-1 if len(each) < 3 else 1]:
        raise Unreadable(Message("its functions are {names}, which no layer has together", names=", ".join(given)))
    if "affine" in given and one.attributes.get("activation_alpha", [1.0])[0] != 1.0:
        raise Unreadable(Message("its functions are {names}, which no layer has together", names=", ".join(given)))
    named = [FUNCTIONS[name] for name in each]
    return {"activation": named[-1]} | ({"recurrent_activation": named[0]} if len(named) > 1 else {})


def _weights(layer: Recurrent, order: tuple[int, ...], w: Array, u: Array, b: Array) -> dict[str, Array]:
    """The weights of one direction as Keras has them."""
    back = [int(i) for i in np.argsort(order)]
    found = {"kernel": by_gate(w.T, back), "recurrent_kernel": by_gate(u.T, back)}
    if not layer.use_bias:
        return found
    both = by_gate(b.reshape(2, -1), back)
    return found | {"bias": both if isinstance(layer, GRU) and layer.reset_after else both.sum(axis=0)}


def _states(r: Reading, one: Operation, directions: int, count: int) -> list[list[Value]]:
    """The first states, for each state one of every direction; none where all begin at zero."""
    found: list[list[Value] | None] = []
    for place in range(5, 5 + count):
        if not r.is_given(one, place) or r.is_constant(one, place):
            if r.is_given(one, place) and r.constant(one, place).any():
                raise Unreadable(Message("its first states are an array"))
            found.append(None)
            continue
        x = r.seen(one, place)
        x = x if one.attributes.get("layout", 0) else x.turned(1, 0, 2)
        batch, _, units = x.sizes
        if directions == 1:
            found.append([r.plain(r.reshaped(x, [batch, units]))])
        else:
            x = r.plain(x)
            found.append([r.plain(r.reshaped(part(r, x, 1, i, i + 1), [batch, units])) for i in range(2)])
    given = next((state for state in found if state is not None), None)
    if given is None:
        return []
    return [[r.add(Lambda("0 * x"), x) for x in given] if state is None else state for state in found]
