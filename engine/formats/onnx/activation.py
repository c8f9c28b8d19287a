"""Activation functions, and the layers that are nothing else."""

from __future__ import annotations

import math

from engine.formats.onnx.draft import Draft, Tensor
from engine.formats.onnx.emit import Function, Place, activated, activation_emitter, activation_emitters, emitter
from graph.layers.activation import Activation
from graph.layers.maxout import Maxout
from graph.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU, Softmax

SIXTH = 1.0 / 6.0
SELU = {"alpha": 1.6732632423543772, "gamma": 1.0507009873554805}


@activation_emitter("linear")
def linear(draft: Draft, x: Tensor) -> Tensor:
    """x"""
    return x


SIMPLE: dict[str, tuple[str, dict[str, float]]] = {
    "relu": ("Relu", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": 0.2}),
    "elu": ("Elu", {}),
    "selu": ("Selu", SELU),
    "celu": ("Celu", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "softmax": ("Softmax", {"axis": -1}),
    "log_softmax": ("LogSoftmax", {"axis": -1}),
    "softplus": ("Softplus", {}),
    "softsign": ("Softsign", {}),
    "exponential": ("Exp", {}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": SIXTH, "beta": 0.5}),
    "hard_silu": ("HardSwish", {}),
}
"""The functions that are one operator."""


def operator(kind: str, attributes: dict[str, float]) -> Function:
    """A function that is one operator."""
    return lambda draft, x: draft.op(kind, x, **attributes)


activation_emitters.update({name: operator(kind, attributes) for name, (kind, attributes) in SIMPLE.items()})


@activation_emitter("relu6")
def relu6(draft: Draft, x: Tensor) -> Tensor:
    """min(max(x, 0), 6)"""
    return draft.op("Clip", x, draft.constant(0.0), draft.constant(6.0))


@activation_emitter("silu", "swish")
def silu(draft: Draft, x: Tensor) -> Tensor:
    """x / (1 + exp(-x))"""
    return draft.op("Mul", x, draft.op("Sigmoid", x))


@activation_emitter("gelu")
def gelu(draft: Draft, x: Tensor) -> Tensor:
    """x (1 + erf(x / sqrt 2)) / 2"""
    erf = draft.op("Erf", draft.op("Mul", x, draft.constant(1.0 / math.sqrt(2.0))))
    return draft.op("Mul", draft.op("Mul", x, draft.constant(0.5)), draft.op("Add", erf, draft.constant(1.0)))


@activation_emitter("mish")
def mish(draft: Draft, x: Tensor) -> Tensor:
    """x tanh(log(1 + exp x))"""
    return draft.op("Mul", x, draft.op("Tanh", draft.op("Softplus", x)))


@activation_emitter("log_sigmoid")
def log_sigmoid(draft: Draft, x: Tensor) -> Tensor:
    """-log(1 + exp(-x))"""
    return draft.op("Neg", draft.op("Softplus", draft.op("Neg", x)))


@emitter(Activation)
def activation(layer: Activation, at: Place) -> Tensor:
    """The function by its name."""
    return activated(at.draft, layer.activation, at.x)


@emitter(Softmax)
def softmax(layer: Softmax, at: Place) -> Tensor:
    """Along any axis."""
    return at.draft.op("Softmax", at.x, axis=layer.axis)


@emitter(ReLU)
def relu(layer: ReLU, at: Place) -> Tensor:
    """x where it is above the threshold, not above the limit, and a part of what is below."""
    draft, zero = at.draft, at.draft.constant(0.0)
    threshold = draft.constant(layer.threshold)
    y = (
        draft.op("Where", draft.op("Greater", at.x, threshold), at.x, zero)
        if layer.threshold
        else draft.op("Relu", at.x)
    )
    if layer.max_value is not None:
        y = draft.op("Min", y, draft.constant(layer.max_value))
    if layer.negative_slope:
        below = draft.op("Relu", draft.op("Sub", threshold, at.x))
        y = draft.op("Sub", y, draft.op("Mul", below, draft.constant(layer.negative_slope)))
    return y


@emitter(LeakyReLU)
def leaky_relu(layer: LeakyReLU, at: Place) -> Tensor:
    """One slope for what is negative."""
    return at.draft.op("LeakyRelu", at.x, alpha=layer.negative_slope)


@emitter(ELU)
def elu(layer: ELU, at: Place) -> Tensor:
    """A limit for what is negative."""
    return at.draft.op("Elu", at.x, alpha=layer.alpha)


@emitter(PReLU)
def prelu(layer: PReLU, at: Place) -> Tensor:
    """Trained slopes."""
    return at.draft.op("PRelu", at.x, at.weight("alpha"))


@emitter(Maxout)
def maxout(layer: Maxout, at: Place) -> Tensor:
    """The axis as groups, then their largest."""
    axis = layer.axis % len(at.shape)
    count = at.shape[axis]
    if count is None:
        each: int | Tensor = at.draft.op("Div", at.draft.size(at.x, axis), at.draft.ints(layer.num_units))
    else:
        each = count // layer.num_units
    behind = known(at, at.shape[axis + 1 :], axis + 1)
    grouped = at.draft.reshape(at.x, [*(0 for _ in at.shape[:axis]), layer.num_units, each, *behind])
    return at.draft.reduce("Max", grouped, [axis + 1], keepdims=False)


def known(at: Place, sizes: tuple[int | None, ...], first: int) -> list[int | Tensor]:
    """Sizes of the first input from the axis `first` on; what is open is found when the graph runs."""
    return [at.draft.size(at.x, axis) if n is None else n for axis, n in enumerate(sizes, start=first)]
