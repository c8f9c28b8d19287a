"""Matrix products whose result is computed in parts, each on a core of its own.

The longer side of the result is cut, so that every part reads all of the shorter operand and its own share of the
longer one.
"""

from __future__ import annotations

import numpy as np

from engine.crew import share, split
from engine.kernel import Array

ALL = slice(None)
Part = tuple[slice, slice]


def parts_of(rows: int, columns: int, depth: int) -> tuple[Part, ...]:
    """How a product of (rows, depth) and (depth, columns) is cut: its rows or its columns."""
    macs = float(rows) * columns * depth
    if columns > rows:
        return tuple((ALL, part) for part in split(columns, macs))
    return tuple((part, ALL) for part in split(rows, macs))


def multiply(a: Array, b: Array, out: Array, parts: tuple[Part, ...], bias: Array | None = None) -> None:
    """out = a b + bias"""

    if len(parts) == 1:
        np.matmul(a, b, out=out)
        if bias is not None:
            out += bias
        return

    def run(part: Part) -> None:
        rows, columns = part
        np.matmul(a[rows], b[:, columns], out=out[part])
        if bias is not None:
            out[part] += bias[columns]

    share(run, parts)
