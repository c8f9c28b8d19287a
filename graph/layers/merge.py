"""Layers that make one value of several."""

from __future__ import annotations

from typing import ClassVar

from graph.fields import Int
from graph.layers.base import Layer, Port, layer
from graph.masks import JOINS, JOINS_AND_READS, JOINS_ANY, MaskRule
from graph.message import Message, plural
from graph.shapes import Refusal, Shape, Shapes, shape_text

MANY = (Port("x", "Two or more values.", many=True),)
PAIR = (Port("x", "The first value."), Port("x2", "The second value."))


class Elementwise(Layer):
    """Several inputs combined value by value; an axis of size 1 is repeated."""

    inputs: ClassVar[tuple[Port, ...]] = MANY
    masking: ClassVar[MaskRule] = JOINS

    def output(self, xs: Shapes) -> Shape | Refusal:
        return broadcast(xs)

    def card(self, xs: Shapes | None) -> str:
        return plural(len(xs or ()), "input")


@layer(category="Merge")
class Add(Elementwise):
    """Add the inputs value by value; an axis of size 1 is repeated."""


@layer(category="Merge")
class Subtract(Elementwise):
    """Subtract the second input from the first, value by value."""

    inputs = PAIR

    def card(self, xs: Shapes | None) -> str:
        return "x − x2"


@layer(category="Merge")
class Multiply(Elementwise):
    """Multiply the inputs value by value; an axis of size 1 is repeated."""

    masking = JOINS_AND_READS


@layer(category="Merge")
class Average(Elementwise):
    """Keep the mean of the inputs, value by value."""


@layer(category="Merge")
class Maximum(Elementwise):
    """Keep the largest of the inputs, value by value."""

    masking = JOINS_AND_READS


@layer(category="Merge")
class Minimum(Elementwise):
    """Keep the smallest of the inputs, value by value."""

    masking = JOINS_AND_READS


@layer(category="Merge")
class Concatenate(Layer):
    """Put the inputs one after another along an axis."""

    inputs = MANY
    masking = JOINS_ANY

    axis: int = Int(default=-1, min=-7, max=7, doc="The axis along which they are joined, counted with the batch as 0.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        rank = len(xs[0])
        if not -rank < self.axis < rank or self.axis == 0:
            return Refusal(
                Message("axis {axis} is not an axis of {shape}.", axis=self.axis, shape=shape_text(xs[0])),
                Message("Use -1 for the last axis."),
                "axis",
                {"axis": -1},
            )
        axis = self.axis % rank
        rest = [x[:axis] + x[axis + 1 :] for x in xs if len(x) == rank]
        together = common(rest) if len(rest) == len(xs) else None
        if together is None:
            return Refusal(
                Message(
                    "{shapes} can be joined along axis {axis} only if all other sizes are equal.",
                    shapes=" and ".join(shape_text(x) for x in xs),
                    axis=self.axis,
                ),
                Message("Bring the inputs to the same size, or choose another axis."),
                "axis",
            )
        sizes = [x[axis] for x in xs]
        joined = None if any(n is None for n in sizes) else sum(n for n in sizes if n is not None)
        return (*together[:axis], joined, *together[axis:])

    def card(self, xs: Shapes | None) -> str:
        return " · ".join([plural(len(xs or ()), "input"), *([] if self.axis == -1 else [f"axis {self.axis}"])])


def common(shapes: list[Shape]) -> Shape | None:
    """The shape that all agree with, or None; an unknown size agrees with every size."""
    out = []
    for sizes in zip(*shapes, strict=True):
        known = {n for n in sizes if n is not None}
        if len(known) > 1:
            return None
        out.append(known.pop() if known else None)
    return tuple(out)


def broadcast(xs: Shapes) -> Shape | Refusal:
    """The shape of values combined one by one, as Keras's merge layers do it: a size of 1 fits every size."""
    rank = max(map(len, xs))
    padded = [(x[0], *(1,) * (rank - len(x)), *x[1:]) for x in xs]
    out: list[int | None] = []
    for sizes in zip(*padded, strict=True):
        wide = {n for n in sizes if n is not None and n != 1}
        if len(wide) > 1:
            return Refusal(
                Message("{shapes} have different sizes.", shapes=" and ".join(shape_text(x) for x in xs)),
                Message("Bring them to the same size, for example with a Dense or a 1×1 Conv2D on one branch."),
            )
        out.append(wide.pop() if wide else None if None in sizes else 1)
    return tuple(out)
