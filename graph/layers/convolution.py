"""Layers that slide filters over their input."""

from __future__ import annotations

from graph.fields import Choice, Int
from graph.layers.axes import DataFormat, as_laid_out, channels_last
from graph.layers.base import Layer, Port, Weight, layer
from graph.layers.parameters import (
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
from graph.layers.windows import PADDINGS, places
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes

STEPS = (Port("x", "A sequence: steps, features.", ranks=(3,)),)
IMAGES = (Port("x", "Images: height, width, channels.", ranks=(4,)),)
VOLUMES = (Port("x", "Volumes: depth, height, width, channels.", ranks=(5,)),)
PADDING_DOC = "valid: filters stay inside the image. same: zeros around it, so that it keeps its size at stride 1."
CAUSAL_DOC = "valid: filters stay inside. same: zeros on both sides. causal: zeros before, so that none looks ahead."


class Convolution(Layer):
    """Filters over one axis or more, and the sum over channels."""

    inputs = IMAGES

    filters: int = Filters()
    kernel_size: tuple[int, ...] = KernelSize(2)
    strides: tuple[int, ...] = Strides(2)
    padding: str = Choice(default="valid", choices=PADDINGS, show="value", doc=PADDING_DOC)
    data_format: str = DataFormat()
    dilation_rate: tuple[int, ...] = Dilation(2)
    groups: int = Int(
        default=1,
        min=1,
        max=65_536,
        doc="Number of parts that channels and filters are split into; each part of the filters sees its own channels.",
    )
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
        refused = unfit(channels, self.strides, self.dilation_rate) or self._ungrouped(channels)
        if refused is not None:
            return refused
        out = places(sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        return out if isinstance(out, Refusal) else as_laid_out((batch, *out, self.filters), self.data_format)

    def _ungrouped(self, channels: int | None) -> Refusal | None:
        """A refusal where channels or filters cannot be split into the groups."""
        for count, what in ((channels, Message("channels")), (self.filters, Message("filters"))):
            if (count or 0) % self.groups:
                return Refusal(
                    Message("{n} {what} cannot be split into {groups} groups.", n=count, what=what, groups=self.groups),
                    Message("Choose a number of groups that divides both channels and filters."),
                    "groups",
                    {"groups": 1},
                )
        return None

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        channels = channels_last(xs[0], self.data_format)[-1] or 1
        kernel = {"kernel": self.weight("kernel", (*self.kernel_size, channels // self.groups, self.filters))}
        return kernel | ({"bias": self.weight("bias", (self.filters,))} if self.use_bias else {})

    def macs(self, xs: Shapes, y: Shape) -> int:
        count = self.filters * (channels_last(xs[0], self.data_format)[-1] or 1) // self.groups
        for n in (*self.kernel_size, *channels_last(y, self.data_format)[1:-1]):
            count *= n or 1
        return count


@layer(category="Convolution")
class Conv2D(Convolution):
    """Slide filters over height and width, and sum over channels."""


@layer(category="Convolution")
class Conv1D(Convolution):
    """Slide filters over the steps of a sequence, and sum over features."""

    inputs = STEPS

    kernel_size: tuple[int, ...] = KernelSize(1)
    strides: tuple[int, ...] = Strides(1)
    padding: str = Choice(default="valid", choices=(*PADDINGS, "causal"), show="value", doc=CAUSAL_DOC)
    dilation_rate: tuple[int, ...] = Dilation(1)


@layer(category="Convolution")
class Conv3D(Convolution):
    """Slide filters over depth, height and width, and sum over channels."""

    inputs = VOLUMES

    kernel_size: tuple[int, ...] = KernelSize(3)
    strides: tuple[int, ...] = Strides(3)
    dilation_rate: tuple[int, ...] = Dilation(3)


def unfit(channels: int | None, strides: tuple[int, ...], dilation: tuple[int, ...]) -> Refusal | None:
    """Why no convolution can be made of these: open channels, or both strides and dilation."""
    if channels is None:
        return Refusal(
            Message("The number of channels is not known, so the filters have no size."),
            Message("State the last size of the shape in the Input node."),
        )
    if max(strides) > 1 and max(dilation) > 1:
        return Refusal(
            Message("strides and dilation_rate are both above 1."),
            Message("Set one of them to 1."),
            "dilation_rate",
            {"dilation_rate": (1,) * len(dilation)},
        )
    return None
