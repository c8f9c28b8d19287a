"""The largest value of every window, over (batch, height, width, channels)."""

from __future__ import annotations

import numpy as np

from engine.fast.loops.compiled import compiled
from engine.kernel import Array


@compiled
def max_pool(x: Array, size: tuple[int, int], strides: tuple[int, int], pads: tuple[int, int], y: Array) -> None:
    """y = max of the window's values inside the image"""
    _, height, width, channels = x.shape
    for n in range(y.shape[0]):
        for p in range(y.shape[1]):
            top = p * strides[0] - pads[0]
            for q in range(y.shape[2]):
                left = q * strides[1] - pads[1]
                out = y[n, p, q]
                out[:] = -np.inf
                for row in range(max(top, 0), min(top + size[0], height)):
                    for column in range(max(left, 0), min(left + size[1], width)):
                        values = x[n, row, column]
                        for c in range(channels):
                            value = values[c]
                            out[c] = value if value > out[c] or value != value else out[c]


@compiled
def max_pool_slope(
    dy: Array,
    x: Array,
    y: Array,
    size: tuple[int, int],
    strides: tuple[int, int],
    pads: tuple[int, int],
    left_over: Array,
    dx: Array,
) -> None:
    """dx = dy where x is the first of its window that is the largest; `left_over` is scratch for one place"""
    _, height, width, channels = x.shape
    dx[:] = 0
    zero = dx.dtype.type(0)
    for n in range(y.shape[0]):
        for p in range(y.shape[1]):
            top = p * strides[0] - pads[0]
            for q in range(y.shape[2]):
                left = q * strides[1] - pads[1]
                most = y[n, p, q]
                left_over[:] = dy[n, p, q]
                for row in range(max(top, 0), min(top + size[0], height)):
                    for column in range(max(left, 0), min(left + size[1], width)):
                        values, slopes = x[n, row, column], dx[n, row, column]
                        for c in range(channels):
                            given = left_over[c] if values[c] == most[c] else zero
                            slopes[c] += given
                            left_over[c] -= given
