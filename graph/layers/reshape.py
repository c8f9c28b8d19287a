"""Layers that lay the same values out in another shape."""

from __future__ import annotations

from math import prod

from graph.fields import Sizes
from graph.layers.base import Layer, layer
from graph.message import Message, plural
from graph.shapes import Refusal, Shape, Shapes, shape_text, size


@layer(category="Reshape")
class Flatten(Layer):
    """Lay all values of a sample out in one row."""

    def output(self, xs: Shapes) -> Shape | Refusal:
        return (xs[0][0], size(xs[0][1:]))

    def card(self, xs: Shapes | None) -> str:
        count = size(xs[0][1:]) if xs else None
        return "one row a sample" if count is None else f"{plural(count, 'value')} a sample"


@layer(category="Reshape")
class Reshape(Layer):
    """Give the values of a sample another shape."""

    target_shape: tuple[int, ...] = Sizes(
        default=(-1,),
        inferred=True,
        show="value",
        doc="The new sizes, without the batch; one may be -1 for what is left.",
    )

    def output(self, xs: Shapes) -> Shape | Refusal:
        have = size(xs[0][1:])
        named = prod(n for n in self.target_shape if n != -1)
        if have is None:
            return (xs[0][0], *(None if n == -1 else n for n in self.target_shape))
        if have % named or (-1 not in self.target_shape and have != named):
            return Refusal(
                Message(
                    "{have} values ({shape}) cannot be laid out as {target}.",
                    have=have,
                    shape=shape_text(xs[0]),
                    target="×".join(map(str, self.target_shape)),
                ),
                Message("The sizes must multiply to {have}; one may be -1.", have=have),
                "target_shape",
                {"target_shape": (-1,)},
            )
        return (xs[0][0], *(have // named if n == -1 else n for n in self.target_shape))
