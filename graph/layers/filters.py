"""What the layers that slide filters have in common: blocks of parameters, and what follows from them.

A layer names its blocks in the order of Keras's arguments from the last to the first, because a dataclass takes the
parameters of its bases in that order: `class Convolution(Kernels, Grouped, Dilated, Sliding, Filtered)`.
"""

from __future__ import annotations

from typing import ClassVar

from graph.fields import Choice
from graph.layers.axes import DataFormat, as_laid_out, channels_last
from graph.layers.base import Layer, Port, Weight
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


class Filtered(Layer):
    """How many filters there are."""

    filters: int = Filters()


class Sliding(Layer):
    """How large a window is, and where it goes."""

    inputs: ClassVar[tuple[Port, ...]] = IMAGES

    kernel_size: tuple[int, ...] = KernelSize(2)
    strides: tuple[int, ...] = Strides(2)
    padding: str = Choice(default="valid", choices=PADDINGS, show="value", doc=PADDING_DOC)


class Dilated(Sliding):
    """How the input is laid out, and how far apart the values in a window are."""

    data_format: str = DataFormat()
    dilation_rate: tuple[int, ...] = Dilation(2)

    def channels(self, xs: Shapes) -> int:
        """How many channels come in."""
        return channels_last(xs[0], self.data_format)[-1] or 1

    def unfit(self, channels: int | None) -> Refusal | None:
        """Why no convolution can be made of these: open channels, or both strides and dilation."""
        if channels is None:
            return Refusal(
                Message("The number of channels is not known, so the filters have no size."),
                Message("State the last size of the shape in the Input node."),
            )
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            return Refusal(
                Message("strides and dilation_rate are both above 1."),
                Message("Set one of them to 1."),
                "dilation_rate",
                {"dilation_rate": (1,) * len(self.dilation_rate)},
            )
        return None

    def places(self, x: Shape, filters: int) -> Shape | Refusal:
        """The output with `filters` channels for the places that the windows take."""
        batch, *sizes, channels = channels_last(x, self.data_format)
        out = self.unfit(channels) or places(sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        return out if isinstance(out, Refusal) else as_laid_out((batch, *out, filters), self.data_format)


class AlongSteps(Dilated):
    """Windows of one axis."""

    inputs = STEPS

    kernel_size: tuple[int, ...] = KernelSize(1)
    strides: tuple[int, ...] = Strides(1)
    dilation_rate: tuple[int, ...] = Dilation(1)


class InVolumes(Dilated):
    """Windows of three axes."""

    inputs = VOLUMES

    kernel_size: tuple[int, ...] = KernelSize(3)
    strides: tuple[int, ...] = Strides(3)
    dilation_rate: tuple[int, ...] = Dilation(3)


class Biased(Layer):
    """What is done with the result: a bias and a function."""

    activation: str = ActivationName()
    use_bias: bool = UseBias()

    def bias(self, size: int) -> dict[str, Weight]:
        """The bias, where there is one."""
        return {"bias": self.weight("bias", (size,))} if self.use_bias else {}


class Kernels(Biased):
    """One array of filters and a bias: how they begin, and what holds them."""

    kernel_initializer: str = InitializerName("glorot_uniform", "How the filters begin.")
    bias_initializer: str = InitializerName("zeros", "How the bias begins.")
    kernel_regularizer: str | None = RegularizerName("the filters")
    bias_regularizer: str | None = RegularizerName("the bias")
    activity_regularizer: str | None = RegularizerName("the output")
    kernel_constraint: str | None = ConstraintName("the filters")
    bias_constraint: str | None = ConstraintName("the bias")
