"""Convolution without columns: tiles of eight places side by side, and of eight values of the windows for the weights.

`x` is (batch, height, width, channels), padded, so that no window leaves it. The weights are (rows of the window,
values in a row, filters): a row of a window lies side by side in the image. All are float32, and the filters come by
sixteens.
"""

from __future__ import annotations

from engine.fast.loops.compiled import compiled, inside
from engine.fast.loops.tile import tile_16, tile_32
from engine.kernel import Array

ROWS = 8
Steps = tuple[int, int, int]


@inside
def at(array: Array, place: int) -> int:
    """The address of a number."""
    address: int = array.ctypes.data + 4 * place
    return address


@inside
def tile(
    columns: int, a: int, a_steps: Steps, b: int, b_steps: tuple[int, int], counts: tuple[int, int],
    start: int, start_row: int, y: int, y_row: int,
) -> None:  # fmt: skip
    """One tile of 16 or 32 columns: see `engine.fast.loops.tile`. Steps are those of rows, then of i, then of k."""
    if columns == 32:
        tile_32(a, *a_steps, b, *b_steps, *counts, start, start_row, y, y_row)
    else:
        tile_16(a, *a_steps, b, *b_steps, *counts, start, start_row, y, y_row)


@compiled
def convolve(x: Array, w: Array, b: Array, strides: tuple[int, int], y: Array) -> None:
    """y = columns w + b; the last tile of a row may compute places again"""
    _, height, width, channels = x.shape
    taps, run, filters = w.shape
    batch, rows, places, _ = y.shape
    columns = 32 if filters % 32 == 0 else 16
    steps = (strides[1] * channels, width * channels, 1)
    for n in range(batch):
        for p in range(rows):
            top = (n * height + p * strides[0]) * width
            for o in range(0, filters, columns):
                for piece in range((places + ROWS - 1) // ROWS):
                    q = min(piece * ROWS, places - ROWS)
                    window = at(x, (top + q * strides[1]) * channels)
                    out = at(y, ((n * rows + p) * places + q) * filters + o)
                    weights = (run * filters, filters)
                    tile(columns, window, steps, at(w, o), weights, (taps, run), at(b, o), 0, out, filters)


@compiled
def convolve_weights(x: Array, dy: Array, strides: tuple[int, int], dw: Array) -> None:
    """dw += columnsᵀ dy"""
    _, height, width, channels = x.shape
    taps, run, filters = dw.shape
    batch, rows, places, _ = dy.shape
    columns = 32 if filters % 32 == 0 else 16
    steps = (1, strides[0] * width * channels, strides[1] * channels)
    for n in range(batch):
        slopes = n * rows * places * filters
        for i in range(taps):
            for k in range(0, run, ROWS):
                values = at(x, (n * height + i) * width * channels + k)
                for o in range(0, filters, columns):
                    out = at(dw, (i * run + k) * filters + o)
                    by_row = (places * filters, filters)
                    slope = at(dy, slopes + o)
                    tile(columns, values, steps, slope, by_row, (rows, places), out, filters, out, filters)
