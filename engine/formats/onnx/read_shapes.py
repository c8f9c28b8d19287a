"""Operators that lay values out in another way, and what is computed of sizes alone."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading, Unreadable, Value, reader
from engine.kernel import Array
from graph.layers import layers
from graph.layers.lambda_layer import Lambda
from graph.layers.merge import Concatenate
from graph.layers.padding import UpSampling2D, ZeroPadding1D, ZeroPadding2D
from graph.layers.regularization import Dropout
from graph.layers.reshape import Flatten, Reshape
from graph.message import Message

FAR = 2**31 - 1
"""From here on a place is the end of an axis."""
LARGEST_FILLED = 2**28
"""How many numbers a file may ask for that it does not hold."""
BATCH = 0
"""Stands for the size of the batch among sizes: in a Reshape, 0 is the size that the axis has already."""


@reader("Identity", "Cast")
def same(r: Reading, one: Operation) -> Value:
    """What comes in; the numbers of words are rounded where they are looked up."""
    return r.value(one)


@reader("Dropout")
def dropout(r: Reading, one: Operation) -> Value:
    """Nothing, once training is over."""
    rate = float(one.attributes.get("ratio", r.constant(one, 1, 0.5)))
    if not 0.0 <= rate < 1.0:
        raise Unreadable(Message("its rate is {rate}", rate=rate))
    x = r.value(one)
    return r.add(Dropout(rate), replace(x, order=None), order=x.order)


@reader("Transpose")
def transpose(r: Reading, one: Operation) -> Value:
    """Remembered, and made where it must be."""
    x = r.value(one)
    rank = len(x.shape)
    turn = list(one.attributes.get("perm", range(rank - 1, -1, -1)))
    if sorted(turn) != list(range(rank)):
        raise Unreadable(Message("its axes are not those of its input"))
    order = tuple(x.axis(axis) for axis in turn)
    return replace(x, order=None if order == tuple(range(rank)) else order)


def laid(x: Value) -> Value | None:
    """`x` as it lies, where its numbers lie in the order in which they are seen."""
    if x.order is None:
        return x
    wide = [axis for axis in x.order if x.given is None or x.given[axis] != 1]
    return replace(x, order=None) if wide == sorted(wide) else None


@reader("Flatten")
def flatten(r: Reading, one: Operation) -> Value:
    """One row a sample."""
    x = r.value(one)
    if int(one.attributes.get("axis", 1)) % len(x.shape) != 1:
        raise Unreadable(Message("it takes other axes together than those of a sample"))
    return r.add(Flatten(), laid(x) or r.plain(x))


@reader("Reshape")
def reshape(r: Reading, one: Operation) -> Value:
    """The batch stays in front."""
    x = r.value(one)
    target = [int(n) for n in r.constant(one, 1).reshape(-1)]
    seen = x.shape
    sizes = [seen[i] if n == 0 and i < len(seen) else n for i, n in enumerate(target)]
    whole = None if None in seen[1:] else prod(n or 1 for n in seen[1:])
    if not sizes or len(sizes) == 1 or (sizes[0] not in (None, -1, 1)):
        raise Unreadable(Message("it takes samples apart or together"))
    rest = [-1 if n is None else n for n in sizes[1:]]
    if rest.count(-1) > 1 or (sizes[0] == -1 and -1 in rest):
        raise Unreadable(Message("more than one size is left open"))
    if -1 not in rest and whole is not None and prod(rest) != whole:
        raise Unreadable(Message("it takes samples apart or together"))
    source = laid(x) or r.plain(x)
    if len(rest) == 1 and len(seen) > 2:
        return r.add(Flatten(), source)
    if tuple(rest) == seen[1:]:
        return source
    return r.add(Reshape(tuple(rest)), source)


@reader("Squeeze", "Unsqueeze")
def squeeze(r: Reading, one: Operation) -> Value:
    """Axes of size 1 taken away or put in."""
    x = r.value(one)
    axes = r.axes(one)
    if one.kind == "Squeeze":
        gone = [i for i, n in enumerate(x.shape) if i and n == 1] if axes is None else [a % len(x.shape) for a in axes]
        sizes = [n for i, n in enumerate(x.shape) if i not in gone]
    else:
        rank = len(x.shape) + len(axes or ())
        new = [a % rank for a in axes or ()]
        left = iter(x.shape)
        sizes = [1 if i in new else next(left) for i in range(rank)]
    if sizes[0] is not None or len(sizes) < 2 or sizes[1:].count(None) > 1:
        raise Unreadable(Message("it changes the axis of the batch"))
    return r.add(Reshape(tuple(-1 if n is None else n for n in sizes[1:])), laid(x) or r.plain(x))


@reader("Concat")
def concat(r: Reading, one: Operation) -> Value:
    """One behind the other."""
    xs = [r.value(one, i) for i in range(len(one.inputs))]
    if any(x.order != xs[0].order for x in xs):
        xs = [r.plain(x) for x in xs]
    if len(xs) == 1:
        return xs[0]
    axis = xs[0].axis(int(one.attributes["axis"]))
    return r.add(Concatenate(axis=axis), *(replace(x, order=None) for x in xs), order=xs[0].order)


@reader("ReduceMean", "ReduceMax", "ReduceSum", "ReduceMin")
def reduce(r: Reading, one: Operation) -> Value:
    """A global pooling where it is one, else an expression."""
    x = r.value(one)
    rank, named = len(x.shape), r.axes(one)
    seen = sorted(a % rank for a in (range(rank) if named is None else named))
    keepdims = bool(one.attributes.get("keepdims", 1))
    if 0 in seen:
        raise Unreadable(Message("it runs over the batch"))
    what = one.kind.removeprefix("Reduce")
    axes = sorted(x.axis(axis) for axis in seen)
    pools = {"Mean": "Average", "Max": "Max", "Sum": "Sum"}
    for data_format, places in (("channels_last", range(1, rank - 1)), ("channels_first", range(2, rank))):
        if what in pools and 3 <= rank <= 5 and axes == list(places):
            kind = f"Global{pools[what]}Pooling{rank - 2}D"
            layer = layers.make(kind, {"data_format": data_format, "keepdims": keepdims})
            return r.add(layer, replace(x, order=None), order=x.order if keepdims else None)
    x = r.plain(x)
    said = ", ".join(map(str, seen))
    return r.add(Lambda(f"{what.lower()}(x, axis=({said},), keepdims={keepdims})"), x)


@reader("Pad")
def pad(r: Reading, one: Operation) -> Value:
    """Zeros around images and sequences."""
    x = r.value(one)
    said = [int(n) for n in one.attributes.get("pads", []) or r.constant(one, 1).reshape(-1)]
    rank = len(x.shape)
    edges = dict(zip((x.axis(i) for i in range(rank)), zip(said[:rank], said[rank:], strict=True), strict=True))
    value = float(np.asarray(one.attributes.get("value", r.constant(one, 2, 0.0))).reshape(-1)[0])
    if one.attributes.get("mode", "constant") != "constant" or value or min(said) < 0 or edges[0] != (0, 0):
        raise Unreadable(Message("it pads with something else than zeros"))
    for data_format, first in (("channels_last", 1), ("channels_first", 2)):
        axes = range(first, first + rank - 2)
        if all(edges[axis] == (0, 0) for axis in range(rank) if axis not in axes):
            both = tuple(edges[axis] for axis in axes)
            if rank == 3:
                return r.add(ZeroPadding1D(both[0], data_format=data_format), replace(x, order=None), order=x.order)
            if rank == 4:
                return r.add(ZeroPadding2D(both, data_format=data_format), replace(x, order=None), order=x.order)
    raise Unreadable(Message("it pads axes that no layer pads"))


@reader("Slice")
def part(r: Reading, one: Operation) -> Value:
    """An expression that takes the same part."""
    x = r.plain(r.value(one))
    if "starts" in one.attributes:
        starts, ends = list(one.attributes["starts"]), list(one.attributes["ends"])
        axes, steps = list(one.attributes.get("axes", range(len(starts)))), [1] * len(starts)
    else:
        starts, ends = ([int(n) for n in r.constant(one, i)] for i in (1, 2))
        axes = [int(n) for n in r.constant(one, 3, range(len(starts)))]
        steps = [int(n) for n in r.constant(one, 4, [1] * len(starts))]
    taken = [":"] * len(x.shape)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        far = abs(end) >= FAR
        first = "" if abs(start) >= FAR or (step > 0 and not start) else str(start)
        taken[axis] = f"{first}:{'' if far else end}{'' if step == 1 else f':{step}'}"
    if taken[0] != ":":
        raise Unreadable(Message("it takes a part of the samples"))
    return r.add(Lambda(f"x[{', '.join(taken)}]"), x)


@reader("Resize", "Upsample")
def resize(r: Reading, one: Operation) -> Value:
    """Images some whole number of times as large."""
    x, data_format, order = r.with_channels(r.value(one))
    place = 1 if one.kind == "Upsample" else 2
    scales = [float(n) for n in one.attributes.get("scales", []) or r.constant(one, place).reshape(-1)]
    mode = one.attributes.get("mode", "nearest")
    how = one.attributes.get("coordinate_transformation_mode", "half_pixel")
    nearest = mode == "nearest" and (
        one.kind == "Upsample" or (how == "asymmetric" and one.attributes.get("nearest_mode") == "floor")
    )
    if len(scales) != 4 or scales[:2] != [1.0, 1.0] or any(n != int(n) or n < 1 for n in scales):
        raise Unreadable(Message("it makes images larger by something else than a whole number"))
    if not nearest and (mode, how) not in (("linear", "half_pixel"), ("linear", "pytorch_half_pixel")):
        raise Unreadable(Message("it blends in a way that Keras does not"))
    size = (int(scales[2]), int(scales[3]))
    layer = UpSampling2D(size, data_format=data_format, interpolation="nearest" if nearest else "bilinear")
    return r.add(layer, x, order=order)


def folded(r: Reading, one: Operation) -> Array | None:
    """The value of an operator that reads only arrays and sizes; None where it computes something of the samples."""
    if one.kind == "Constant":
        found = [v for k, v in one.attributes.items() if k.startswith("value")]
        return np.asarray(found[0]) if found and not isinstance(found[0], str) else None
    if one.kind == "Shape" and one.inputs[0] in r.values:
        shape = r.values[one.inputs[0]].shape
        sizes = [BATCH, *(-1 if n is None else n for n in shape[1:])]
        return np.array(sizes[one.attributes.get("start", 0) : one.attributes.get("end", None)], np.int64)
    if not one.inputs or any(x and x not in r.constants for x in one.inputs):
        return None
    given = [r.constants[x] for x in one.inputs if x]
    return _computed(r, one, given)


def _computed(r: Reading, one: Operation, given: list[Array]) -> Array | None:
    """What follows from arrays alone, for what exporters make of weights and sizes."""
    a = given[0]
    match one.kind:
        case "Identity":
            return a
        case "ConstantOfShape":
            shape = tuple(int(n) for n in a)
            if min(shape, default=1) < 0 or prod(shape) > LARGEST_FILLED:
                raise Unreadable(Message("it asks for an array of {n:,} numbers", n=prod(shape)))
            value = np.asarray(one.attributes.get("value", 0.0), np.float32)
            return np.broadcast_to(value.reshape(-1)[0], shape)
        case "Cast":
            return a.astype(np.int64) if one.attributes.get("to") in (6, 7) else a.astype(np.float32)
        case "Transpose":
            return a.transpose(one.attributes.get("perm", None))
        case "Gather" if len(given) == 2:
            return np.take(a, given[1].astype(np.int64), axis=one.attributes.get("axis", 0))
        case "Unsqueeze":
            return np.expand_dims(a, tuple(r.axes(one) or ()))
        case "Squeeze":
            return np.squeeze(a, None if (axes := r.axes(one)) is None else tuple(axes))
        case "Concat":
            return np.concatenate(given, axis=one.attributes["axis"])
        case "Slice" if len(given) >= 3 and a.ndim == 1:
            return a[int(given[1][0]) : int(given[2][0])]
        case "Reshape":
            return a.reshape([int(n) for n in given[1]])
    return None
