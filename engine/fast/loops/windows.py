"""The windows of a convolution over (batch, height, width, channels): scattered back, or weighed channel by channel.

Where a window leaves the image it reads zeros. `size`, `strides`, `dilation` and `pads` are (rows, columns).
"""

from __future__ import annotations

from engine.fast.loops.compiled import compiled, inside
from engine.kernel import Array

Pair = tuple[int, int]


@compiled
def scatter(columns: Array, size: Pair, strides: Pair, dilation: Pair, pads: Pair, dx: Array) -> None:
    """dx = the sum of what all windows have for a value"""
    _, height, width, channels = dx.shape
    run = size[1] * channels
    dx[:] = 0
    for n in range(columns.shape[0]):
        for p in range(columns.shape[1]):
            for q in range(columns.shape[2]):
                left = q * strides[1] - pads[1]
                whole = dilation[1] == 1 and left >= 0 and left + size[1] <= width
                window = columns[n, p, q]
                for i in range(size[0]):
                    row = p * strides[0] - pads[0] + i * dilation[0]
                    start = i * run
                    if row < 0 or row >= height:
                        continue
                    if whole:
                        values = dx[n, row].reshape(-1)[left * channels : left * channels + run]
                        for k in range(run):
                            values[k] += window[start + k]
                        continue
                    for j in range(size[1]):
                        column = left + j * dilation[1]
                        at = start + j * channels
                        if 0 <= column < width:
                            for c in range(channels):
                                dx[n, row, column, c] += window[at + c]


@inside
def reach(read: int, width: int, places: int) -> tuple[int, int]:
    """The places of a row at which a tap that is read `read` columns beside them is inside: the first, and the end."""
    first = max(0, -read)
    return first, max(first, min(places, width - read))


@compiled
def depthwise(x: Array, w: Array, size: Pair, dilation: Pair, pads: Pair, y: Array) -> None:
    """y = sum over the taps of x[tap] w[tap], with strides of 1

    w is (taps, places × channels): the weights repeated for all places of a row, so that a row is one long loop.
    """
    _, height, width, channels = x.shape
    for n in range(y.shape[0]):
        for p in range(y.shape[1]):
            out = y[n, p].reshape(-1)
            out[:] = 0
            for i in range(size[0]):
                row = p - pads[0] + i * dilation[0]
                if row < 0 or row >= height:
                    continue
                values = x[n, row].reshape(-1)
                for j in range(size[1]):
                    read = j * dilation[1] - pads[1]
                    first, end = reach(read, width, y.shape[2])
                    weights = w[i * size[1] + j]
                    here, there = out[first * channels : end * channels], values[(first + read) * channels :]
                    weight = weights[first * channels :]
                    for k in range(here.size):
                        here[k] += there[k] * weight[k]


@compiled
def depthwise_weights(dy: Array, x: Array, size: Pair, dilation: Pair, pads: Pair, dw: Array) -> None:
    """dw[tap] = sum x[tap] dy over the batch and the rows, laid out as the weights of `depthwise`"""
    _, height, width, channels = x.shape
    dw[:] = 0
    for n in range(dy.shape[0]):
        for p in range(dy.shape[1]):
            slope = dy[n, p].reshape(-1)
            for i in range(size[0]):
                row = p - pads[0] + i * dilation[0]
                if row < 0 or row >= height:
                    continue
                values = x[n, row].reshape(-1)
                for j in range(size[1]):
                    read = j * dilation[1] - pads[1]
                    first, end = reach(read, width, dy.shape[2])
                    weights = dw[i * size[1] + j]
                    here, there = slope[first * channels : end * channels], values[(first + read) * channels :]
                    weight = weights[first * channels :]
                    for k in range(here.size):
                        weight[k] += there[k] * here[k]


@compiled
def depthwise_slope(dy: Array, w: Array, size: Pair, dilation: Pair, pads: Pair, dx: Array) -> None:
    """dx[tap] += dy w[tap], the weights as in `depthwise`"""
    _, height, width, channels = dx.shape
    dx[:] = 0
    for n in range(dy.shape[0]):
        for p in range(dy.shape[1]):
            slope = dy[n, p].reshape(-1)
            for i in range(size[0]):
                row = p - pads[0] + i * dilation[0]
                if row < 0 or row >= height:
                    continue
                values = dx[n, row].reshape(-1)
                for j in range(size[1]):
                    read = j * dilation[1] - pads[1]
                    first, end = reach(read, width, dy.shape[2])
                    weights = w[i * size[1] + j]
                    here, there = slope[first * channels : end * channels], values[(first + read) * channels :]
                    weight = weights[first * channels :]
                    for k in range(here.size):
                        there[k] += here[k] * weight[k]
