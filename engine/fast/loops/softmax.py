"""Softmax along rows."""

from __future__ import annotations

import numpy as np

from engine.fast.loops.compiled import compiled
from engine.fast.loops.scalars import exp
from engine.kernel import Array


@compiled
def softmax_rows(y: Array) -> None:
    """y = exp(y - max y) / sum exp(y - max y)"""
    rows, columns = y.shape
    of_type = y.dtype.type
    for row in range(rows):
        most = of_type(-np.inf)
        for c in range(columns):
            most = max(most, y[row, c])
        total = of_type(0)
        for c in range(columns):
            e = exp(y[row, c] - most)
            y[row, c] = e
            total += e
        factor = of_type(1) / total
        for c in range(columns):
            y[row, c] *= factor


@compiled
def softmax_slope_rows(y: Array, dx: Array) -> None:
    """dx = y (dx - sum dx y)"""
    rows, columns = y.shape
    for row in range(rows):
        total = dx.dtype.type(0)
        for c in range(columns):
            total += dx[row, c] * y[row, c]
        for c in range(columns):
            dx[row, c] = y[row, c] * (dx[row, c] - total)


@compiled
def crossentropy_rows(x: Array, y: Array, t: Array) -> float:
    """sum of max x - x_t - log max y over the rows, y being the softmax of x"""
    rows, columns = x.shape
    total = 0.0
    for row in range(rows):
        most, likeliest = x[row, 0], y[row, 0]
        for c in range(1, columns):
            most = max(most, x[row, c])
            likeliest = max(likeliest, y[row, c])
        own = min(max(t[row], 0), columns - 1)
        total += most - x[row, own] - np.log(likeliest)
    return total


@compiled
def crossentropy_slope_rows(y: Array, t: Array, factor: float, dx: Array) -> None:
    """dx = (y - [class is t]) factor"""
    rows, columns = y.shape
    f = y.dtype.type(factor)
    for row in range(rows):
        for c in range(columns):
            dx[row, c] = y[row, c] * f
        dx[row, min(max(t[row], 0), columns - 1)] -= f
