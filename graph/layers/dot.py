"""A product of two inputs along an axis of each."""

from __future__ import annotations

from math import prod

from graph.fields import Bool, Ints
from graph.layers.base import Layer, layer
from graph.layers.merge import PAIR
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes, agree, shape_text


@layer(category="Merge")
class Dot(Layer):
    """Multiply two inputs along one axis of each and sum over it; a matrix product for every sample."""

    inputs = PAIR

    axes: tuple[int, ...] = Ints(
        default=(-1, -1),
        min=-7,
        max=7,
        show="value",
        doc="The axis of the first and of the second input, counted with the batch as 0.",
    )
    normalize: bool = Bool(default=False, doc="Whether the values along the axes are brought to length 1 before.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        for x, axis in zip(xs, self.axes, strict=True):
            if not -len(x) < axis < len(x) or axis == 0:
                return Refusal(
                    Message("axis {axis} is not an axis of {shape}.", axis=axis, shape=shape_text(x)),
                    Message("Use -1 for the last axis."),
                    "axes",
                    {"axes": (-1, -1)},
                )
        first, second = (axis % len(x) for x, axis in zip(xs, self.axes, strict=True))
        if not agree(xs[0][first : first + 1], xs[1][second : second + 1]):
            return Refusal(
                Message(
                    "Axis {a} of {x} and axis {b} of {x2} have different sizes.",
                    a=first,
                    x=shape_text(xs[0]),
                    b=second,
                    x2=shape_text(xs[1]),
                ),
                Message("Choose two axes of the same size."),
                "axes",
            )
        rest = xs[0][1:first] + xs[0][first + 1 :] + xs[1][1:second] + xs[1][second + 1 :]
        return (xs[0][0], *(rest or (1,)))

    def macs(self, xs: Shapes, y: Shape) -> int:
        return (xs[0][self.axes[0]] or 1) * prod(n or 1 for n in y[1:])

    def card(self, xs: Shapes | None) -> str:
        return f"axes {self.axes[0]}, {self.axes[1]}" + (" · normalized" if self.normalize else "")
