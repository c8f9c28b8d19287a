"""The functions inside of recurrent layers: applied in place, with a slope that follows from their output.

`forward(x, s)` turns x into y, `slope(y, dy, s)` turns dy into dx; `s` is scratch of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.kernel import Array
from graph.layers.recurrent import FUNCTIONS

SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717


@dataclass(frozen=True)
class Function:
    """One function and its slope, both in place."""

    forward: Callable[[Array, Array], None]
    slope: Callable[[Array, Array, Array], None]


def _linear(x: Array, s: Array) -> None:
    """y = x"""


def _linear_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy"""


def _relu(x: Array, s: Array) -> None:
    """y = max(x, 0)"""
    np.maximum(x, 0.0, out=x)


def _relu_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy where y > 0"""
    np.sign(y, out=s)
    dy *= s


def _elu(x: Array, s: Array) -> None:
    """y = max(x, 0) + exp(min(x, 0)) - 1"""
    np.minimum(x, 0.0, out=s)
    np.expm1(s, out=s)
    np.maximum(x, 0.0, out=x)
    x += s


def _elu_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy (min(y, 0) + 1)"""
    np.minimum(y, 0.0, out=s)
    s += 1.0
    dy *= s


def _selu(x: Array, s: Array) -> None:
    """y = scale (max(x, 0) + alpha (exp(min(x, 0)) - 1))"""
    np.minimum(x, 0.0, out=s)
    np.expm1(s, out=s)
    s *= SELU_ALPHA
    np.maximum(x, 0.0, out=x)
    x += s
    x *= SELU_SCALE


def _selu_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy (min(y, 0) + scale alpha) (1 / alpha where y > 0, 1 elsewhere)"""
    np.minimum(y, 0.0, out=s)
    s += SELU_SCALE * SELU_ALPHA
    dy *= s
    np.sign(y, out=s)
    np.maximum(s, 0.0, out=s)
    s *= 1.0 / SELU_ALPHA - 1.0
    s += 1.0
    dy *= s


def _sigmoid(x: Array, s: Array) -> None:
    """y = 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2, which cannot overflow"""
    x *= 0.5
    np.tanh(x, out=x)
    x *= 0.5
    x += 0.5


def _sigmoid_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy y (1 - y)"""
    np.subtract(1.0, y, out=s)
    s *= y
    dy *= s


def _hard_sigmoid(x: Array, s: Array) -> None:
    """y = min(max(x / 6 + 1/2, 0), 1)"""
    x /= 6.0
    x += 0.5
    np.clip(x, 0.0, 1.0, out=x)


def _hard_sigmoid_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy / 6 where 0 < y < 1"""
    np.subtract(1.0, y, out=s)
    s *= y
    np.sign(s, out=s)
    s /= 6.0
    dy *= s


def _tanh(x: Array, s: Array) -> None:
    """y = tanh x"""
    np.tanh(x, out=x)


def _tanh_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy (1 - y²)"""
    np.multiply(y, y, out=s)
    np.subtract(1.0, s, out=s)
    dy *= s


def _softsign(x: Array, s: Array) -> None:
    """y = x / (1 + |x|)"""
    np.absolute(x, out=s)
    s += 1.0
    x /= s


def _softsign_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy (1 - |y|)²"""
    np.absolute(y, out=s)
    np.subtract(1.0, s, out=s)
    dy *= s
    dy *= s


def _softplus(x: Array, s: Array) -> None:
    """y = log(1 + exp x)"""
    np.logaddexp(x, 0.0, out=x)


def _softplus_slope(y: Array, dy: Array, s: Array) -> None:
    """dx = dy (1 - exp(-y))"""
    np.negative(y, out=s)
    np.expm1(s, out=s)
    np.negative(s, out=s)
    dy *= s


functions: dict[str, Function] = {
    "linear": Function(_linear, _linear_slope),
    "relu": Function(_relu, _relu_slope),
    "elu": Function(_elu, _elu_slope),
    "selu": Function(_selu, _selu_slope),
    "sigmoid": Function(_sigmoid, _sigmoid_slope),
    "hard_sigmoid": Function(_hard_sigmoid, _hard_sigmoid_slope),
    "tanh": Function(_tanh, _tanh_slope),
    "softsign": Function(_softsign, _softsign_slope),
    "softplus": Function(_softplus, _softplus_slope),
}

assert set(functions) == set(FUNCTIONS), "every function that a recurrent layer may choose is here, and no other"
