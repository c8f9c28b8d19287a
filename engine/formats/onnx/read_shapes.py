"""Operators that lay values out in another way."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.read_arithmetic import fixed
from engine.formats.onnx.read_parts import part
from engine.formats.onnx.read_repeats import repeated
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import BATCH, Unreadable, Value, regrouped
from engine.kernel import Array
from graph.layers.lambda_layer import Lambda
from graph.layers.merge import Concatenate
from graph.layers.padding import UpSampling1D, UpSampling2D, ZeroPadding1D, ZeroPadding2D
from graph.layers.regularization import Dropout
from graph.message import Message


@reader("Identity", "Cast", "CastLike", "ai.onnx.ml.ZipMap")
def same(r: Reading, one: Operation) -> Value:
    """What comes in; the numbers of words are rounded where they are looked up."""
    return r.seen(one)


@reader("Dropout")
def dropout(r: Reading, one: Operation) -> Value:
    """A Dropout."""
    rate = float(one.attributes.get("ratio", r.constant(one, 1, 0.5)))
    if not 0.0 <= rate < 1.0:
        raise Unreadable(Message("its rate is {rate}", rate=rate))
    x = r.seen(one)
    return r.add(Dropout(rate), x, order=x.order)


@reader("Transpose")
def transpose(r: Reading, one: Operation) -> Value:
    """A Permute, where nothing else helps."""
    x = r.seen(one)
    rank = len(x.groups)
    turn = list(one.attributes.get("perm", range(rank - 1, -1, -1)))
    if sorted(turn) != list(range(rank)):
        raise Unreadable(Message("its axes are not those of its input"))
    return x.turned(*turn)


@reader("Flatten")
def flatten(r: Reading, one: Operation) -> Value:
    """A Flatten."""
    x = r.seen(one)
    axis = int(one.attributes.get("axis", 1)) % len(x.sizes)
    return r.reshaped(x, [prod(x.sizes[:axis]), prod(x.sizes[axis:])])


@reader("Reshape")
def reshape(r: Reading, one: Operation) -> Value:
    """A Reshape, or nothing where a layer sees the axes so."""
    x = r.seen(one)
    target = [int(n) for n in r.constant(one, 1).reshape(-1)]
    if not one.attributes.get("allowzero", 0):
        target = [x.sizes[i] if n == 0 and i < len(x.sizes) else n for i, n in enumerate(target)]
    for sizes in _possible(target, prod(x.sizes), r.batch):
        if regrouped(x, sizes) is not None:
            return r.reshaped(x, sizes)
    raise Unreadable(Message("it takes samples apart or together"))


def _possible(target: list[int], count: int, batch: int | None) -> Iterator[list[int]]:
    """What sizes may mean: in a file for batches of one size, one of them may stand for that of the batch."""
    fixed = [i for i, n in enumerate(target) if batch and n > 0 and n % BATCH and n % batch == 0]
    with_batch = [[*target[:i], target[i] // (batch or 1) * BATCH, *target[i + 1 :]] for i in fixed]
    for sizes in (*with_batch, target) if -1 in target else (target, *with_batch):
        rest = prod(n for n in sizes if n != -1)
        if sizes.count(-1) == 1 and rest and count % rest == 0:
            yield [count // rest if n == -1 else n for n in sizes]
        elif min(sizes, default=0) > 0:
            yield sizes


@reader("Squeeze", "Unsqueeze")
def squeeze(r: Reading, one: Operation) -> Value:
    """A Reshape, where nothing else helps."""
    x = r.seen(one)
    axes, rank = r.axes(one), len(x.sizes)
    if one.kind == "Squeeze":
        gone = [i for i, n in enumerate(x.sizes) if n == 1] if axes is None else [a % rank for a in axes]
        return r.reshaped(x, [n for i, n in enumerate(x.sizes) if i not in gone])
    new = [a % (rank + len(axes or ())) for a in axes or ()]
    left = iter(x.sizes)
    return r.reshaped(x, [1 if i in new else next(left) for i in range(rank + len(new))])


@reader("Concat")
def concat(r: Reading, one: Operation) -> Value:
    """A Concatenate."""
    seen = int(one.attributes["axis"])
    computed = [i for i in range(len(one.inputs)) if not r.is_constant(one, i)]
    like = r.by_axis(one, seen, computed[0]) if computed else r.seen(one)
    xs = [
        r.by_axis(one, seen, i) if i in computed else _steady(r, like, seen, r.constant(one, i))
        for i in range(len(one.inputs))
    ]
    if any(x.order != xs[0].order for x in xs):
        xs = [r.plain(x) for x in xs]
    if len(xs) == 1:
        return xs[0]
    axis = xs[0].axis(seen)
    return r.add(Concatenate(axis=axis), *xs, order=xs[0].order)


def _steady(r: Reading, like: Value, seen: int, array: Array) -> Value:
    """The same array for every sample: added to zeros, which a part of another value gives."""
    x = r.plain(like)
    seen %= len(x.sizes)
    if array.ndim != len(x.sizes) or array.shape[0] != 1 or seen == 0:
        raise Unreadable(Message("it puts an array beside the samples"))
    one_place = part(r, x, seen, 0, 1)
    zeros = repeated(
        r, r.add(Lambda("0 * x"), one_place), [array.shape[i] if i == seen else 1 for i in range(array.ndim)]
    )
    return fixed(r, zeros, np.ones_like(array, np.float32), np.asarray(array, np.float32))


@reader("Pad")
def pad(r: Reading, one: Operation) -> Value:
    """A ZeroPadding1D or a ZeroPadding2D."""
    x = r.value(one)
    said = [int(n) for n in one.attributes.get("pads", []) or r.constant(one, 1).reshape(-1)]
    rank = len(x.shape)
    chosen = [a % rank for a in r.axes(one, 3) or range(rank)]
    edges = dict.fromkeys(range(rank), (0, 0))
    edges |= {x.axis(a): (said[i], said[len(chosen) + i]) for i, a in enumerate(chosen)}
    value = float(np.asarray(one.attributes.get("value", r.constant(one, 2, 0.0))).reshape(-1)[0])
    if not any(map(any, edges.values())):
        return x
    if one.attributes.get("mode", "constant") != "constant" or value or min(said) < 0 or edges[0] != (0, 0):
        raise Unreadable(Message("it pads with something else than zeros"))
    for data_format, first in (("channels_last", 1), ("channels_first", 2)):
        axes = range(first, first + rank - 2)
        if all(edges[axis] == (0, 0) for axis in range(rank) if axis not in axes):
            both = tuple(edges[axis] for axis in axes)
            if rank == 3:
                return r.add(ZeroPadding1D(both[0], data_format=data_format), x, order=x.order)
            if rank == 4:
                return r.add(ZeroPadding2D(both, data_format=data_format), x, order=x.order)
    raise Unreadable(Message("it pads axes that no layer pads"))


@reader("Resize", "Upsample")
def resize(r: Reading, one: Operation) -> Value:
    """An UpSampling1D or an UpSampling2D, some whole number of times as large."""
    x, data_format, order = r.with_channels(r.value(one))
    scales = _scales(r, one, order, x)
    mode = one.attributes.get("mode", "nearest")
    how = one.attributes.get("coordinate_transformation_mode", "half_pixel")
    # every way to find the nearest is the same where each value is repeated, but the one that takes the wrong half
    nearest = mode == "nearest" and (
        one.kind == "Upsample" or (how == "asymmetric" and one.attributes.get("nearest_mode") == "floor")
    )
    kept = scales[:2] == [1.0, 1.0] or (len(scales) == 3 and order is None and scales[::2] == [1.0, 1.0])
    if not kept or any(n != int(n) or n < 1 for n in scales):
        raise Unreadable(Message("it makes images larger by something else than a whole number"))
    if not nearest and (mode, how) not in (("linear", "half_pixel"), ("linear", "pytorch_half_pixel")):
        raise Unreadable(Message("it blends in a way that Keras does not"))
    size = tuple(int(n) for n in scales[2:])
    if len(scales) == 3 and nearest:
        axis = 1 if data_format == "channels_last" or size == (1,) else 2
        if axis == 2:
            return r.add(UpSampling1D(size[0]), r.plain(x.turned(0, 2, 1))).turned(0, 2, 1)
        return r.add(UpSampling1D(int(max(scales))), x, order=order)
    if len(size) != 2:
        raise Unreadable(Message("it makes something else larger than images and sequences"))
    layer = UpSampling2D(size, data_format=data_format, interpolation="nearest" if nearest else "bilinear")
    return r.add(layer, x, order=order)


def _scales(r: Reading, one: Operation, order: object, x: Value) -> list[float]:
    """How many times as large every axis becomes, as the operator counts them."""
    rank = len(x.sizes)
    place = 1 if one.kind == "Upsample" else 2
    said = one.attributes.get("scales", [])
    if not said and r.is_given(one, place):
        said = r.constant(one, place).reshape(-1)
    if len(said) == rank:
        return [float(n) for n in said]
    wanted = [int(n) for n in r.constant(one, 3).reshape(-1)]
    have = [x.sizes[0], x.sizes[-1], *x.sizes[1:-1]] if order is not None else list(x.sizes)
    if len(wanted) != rank:
        raise Unreadable(Message("it makes something else larger than images and sequences"))
    return [1.0 if n in (m, r.batch) and i == 0 else n / m for i, (n, m) in enumerate(zip(wanted, have, strict=True))]
