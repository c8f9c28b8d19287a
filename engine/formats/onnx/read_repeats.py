"""Operators that repeat values along axes."""

from __future__ import annotations

from math import prod

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import BATCH, OPEN, Unreadable, Value
from graph.layers.padding import UpSampling1D
from graph.layers.reshape import RepeatVector
from graph.message import Message


@reader("Expand")
def expand(r: Reading, one: Operation) -> Value:
    """A RepeatVector or an UpSampling1D along axes of size 1."""
    x = r.seen(one)
    wanted = [int(n) for n in r.constant(one, 1).reshape(-1)]
    rank = max(len(wanted), len(x.sizes))
    x = r.reshaped(x, [1] * (rank - len(x.sizes)) + list(x.sizes))
    wanted = [1] * (rank - len(wanted)) + wanted
    return repeated(
        r, x, [1 if n in (1, m, r.batch if m == BATCH else m) else n for n, m in zip(wanted, x.sizes, strict=True)]
    )


@reader("Tile")
def tile(r: Reading, one: Operation) -> Value:
    """A RepeatVector or an UpSampling1D."""
    return repeated(r, r.seen(one), [int(n) for n in r.constant(one, 1).reshape(-1)])


def repeated(r: Reading, x: Value, times: list[int]) -> Value:
    """The values along each axis so many times, from the last axis to the first."""
    for axis, n in reversed(list(enumerate(times))):
        if n != 1:
            x = r.plain(x)
            before, behind = prod(x.sizes[1:axis]), prod(x.sizes[axis:])
            if axis == 0 or OPEN in x.sizes or not 0 < n < 2**20:
                raise Unreadable(Message("it repeats samples, or an unknown number of times"))
            sizes = [*x.shape[:axis], (x.sizes[axis] * n), *x.shape[axis + 1 :]]
            rows = r.relaid(x, [behind] if before == 1 else [before, behind])
            y = r.add(RepeatVector(n) if before == 1 else UpSampling1D(n), rows)
            x = r.relaid(y, sizes[1:])
    return x
