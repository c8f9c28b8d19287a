"""Functions of every value, in place."""

from __future__ import annotations

from engine.fast.loops.compiled import compiled
from engine.fast.loops.scalars import exp, tanh
from engine.kernel import Array


@compiled
def relu(y: Array) -> None:
    """y = max(y, 0)"""
    zero = y.dtype.type(0)
    for i in range(y.size):
        y[i] = zero if y[i] < zero else y[i]


@compiled
def relu_slope(y: Array, dx: Array) -> None:
    """dx = dx where y > 0"""
    zero = dx.dtype.type(0)
    for i in range(y.size):
        dx[i] = dx[i] if y[i] > 0 else zero


@compiled
def sigmoid(y: Array) -> None:
    """y = 1 / (1 + exp(-y))"""
    one = y.dtype.type(1)
    for i in range(y.size):
        y[i] = one / (one + exp(-y[i]))


@compiled
def sigmoid_slope(y: Array, dx: Array) -> None:
    """dx = dx y (1 - y)"""
    one = y.dtype.type(1)
    for i in range(y.size):
        dx[i] = dx[i] * y[i] * (one - y[i])


@compiled
def tanh_values(y: Array) -> None:
    """y = tanh y"""
    for i in range(y.size):
        y[i] = tanh(y[i])


@compiled
def tanh_slope(y: Array, dx: Array) -> None:
    """dx = dx (1 - y²)"""
    one = y.dtype.type(1)
    for i in range(y.size):
        dx[i] = dx[i] * (one - y[i] * y[i])
