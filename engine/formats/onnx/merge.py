"""Several inputs made one, and what becomes of their masks."""

from __future__ import annotations

import math

import numpy as np

from engine.formats.onnx.draft import Tensor
from engine.formats.onnx.emit import Place, emitter
from engine.formats.onnx.normalization import unit
from graph.layers.dot import Dot
from graph.layers.merge import Add, Average, Concatenate, Elementwise, Maximum, Minimum, Multiply, Subtract


def aligned(at: Place, xs: tuple[Tensor, ...]) -> list[Tensor]:
    """The inputs with the axes of the output, the new ones behind the batch."""
    rank = len(at.ys[0])
    pairs = zip(xs, at.shapes, strict=True)
    return [at.draft.unsqueeze(x, *range(1, 1 + rank - len(shape))) for x, shape in pairs]


def raised(at: Place, place: int, rank: int) -> Tensor:
    """The mask of an input, with axes of size 1 as the input has them in a value of `rank`."""
    mask, shape = at.masks[place], at.shapes[place]
    assert mask is not None, "asked only where there is one"
    behind = at.draft.unsqueeze(mask.tensor, *range(mask.rank, len(shape)))
    return at.draft.unsqueeze(behind, *range(1, 1 + rank - len(shape)))


def joined(at: Place, axis: int | None = None) -> Tensor:
    """The mask of the output: something is there where it is in any input.

    Along `axis` each input has a part of the output for itself, and one without a mask has all of it.
    """
    draft, rank = at.draft, len(at.ys[0])
    whole = []
    for i, (mask, x) in enumerate(zip(at.masks, aligned(at, at.xs), strict=True)):
        there = draft.constant(True, np.bool_) if mask is None else draft.squeeze(raised(at, i, rank), -1)
        if mask is None or len(at.shapes[i]) != mask.rank + 1:
            there = draft.op("Expand", there, draft.op("Shape", x, end=-1))
        whole.append(there)
    return draft.op("Concat", *whole, axis=axis) if axis is not None else draft.fold("Or", whole)


def present(at: Place, absent: float) -> tuple[Tensor, ...]:
    """The inputs, with `absent` where they are masked."""
    other = at.draft.constant(absent)
    return tuple(
        x if mask is None else at.draft.op("Where", raised(at, i, len(at.shapes[i])), x, other)
        for i, (x, mask) in enumerate(zip(at.xs, at.masks, strict=True))
    )


@emitter(Add)
def add(layer: Add, at: Place) -> Tensor:
    """The sum."""
    return at.draft.fold("Add", aligned(at, at.xs))


@emitter(Subtract)
def subtract(layer: Subtract, at: Place) -> Tensor:
    """The difference."""
    return at.draft.fold("Sub", aligned(at, at.xs))


@emitter(Average)
def average(layer: Average, at: Place) -> Tensor:
    """The sum by the number of the inputs."""
    total = at.draft.fold("Add", aligned(at, at.xs))
    return at.draft.op("Mul", total, at.draft.constant(1.0 / len(at.xs)))


def where_any(at: Place, y: Tensor, nowhere: Tensor) -> Tensor:
    """`y` where any input has something, else `nowhere`; `y` where not all have masks."""
    if any(mask is None for mask in at.masks):
        return y
    return at.draft.op("Where", at.draft.unsqueeze(joined(at), -1), y, nowhere)


@emitter(Multiply)
def multiply(layer: Multiply, at: Place) -> Tensor:
    """The product of what is there."""
    y = at.draft.fold("Mul", aligned(at, present(at, 1.0)))
    return where_any(at, y, at.draft.constant(0.0))


@emitter(Maximum, Minimum)
def extreme(layer: Elementwise, at: Place) -> Tensor:
    """The largest or smallest of what is there; the first input where nothing is."""
    largest = isinstance(layer, Maximum)
    xs = aligned(at, present(at, -math.inf if largest else math.inf))
    return where_any(at, at.draft.fold("Max" if largest else "Min", xs), aligned(at, at.xs)[0])


@emitter(Concatenate)
def concatenate(layer: Concatenate, at: Place) -> Tensor:
    """One behind the other."""
    return at.draft.op("Concat", *at.xs, axis=layer.axis)


@emitter(Dot)
def dot(layer: Dot, at: Place) -> Tensor:
    """A matrix product for every sample, the axes that are summed over last."""
    draft = at.draft
    rows, sizes = [], []
    for x, shape, named in zip(at.xs, at.shapes, layer.axes, strict=True):
        axis = named % len(shape)
        rest = [i for i in range(1, len(shape)) if i != axis]
        sizes += [draft.size(x, i) if (n := shape[i]) is None else n for i in rest]
        laid = draft.transpose(x, (0, *rest, axis))
        features: int | Tensor = draft.size(x, axis) if (n := shape[axis]) is None else n
        laid = draft.reshape(laid, [0, -1, features])
        rows.append(unit(at, laid, [-1]) if layer.normalize else laid)
    y = draft.op("MatMul", rows[0], draft.transpose(rows[1], (0, 2, 1)))
    return draft.reshape(y, [0, *(sizes or [1])])
