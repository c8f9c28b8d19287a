"""Rows of a table looked up by number, and added up by it. Numbers beyond the table take its first or last row."""

from __future__ import annotations

from engine.fast.loops.compiled import compiled, inside
from engine.kernel import Array


@inside
def add(values: Array, out: Array) -> None:
    """out += values"""
    for i in range(out.size):
        out[i] += values[i]


@compiled
def numbers(x: Array, rows: int, index: Array) -> None:
    """index = the whole numbers in x, as rows of a table of so many"""
    for place in range(index.size):
        index[place] = min(max(int(x[place]), 0), rows - 1)


@compiled
def take_rows(index: Array, w: Array, y: Array) -> None:
    """y = w[index]"""
    for place in range(index.size):
        row, out = w[index[place]], y[place]
        for i in range(out.size):
            out[i] = row[i]


@compiled
def mean_rows(index: Array, w: Array, y: Array) -> None:
    """y[n] = mean of w[index[n]]"""
    share = y.dtype.type(1.0 / index.shape[1])
    for n in range(y.shape[0]):
        out = y[n]
        out[:] = 0
        for place in range(index.shape[1]):
            add(w[index[n, place]], out)
        for i in range(out.size):
            out[i] *= share


@compiled
def add_rows(index: Array, dy: Array, first: int, dw: Array) -> None:
    """dw[v] = sum of dy over the places where index = first + v, in their order"""
    dw[:] = 0
    for place in range(index.size):
        v = index[place] - first
        if 0 <= v < dw.shape[0]:
            add(dy[place], dw[v])


@compiled
def add_mean_rows(index: Array, dy: Array, first: int, slope: Array, dw: Array) -> None:
    """dw[v] = sum of dy[n] / words over the places where index[n] = first + v; `slope` is scratch for a row of dy"""
    dw[:] = 0
    share = dy.dtype.type(1.0 / index.shape[1])
    for n in range(index.shape[0]):
        for i in range(slope.size):
            slope[i] = dy[n, i] * share
        for place in range(index.shape[1]):
            v = index[n, place] - first
            if 0 <= v < dw.shape[0]:
                add(slope, dw[v])
