"""Functions of every value, in place."""

from __future__ import annotations

from engine.fast.loops.compiled import compiled
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
