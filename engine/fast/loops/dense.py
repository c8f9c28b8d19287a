"""Products so small that to call a matrix library takes longer than to compute them."""

from __future__ import annotations

from engine.fast.loops.compiled import compiled
from engine.kernel import Array


@compiled
def dense(x: Array, w: Array, b: Array, y: Array) -> None:
    """y = x w + b"""
    rows, features = x.shape
    for row in range(rows):
        for unit in range(y.shape[1]):
            y[row, unit] = b[unit]
        for feature in range(features):
            value = x[row, feature]
            for unit in range(y.shape[1]):
                y[row, unit] += value * w[feature, unit]


@compiled
def dense_weights(x: Array, dy: Array, dw: Array, db: Array) -> None:
    """dw = xᵀ dy,  db = sum dy"""
    rows, features = x.shape
    dw[:] = 0
    db[:] = 0
    for row in range(rows):
        for unit in range(dy.shape[1]):
            db[unit] += dy[row, unit]
        for feature in range(features):
            value = x[row, feature]
            for unit in range(dy.shape[1]):
                dw[feature, unit] += value * dy[row, unit]


@compiled
def dense_slope(dy: Array, w: Array, dx: Array) -> None:
    """dx = dy wᵀ"""
    rows, features = dx.shape
    for row in range(rows):
        for feature in range(features):
            total = dx.dtype.type(0)
            for unit in range(dy.shape[1]):
                total += dy[row, unit] * w[feature, unit]
            dx[row, feature] = total
