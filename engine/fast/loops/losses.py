"""Losses of every value: y is the output, t the target, both of one axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.fast.loops.compiled import compiled, inside
from engine.fast.loops.scalars import exp
from engine.kernel import Array

CHUNK = 4096
"""Values that are added up in their own type before their sum joins that of all, in float64."""


@inside
def squares(y: Array, t: Array) -> Any:
    """sum of (y - t)², in their own type"""
    total = y.dtype.type(0)
    for i in range(y.size):
        apart = y[i] - t[i]
        total += apart * apart
    return total


@compiled
def squared_error(y: Array, t: Array) -> float:
    """sum of (y - t)²"""
    total = 0.0
    for start in range(0, y.size, CHUNK):
        total += squares(y[start : start + CHUNK], t[start : start + CHUNK])
    return total


@compiled
def difference(y: Array, t: Array, factor: float, dy: Array) -> None:
    """dy = (y - t) factor"""
    f = dy.dtype.type(factor)
    for i in range(y.size):
        dy[i] = (y[i] - t[i]) * f


@compiled
def sigmoid_crossentropy(x: Array, t: Array) -> float:
    """sum of max(x, 0) - x t + log(1 + exp(-|x|))"""
    zero = x.dtype.type(0)
    total = 0.0
    for i in range(x.size):
        value = x[i]
        total += max(value, zero) - value * t[i] + np.log1p(exp(-abs(value)))
    return total
