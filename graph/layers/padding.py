"""Layers that cut off edges, add zeros around, or make every value several."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from graph.fields import Choice, Int, Ints
from graph.fields.pairs import Pairs
from graph.layers.axes import DataFormat, as_laid_out, channels_last
from graph.layers.base import Layer, layer
from graph.layers.filters import IMAGES, STEPS
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes

Edges = tuple[tuple[int, int], ...]


class Edged(Layer, ABC):
    """Something before and after every axis but the channels."""

    sign: ClassVar[int] = 1

    @abstractmethod
    def edges(self) -> Edges:
        """How much before and after each axis."""

    def output(self, xs: Shapes) -> Shape | Refusal:
        data_format = self.config().get("data_format", "channels_last")
        batch, *sizes, channels = channels_last(xs[0], data_format)
        out = [None if n is None else n + self.sign * sum(edge) for n, edge in zip(sizes, self.edges(), strict=True)]
        if any(n is not None and n < 1 for n in out):
            return Refusal(
                Message(
                    "Cutting {cut} off {have} leaves nothing.",
                    cut=" × ".join(f"{before}+{after}" for before, after in self.edges()),
                    have="×".join("?" if n is None else str(n) for n in sizes),
                ),
                Message("Cut off less."),
                "cropping",
                {"cropping": 0},
            )
        return as_laid_out((batch, *out, channels), data_format)


@layer(category="Reshape")
class Cropping1D(Edged):
    """Cut steps off the beginning and the end of a sequence."""

    inputs = STEPS
    sign = -1

    cropping: tuple[int, ...] = Ints(
        default=(1, 1), min=0, max=1_000_000, show="value", doc="Steps cut off before and after."
    )

    def edges(self) -> Edges:
        return ((self.cropping[0], self.cropping[1]),)


@layer(category="Reshape")
class Cropping2D(Edged):
    """Cut rows and columns off the edges of images."""

    inputs = IMAGES
    sign = -1

    cropping: Edges = Pairs(
        default=((0, 0), (0, 0)), max=100_000, doc="Rows cut off above and below, columns cut off left and right."
    )
    data_format: str = DataFormat()

    def edges(self) -> Edges:
        return self.cropping


@layer(category="Reshape")
class ZeroPadding1D(Edged):
    """Put zeros before and after a sequence."""

    inputs = STEPS

    padding: tuple[int, ...] = Ints(default=(1, 1), min=0, max=1_000_000, show="value", doc="Zeros before and after.")
    data_format: str = DataFormat()

    def edges(self) -> Edges:
        return ((self.padding[0], self.padding[1]),)


@layer(category="Reshape")
class ZeroPadding2D(Edged):
    """Put rows and columns of zeros around images."""

    inputs = IMAGES

    padding: Edges = Pairs(
        default=((1, 1), (1, 1)), max=100_000, doc="Rows of zeros above and below, columns of zeros left and right."
    )
    data_format: str = DataFormat()

    def edges(self) -> Edges:
        return self.padding


@layer(category="Reshape")
class UpSampling1D(Layer):
    """Repeat every step of a sequence."""

    inputs = STEPS

    size: int = Int(default=2, min=1, max=65_536, show="value", doc="How often each step is repeated.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, steps, features = xs[0]
        return (batch, None if steps is None else steps * self.size, features)

    def card(self, xs: Shapes | None) -> str:
        return f"× {self.size}"


@layer(category="Reshape")
class UpSampling2D(Layer):
    """Make images larger, by repeating values or by blending between them."""

    inputs = IMAGES

    size: tuple[int, ...] = Ints(default=(2, 2), max=1024, show="value", doc="How many times as high and as wide.")
    data_format: str = DataFormat()
    interpolation: str = Choice(
        default="nearest",
        choices=("nearest", "bilinear"),
        doc="nearest: every value is repeated. bilinear: the values between are blended.",
    )

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = channels_last(xs[0], self.data_format)
        out = [None if n is None else n * s for n, s in zip(sizes, self.size, strict=True)]
        if self.interpolation != "nearest" and None in out:
            return Refusal(
                Message("Height or width is not known, so there is nothing to blend by."),
                Message("State the whole shape in the Input node, or use interpolation='nearest'."),
                "interpolation",
                {"interpolation": "nearest"},
            )
        return as_laid_out((batch, *out, channels), self.data_format)
