"""What follows from the arrays and the sizes of a file alone: computed while it is read, as exporters leave it in.

The batch has a size here that stands for it, so a product with it is known to be one. An array with one row for every
sample has the same row for all, and is made with one.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading
from engine.formats.onnx.value import BATCH, Unreadable
from engine.kernel import Array
from graph.message import Message

LARGEST_FILLED = 2**28
"""How many numbers a file may ask for that it does not hold."""
INTEGERS = {2: np.uint8, 3: np.int8, 4: np.uint16, 5: np.int16, 6: np.int32, 7: np.int64, 12: np.uint32, 13: np.uint64}

ONE_BY_ONE: dict[str, Callable[..., Any]] = {
    "Add": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "Max": np.maximum,
    "Min": np.minimum,
    "Pow": np.power,
    "Mod": np.mod,
    "Sqrt": np.sqrt,
    "Reciprocal": np.reciprocal,
    "Neg": np.negative,
    "Abs": np.abs,
    "Floor": np.floor,
    "Ceil": np.ceil,
    "Not": np.logical_not,
    "And": np.logical_and,
    "Or": np.logical_or,
    "Equal": np.equal,
    "Less": np.less,
    "LessOrEqual": np.less_equal,
    "Greater": np.greater,
    "GreaterOrEqual": np.greater_equal,
    "Where": np.where,
}


def folded(r: Reading, one: Operation) -> Array | None:
    """The value of an operator that reads only arrays and sizes; None where it computes something of the samples."""
    if one.kind == "Constant":
        found = [v for k, v in one.attributes.items() if k.startswith("value")]
        return np.asarray(found[0]) if found and not isinstance(found[0], str) else None
    if one.kind in ("Shape", "Size") and one.inputs[0] in r.values:
        sizes = r.values[one.inputs[0]].sizes
        if one.kind == "Size":
            return np.array(prod(sizes), np.int64)
        return np.array(sizes[one.attributes.get("start", 0) : one.attributes.get("end", None)], np.int64)
    if not one.inputs or any(x and x not in r.constants for x in one.inputs):
        return None
    with np.errstate(all="ignore"):
        made = _computed(r, one, [r.constants[x] for x in one.inputs if x])
    return None if made is None else np.asarray(made)


def _filled(number: Array, sizes: Array) -> Array:
    """A value repeated, without memory of its own; once for the batch."""
    shape = tuple(int(n) if n % BATCH or not n else int(n) // BATCH for n in sizes.reshape(-1))
    if min(shape, default=1) < 0 or prod(shape) > LARGEST_FILLED:
        raise Unreadable(Message("it asks for an array of {n:,} numbers", n=prod(shape)))
    return np.broadcast_to(number, np.broadcast_shapes(number.shape, shape))


def _computed(r: Reading, one: Operation, given: list[Array]) -> Array | None:
    a = given[0]
    if one.kind in ONE_BY_ONE:
        if prod(np.broadcast_shapes(*(x.shape for x in given))) > LARGEST_FILLED:
            return None
        return np.asarray(ONE_BY_ONE[one.kind](*given))
    match one.kind:
        case "Identity":
            return a
        case "Div":
            whole = a.dtype.kind in "iu" and given[1].dtype.kind in "iu"
            return np.asarray(a // given[1] if whole else a / given[1])
        case "MatMul":
            return np.asarray(np.matmul(a, given[1]))
        case "ConstantOfShape":
            return _filled(np.asarray(one.attributes.get("value", np.float32(0.0))).reshape(-1)[0], a)
        case "Expand":
            return _filled(a, given[1])
        case "Range":
            ends = [x.reshape(-1)[0] for x in given]
            return np.arange(*ends) if ends[2] and 0 <= (ends[1] - ends[0]) / ends[2] < 2**20 else None
        case "Trilu":
            k = int(given[1].reshape(-1)[0]) if len(given) > 1 else 0
            return np.triu(a, k) if one.attributes.get("upper", 1) else np.tril(a, k)
        case "Cast":
            kind = one.attributes.get("to")
            return a.astype(np.bool_ if kind == 9 else INTEGERS.get(int(kind or 0), np.float32))
        case "CastLike":
            return a.astype(given[1].dtype)
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
        case "Slice" if len(given) >= 3:
            return _part(given)
        case "ReduceProd":
            axes, keepdims = r.axes(one), bool(one.attributes.get("keepdims", 1))
            return np.asarray(np.prod(a, axis=None if axes is None else tuple(axes), keepdims=keepdims))
        case "Reshape":
            return a.reshape([int(n) if n % BATCH or not n else int(n) // BATCH for n in given[1]])
        case "Shape":
            return np.array(a.shape, np.int64)
    return None


def _part(given: list[Array]) -> Array:
    a, starts, ends = given[0], given[1].reshape(-1), given[2].reshape(-1)
    axes = given[3].reshape(-1) if len(given) > 3 else np.arange(len(starts))
    steps = given[4].reshape(-1) if len(given) > 4 else np.ones(len(starts), np.int64)
    taken = [slice(None)] * a.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        low = None if step < 0 and end < -(2**31) else int(end)
        taken[int(axis)] = slice(int(start), low, int(step))
    return a[tuple(taken)]
