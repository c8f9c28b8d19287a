"""Convolutions run backwards: every value is spread over a window, so that images grow."""

from __future__ import annotations

from typing import Any

from graph.fields import Choice, Ints
from graph.layers.axes import as_laid_out, channels_last
from graph.layers.base import Layer, Weight, layer
from graph.layers.filters import AlongSteps, Dilated, Filtered, Kernels, Sliding
from graph.layers.parameters import LARGEST_WINDOW
from graph.layers.windows import PADDINGS, spread
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes

PADDING_DOC = "valid: the whole of every window is kept. same: the result is as large as the input times the strides."


def OutputPadding(count: int) -> Any:
    """What is added at the end of each axis."""
    return Ints(
        default=None,
        count=count,
        optional=True,
        min=0,
        max=LARGEST_WINDOW,
        none_text="by the rule",
        rare=True,
        doc="Sizes added at the end.",
    )


class Extended(Layer):
    """Something added at the end."""

    output_padding: tuple[int, ...] | None = OutputPadding(2)


class Transposed(Kernels, Dilated, Extended, Sliding, Filtered):
    """Filters that spread every value over a window."""

    padding: str = Choice(default="valid", choices=PADDINGS, show="value", doc=PADDING_DOC)

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = channels_last(xs[0], self.data_format)
        refused = self.unfit(channels)
        if refused is not None:
            return refused
        if any(extra >= s for extra, s in zip(self.output_padding or (), self.strides, strict=False)):
            return Refusal(
                Message("output_padding must be below strides."),
                Message("Leave output_padding empty, or raise the strides."),
                "output_padding",
                {"output_padding": None},
            )
        out = [None if n is None else self.along(n, axis)[1] for axis, n in enumerate(sizes)]
        if any(n is not None and n < 1 for n in out):
            return Refusal(
                Message("Nothing would be left of the input."),
                Message("Use a larger window or larger strides."),
                "output_padding",
                {"output_padding": None},
            )
        return as_laid_out((batch, *out, self.filters), self.data_format)

    def along(self, n: int, axis: int) -> tuple[int, int]:
        """How much is cut off before an axis of `n`, and its new size."""
        extra = None if self.output_padding is None else self.output_padding[axis]
        return spread(n, self.kernel_size[axis], self.strides[axis], self.dilation_rate[axis], self.padding, extra)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        kernel = self.weight("kernel", (*self.kernel_size, self.filters, self.channels(xs)))
        return {"kernel": kernel} | self.bias(self.filters)

    def macs(self, xs: Shapes, y: Shape) -> int:
        *sizes, channels = channels_last(xs[0], self.data_format)[1:]
        count = self.filters * (channels or 1)
        for n in (*self.kernel_size, *sizes):
            count *= n or 1
        return count


@layer(category="Convolution")
class Conv2DTranspose(Transposed):
    """Spread every value over a window of height and width: a convolution run backwards."""


@layer(category="Convolution")
class Conv1DTranspose(AlongSteps, Transposed):
    """Spread every step over a window of steps: a convolution run backwards."""

    output_padding: tuple[int, ...] | None = OutputPadding(1)
