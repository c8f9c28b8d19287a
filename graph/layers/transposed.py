"""Convolutions run backwards: every value is spread over a window, so that images grow."""

from __future__ import annotations

from graph.fields import Choice, Ints
from graph.layers.axes import DataFormat, as_laid_out, channels_last
from graph.layers.base import Layer, Weight, layer
from graph.layers.convolution import IMAGES, STEPS, unfit
from graph.layers.parameters import (
    LARGEST_WINDOW,
    ActivationName,
    ConstraintName,
    Dilation,
    Filters,
    InitializerName,
    KernelSize,
    RegularizerName,
    Strides,
    UseBias,
)
from graph.layers.windows import PADDINGS, spread
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes

PADDING_DOC = "valid: the whole of every window is kept. same: the result is as large as the input times the strides."


class Transposed(Layer):
    """Filters that spread every value over a window."""

    inputs = IMAGES

    filters: int = Filters()
    kernel_size: tuple[int, ...] = KernelSize(2)
    strides: tuple[int, ...] = Strides(2)
    padding: str = Choice(default="valid", choices=PADDINGS, show="value", doc=PADDING_DOC)
    output_padding: tuple[int, ...] | None = Ints(
        default=None, optional=True, min=0, max=LARGEST_WINDOW, none_text="by the rule", doc="Sizes added at the end."
    )
    data_format: str = DataFormat()
    dilation_rate: tuple[int, ...] = Dilation(2)
    activation: str = ActivationName()
    use_bias: bool = UseBias()
    kernel_initializer: str = InitializerName("glorot_uniform", "How the filters begin.")
    bias_initializer: str = InitializerName("zeros", "How the bias begins.")
    kernel_regularizer: str | None = RegularizerName("the filters")
    bias_regularizer: str | None = RegularizerName("the bias")
    kernel_constraint: str | None = ConstraintName("the filters")
    bias_constraint: str | None = ConstraintName("the bias")

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = channels_last(xs[0], self.data_format)
        refused = unfit(channels, self.strides, self.dilation_rate)
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
        channels = channels_last(xs[0], self.data_format)[-1] or 1
        kernel = {"kernel": self.weight("kernel", (*self.kernel_size, self.filters, channels))}
        return kernel | ({"bias": self.weight("bias", (self.filters,))} if self.use_bias else {})

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
class Conv1DTranspose(Transposed):
    """Spread every step over a window of steps: a convolution run backwards."""

    inputs = STEPS

    kernel_size: tuple[int, ...] = KernelSize(1)
    strides: tuple[int, ...] = Strides(1)
    output_padding: tuple[int, ...] | None = Ints(
        default=None,
        optional=True,
        count=1,
        min=0,
        max=LARGEST_WINDOW,
        none_text="by the rule",
        doc="Steps added at the end.",
    )
    dilation_rate: tuple[int, ...] = Dilation(1)
