"""Layers that keep one value of a window, or of the whole image."""

from __future__ import annotations

from graph.fields import Bool, Choice, Ints
from graph.layers.base import Layer, Port, layer
from graph.layers.windows import PADDINGS, places
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes

IMAGES = Port("x", "Images: height, width, channels.", ranks=(4,))


class Pooling2D(Layer):
    """A window that moves over height and width, each channel by itself."""

    inputs = (IMAGES,)

    pool_size: tuple[int, ...] = Ints(default=(2, 2), max=255, show="value", doc="Height and width of the window.")
    strides: tuple[int, ...] | None = Ints(
        default=None,
        optional=True,
        max=255,
        none_text="as the window",
        doc="Steps between places; left empty, the windows lie side by side.",
    )
    padding: str = Choice(
        default="valid", choices=PADDINGS, doc="valid: windows stay inside the image. same: the edge is padded."
    )

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = xs[0]
        out = places(sizes, self.pool_size, self.strides or self.pool_size, self.padding, (1, 1))
        return out if isinstance(out, Refusal) else (batch, *out, channels)


@layer(category="Pooling")
class MaxPooling2D(Pooling2D):
    """Keep the largest value of every window."""


@layer(category="Pooling")
class AveragePooling2D(Pooling2D):
    """Keep the mean of every window; padding does not count."""


@layer(category="Pooling")
class GlobalAveragePooling2D(Layer):
    """Keep the mean of every channel over height and width."""

    inputs = (IMAGES,)

    keepdims: bool = Bool(default=False, doc="Whether height and width stay as axes of size 1.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, height, width, channels = xs[0]
        if height is None or width is None:
            return Refusal(
                Message("Height or width is not known, so there is no mean over them."),
                Message("State the whole shape in the Input node."),
            )
        return (batch, 1, 1, channels) if self.keepdims else (batch, channels)
