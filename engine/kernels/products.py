"""Matrix products whose result is computed in parts, each on a core of its own.

The longer side of the result is cut, so that every part reads all of the shorter operand and its own share of the
longer one; of a square, the columns, since the library is quicker with few of them than with few rows.
"""

from __future__ import annotations

import numpy as np

from engine.crew import share, split
from engine.kernel import Array

ALL = slice(None)
Part = tuple[slice, slice]
Piece = tuple[Array, Array, Array, Array | None]


def parts_of(rows: int, columns: int, depth: int) -> tuple[Part, ...]:
    """How a product of (rows, depth) and (depth, columns) is cut: its rows or its columns."""
    macs = float(rows) * columns * depth
    if columns >= rows:
        return tuple((ALL, part) for part in split(columns, macs))
    return tuple((part, ALL) for part in split(rows, macs))


def multiply(a: Array, b: Array, out: Array, parts: tuple[Part, ...], bias: Array | None = None) -> None:
    """out = a b + bias"""
    share(compute, pieces(a, b, out, parts, bias))


def pieces(a: Array, b: Array, out: Array, parts: tuple[Part, ...], bias: Array | None = None) -> list[Piece]:
    """The parts of out = a b + bias, each to be computed by itself."""
    if len(parts) == 1:
        return [(a, b, out, bias)]
    return [
        (a[rows], b[:, columns], out[rows, columns], None if bias is None else bias[columns]) for rows, columns in parts
    ]


def compute(piece: Piece) -> None:
    """One part of a product."""
    a, b, out, bias = piece
    np.matmul(a, b, out=out)
    if bias is not None:
        out += bias
