"""Softmax along rows."""

from __future__ import annotations

import numpy as np

from engine.fast.loops.compiled import compiled
from engine.fast.loops.scalars import exp
from engine.kernel import Array


@compiled
def softmax_rows(x: Array, y: Array) -> None:
    """y = exp(x - max x) / sum exp(x - max x)"""
    rows, columns = x.shape
    of_type = x.dtype.type
    for row in range(rows):
        most = of_type(-np.inf)
        for c in range(columns):
            most = max(most, x[row, c])
        total = of_type(0)
        for c in range(columns):
            e = exp(x[row, c] - most)
            y[row, c] = e
            total += e
        factor = of_type(1) / total
        for c in range(columns):
            y[row, c] *= factor


@compiled
def softmax_slope_rows(dy: Array, y: Array, dx: Array) -> None:
    """dx = y (dy - sum dy y)"""
    rows, columns = y.shape
    for row in range(rows):
        total = dy.dtype.type(0)
        for c in range(columns):
            total += dy[row, c] * y[row, c]
        for c in range(columns):
            dx[row, c] = y[row, c] * (dy[row, c] - total)
