"""Products with weights in panels (see `engine.fast.panels`), tile by tile, for float32. Rows come by eights."""

from __future__ import annotations

from engine.fast.loops.compiled import inside
from engine.fast.loops.convolution import at
from engine.fast.loops.tile import ROWS, tile_32
from engine.kernel import Array

WIDTH = 32
Pair = tuple[int, int]


@inside
def by_panels(x: int, x_row: int, panels: Array, start: int, start_row: int, rows: int, y: int, y_row: int) -> None:
    """y = x p + start, side by side for all panels p; x, start and y are addresses, with so many numbers in a row"""
    count, depth, _ = panels.shape
    for panel in range(count):
        weights = at(panels, panel * depth * WIDTH)
        for row in range(0, rows, ROWS):
            begun = start + 4 * (row * start_row + panel * WIDTH)
            out = y + 4 * (row * y_row + panel * WIDTH)
            tile_32(x + 4 * row * x_row, x_row, 0, 1, weights, 0, WIDTH, 1, depth, begun, start_row, out, y_row)


@inside
def add_products(x: Array, du: Array, rows: Pair, columns: Pair, steps: Pair, dw: Array) -> None:
    """dw += x[t]ᵀ du[t] for the steps, where rows and columns lie between these; x and du are (T, samples, ...)"""
    samples, x_row, du_row = x.shape[1], x.shape[2], du.shape[2]
    first, count = steps[0] * samples, steps[1] - steps[0]
    for n in range(columns[0], columns[1], WIDTH):
        slopes = at(du, first * du_row + n)
        for k in range(rows[0], rows[1], ROWS):
            values, out = at(x, first * x_row + k), at(dw, k * du_row + n)
            x_steps, du_steps = samples * x_row, samples * du_row
            tile_32(values, 1, x_steps, x_row, slopes, du_steps, du_row, count, samples, out, du_row, out, du_row)
