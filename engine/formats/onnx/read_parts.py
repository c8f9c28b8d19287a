"""Operators that take parts of values, by their places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import BATCH, OPEN, Unreadable, Value
from engine.kernel import Array
from graph.layers.core import Dense, Embedding
from graph.layers.lambda_layer import Lambda
from graph.message import Message

MOST_PLACES = 2**20
"""Places that are looked at one by one."""
MOST_PICKED = 4096
"""Places along an axis that a fixed matrix may choose from."""


def part(r: Reading, x: Value, axis: int, start: int, stop: int, step: int = 1) -> Value:
    """The places of an own axis from `start` to before `stop`."""
    n = x.size(axis)
    if (start, step) == (0, 1) and stop >= n:
        return x
    source = _laid_behind(r, x, axis)
    if source is not None and step == 1:
        sizes, width = x.own.shape, prod(x.own.sizes[axis + 1 :])
        taken = part(r, source, len(source.sizes) - 1, start * width, stop * width)
        y = r.relaid(taken, [*sizes[1:axis], stop - start, *sizes[axis + 1 :]])
        return y.seen(x.groups)
    end = "" if stop >= n or stop % OPEN == 0 else str(stop)
    place = f"{start or ''}:{end}{'' if step == 1 else f':{step}'}"
    y = r.add(Lambda(f"x[{', '.join([':'] * axis + [place])}]"), x)
    if axis == len(x.own.sizes) - 1:
        r.taken[y.layer] = slice(start, stop, step)
    return y.seen(x.groups)


def _laid_behind(r: Reading, x: Value, axis: int) -> Value | None:
    """The value that was reshaped to `x`, where places of the axis are parts of its last axis."""
    source = r.unlaid(x)
    if source is None or axis == 0:
        return None
    return source if source.sizes[-1] == prod(x.own.sizes[axis:]) else None


def picked(r: Reading, x: Value, axis: int, places: Sequence[int]) -> Value:
    """Places of an own axis in any order: a range of them, or a product with a matrix that nothing trains."""
    n = x.size(axis)
    if len(places) > MOST_PLACES:
        raise Unreadable(Message("it takes more places than any axis has"))
    chosen = [place % n for place in places]
    if chosen == list(range(chosen[0], chosen[0] + len(chosen))):
        return part(r, x, axis, chosen[0], chosen[-1] + 1)
    source, before = r.picks.get((x.layer, axis), (x.own, tuple(range(n))))
    chosen = [before[place] for place in chosen]
    if chosen == list(range(source.size(axis))):
        return source.seen(x.groups)
    if axis == 0 or n % OPEN == 0 or n > MOST_PICKED:
        raise Unreadable(Message("it takes places of the batch, or of an axis whose size is not known"))
    kernel = np.zeros((source.size(axis), len(chosen)), np.float32)
    kernel[chosen, range(len(chosen))] = 1.0
    y = mixed(r, source, axis, kernel)
    r.picks[y.layer, axis] = (source, tuple(chosen))
    return y.seen(x.groups)


def mixed(r: Reading, x: Value, axis: int, kernel: Array) -> Value:
    """A product along an own axis with a matrix that nothing trains."""
    last = [*(a for a in range(len(x.own.sizes)) if a != axis), axis]
    rows = r.plain(x.own.turned(*last))
    y = r.add(Dense(kernel.shape[1], use_bias=False, trainable=False), rows, weights={"kernel": kernel})
    return r.plain(y.turned(*(int(i) for i in np.argsort(last))))


@reader("Slice")
def cut(r: Reading, one: Operation) -> Value:
    """An expression that takes the same part; what runs backwards is a fixed product."""
    x = r.seen(one)
    if "starts" in one.attributes:
        starts, ends = list(one.attributes["starts"]), list(one.attributes["ends"])
        axes, steps = list(one.attributes.get("axes", range(len(starts)))), [1] * len(starts)
    else:
        starts, ends = ([int(n) for n in r.constant(one, i).reshape(-1)] for i in (1, 2))
        axes = [int(n) for n in r.constant(one, 3, range(len(starts))).reshape(-1)]
        steps = [int(n) for n in r.constant(one, 4, [1] * len(starts)).reshape(-1)]
    for start, end, seen, step in zip(starts, ends, axes, steps, strict=True):
        x = x if len(x.groups[seen]) == 1 else r.plain(x)
        axis = x.axis(seen)
        n = x.size(axis)
        low, high, by = slice(start, None if step < 0 and end < -n else end, step).indices(n)
        if axis == 0 and (low, high, by) != (0, BATCH, 1):
            raise Unreadable(Message("it takes a part of the samples"))
        if n % OPEN == 0 and axis and by > 0:
            x = _open(r, x, axis, start, end, by)
        else:
            x = part(r, x, axis, low, high, by) if by > 0 else picked(r, x, axis, range(low, high, by))
    return x


def _open(r: Reading, x: Value, axis: int, start: int, end: int, step: int) -> Value:
    """A part of an axis whose size is not known, as it is counted from its ends."""
    said = f"{start or ''}:{'' if end >= OPEN else end}{'' if step == 1 else f':{step}'}"
    if said == ":":
        return x
    return r.add(Lambda(f"x[{', '.join([':'] * axis + [said])}]"), x).seen(x.groups)


@reader("Split")
def split(r: Reading, one: Operation) -> list[Value | None]:
    """Expressions that take a part each, those that are read."""
    seen = int(one.attributes.get("axis", 0))
    x = r.by_axis(one, seen)
    axis = x.axis(seen)
    n, count = x.size(axis), len(one.outputs)
    if axis == 0:
        raise Unreadable(Message("it takes samples apart"))
    sizes = [int(size) for size in one.attributes.get("split", [])]
    if not sizes and r.is_given(one, 1):
        sizes = [int(size) for size in r.constant(one, 1).reshape(-1)]
    if not sizes:
        each = -(-n // count)
        sizes = [min(each, n - i * each) for i in range(count)]
    ends = list(accumulate(sizes, initial=0))
    return [part(r, x, axis, *edges) if r.is_read(one, i) else None for i, edges in enumerate(pairwise(ends))]


@reader("Gather")
def gather(r: Reading, one: Operation) -> Value:
    """An Embedding; or known places of a value, as an expression or a fixed product."""
    axis = int(one.attributes.get("axis", 0))
    if r.is_constant(one, 0):
        return _looked_up(r, one, axis)
    x, places = r.seen(one), r.constant(one, 1).astype(np.int64)
    axis %= len(x.sizes)
    if x.sizes[axis] == 1 and places.size == 1:
        return x if places.ndim else r.reshaped(x, [n for i, n in enumerate(x.sizes) if i != axis])
    x = r.by_axis(one, axis)
    own = x.axis(axis)
    if own == 0 or places.ndim > 1:
        raise Unreadable(Message("it takes samples, or places in several rows"))
    last = places.reshape(-1)
    y = _last(r, x, own) if last.tolist() == [-1] else picked(r, x, own, last.tolist())
    return y if places.ndim else r.reshaped(y, [n for i, n in enumerate(y.sizes) if i != axis])


def _last(r: Reading, x: Value, axis: int) -> Value:
    n = x.size(axis)
    if n % OPEN:
        return part(r, x, axis, n - 1, n)
    return r.add(Lambda(f"x[{', '.join([':'] * axis + ['-1:'])}]"), x).seen(x.groups)


def _looked_up(r: Reading, one: Operation, axis: int) -> Value:
    table, x = r.constant(one, 0), r.seen(one, 1)
    if table.ndim != 2 or axis != 0:
        raise Unreadable(Message("it looks up something else than rows of a matrix"))
    weights = {"embeddings": table}
    if not x.is_simple and x.order is not None:
        y = r.add(Embedding(*table.shape), x, weights=weights, wanted=r.named_after(one, 0))
        return y.seen((*x.order, (len(y.sizes) - 1,)))
    return r.add(Embedding(*table.shape), r.plain(x), weights=weights, wanted=r.named_after(one, 0))
