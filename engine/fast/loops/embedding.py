"""Rows added up by their number."""

from __future__ import annotations

from engine.fast.loops.compiled import compiled
from engine.kernel import Array


@compiled
def add_rows(index: Array, dy: Array, first: int, dw: Array) -> None:
    """dw[v] = sum of dy over the places where index = first + v, in their order"""
    dw[:] = 0
    rows = dw.shape[0]
    for place in range(index.size):
        v = index[place] - first
        if 0 <= v < rows:
            for feature in range(dw.shape[1]):
                dw[v, feature] += dy[place, feature]
