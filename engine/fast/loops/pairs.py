"""Products of the rows of two matrices of every sample: a is (batch, n, k), b (batch, m, k), y (batch, n, m)."""

from __future__ import annotations

from engine.fast.loops.compiled import compiled
from engine.kernel import Array


@compiled
def dot_rows(a: Array, b: Array, y: Array) -> None:
    """y = a bᵀ"""
    for n in range(y.shape[0]):
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                first, second = a[n, i], b[n, j]
                total = y.dtype.type(0)
                for k in range(first.size):
                    total += first[k] * second[k]
                y[n, i, j] = total


@compiled
def dot_rows_slope(dy: Array, a: Array, b: Array, da: Array, db: Array) -> None:
    """da = dy b,  db = dyᵀ a"""
    da[:] = 0
    db[:] = 0
    for n in range(dy.shape[0]):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                slope = dy[n, i, j]
                first, second, to_first, to_second = a[n, i], b[n, j], da[n, i], db[n, j]
                for k in range(first.size):
                    to_first[k] += slope * second[k]
                    to_second[k] += slope * first[k]
