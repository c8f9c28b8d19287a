"""Layers that lay the same values out in another shape."""

from __future__ import annotations

from math import prod

from graph.fields import Int, Sizes
from graph.layers.axes import DataFormat
from graph.layers.base import Layer, Port, layer
from graph.message import Message, plural
from graph.shapes import Refusal, Shape, Shapes, shape_text, size


@layer(category="Reshape")
class Flatten(Layer):
    """Lay all values of a sample out in one row."""

    data_format: str = DataFormat()

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


@layer(category="Reshape")
class Permute(Layer):
    """Put the axes of a sample into another order."""

    dims: tuple[int, ...] = Sizes(
        default=(2, 1), show="value", doc="The axes in their new order, counted from 1 behind the batch."
    )

    def output(self, xs: Shapes) -> Shape | Refusal:
        rank = len(xs[0]) - 1
        if sorted(self.dims) != list(range(1, rank + 1)):
            return Refusal(
                Message(
                    "dims is {dims}, but {shape} has {axes}.",
                    dims=self.dims,
                    shape=shape_text(xs[0]),
                    axes=plural(rank, "axis", "axes"),
                ),
                Message("Name every axis from 1 to {rank} once.", rank=rank),
                "dims",
                {"dims": tuple(range(rank, 0, -1))},
            )
        return (xs[0][0], *(xs[0][axis] for axis in self.dims))

    def card(self, xs: Shapes | None) -> str:
        return f"axes {', '.join(map(str, self.dims)) or 'none'}"


@layer(category="Reshape")
class RepeatVector(Layer):
    """Repeat a row of features as the steps of a sequence."""

    inputs = (Port("x", "A row of features.", ranks=(2,)),)

    n: int = Int(default=2, min=1, max=1_000_000, show="value", doc="How often the row is repeated.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        return (xs[0][0], self.n, xs[0][1])

    def card(self, xs: Shapes | None) -> str:
        return f"× {self.n}"
