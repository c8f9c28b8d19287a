"""Convolutions whose filters see one channel each, with or without a mixture of the channels behind."""

from __future__ import annotations

from math import prod

from graph.fields import Choice
from graph.layers.axes import DataFormat, as_laid_out, channels_last
from graph.layers.base import Layer, Weight, layer
from graph.layers.convolution import IMAGES, PADDING_DOC, STEPS, unfit
from graph.layers.parameters import (
    ActivationName,
    ConstraintName,
    DepthMultiplier,
    Dilation,
    Filters,
    InitializerName,
    KernelSize,
    RegularizerName,
    Strides,
    UseBias,
)
from graph.layers.windows import PADDINGS, places
from graph.shapes import Refusal, Shape, Shapes


class Depthwise(Layer):
    """Filters of one channel each."""

    inputs = IMAGES

    kernel_size: tuple[int, ...] = KernelSize(2)
    strides: tuple[int, ...] = Strides(2)
    padding: str = Choice(default="valid", choices=PADDINGS, show="value", doc=PADDING_DOC)
    depth_multiplier: int = DepthMultiplier()
    data_format: str = DataFormat()
    dilation_rate: tuple[int, ...] = Dilation(2)
    activation: str = ActivationName()
    use_bias: bool = UseBias()
    depthwise_initializer: str = InitializerName("glorot_uniform", "How the filters begin.")
    bias_initializer: str = InitializerName("zeros", "How the bias begins.")
    depthwise_regularizer: str | None = RegularizerName("the filters of single channels")
    depthwise_constraint: str | None = ConstraintName("the filters of single channels")
    bias_regularizer: str | None = RegularizerName("the bias")
    bias_constraint: str | None = ConstraintName("the bias")

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = channels_last(xs[0], self.data_format)
        refused = unfit(channels, self.strides, self.dilation_rate)
        out = refused or places(sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        if isinstance(out, Refusal):
            return out
        return as_laid_out((batch, *out, (channels or 1) * self.depth_multiplier), self.data_format)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        channels = channels_last(xs[0], self.data_format)[-1] or 1
        kernel = {"kernel": self.weight("depthwise", (*self.kernel_size, channels, self.depth_multiplier))}
        return kernel | ({"bias": self.weight("bias", (channels * self.depth_multiplier,))} if self.use_bias else {})

    def macs(self, xs: Shapes, y: Shape) -> int:
        return prod(self.kernel_size) * prod(n or 1 for n in y[1:])


@layer(category="Convolution")
class DepthwiseConv2D(Depthwise):
    """Slide filters over height and width, each over a channel of its own."""


@layer(category="Convolution")
class DepthwiseConv1D(Depthwise):
    """Slide filters over the steps of a sequence, each over a feature of its own."""

    inputs = STEPS

    kernel_size: tuple[int, ...] = KernelSize(1)
    strides: tuple[int, ...] = Strides(1)
    dilation_rate: tuple[int, ...] = Dilation(1)


class Separable(Layer):
    """Filters of one channel each, and then a mixture of the channels at every place."""

    inputs = IMAGES

    filters: int = Filters()
    kernel_size: tuple[int, ...] = KernelSize(2)
    strides: tuple[int, ...] = Strides(2)
    padding: str = Choice(default="valid", choices=PADDINGS, show="value", doc=PADDING_DOC)
    data_format: str = DataFormat()
    dilation_rate: tuple[int, ...] = Dilation(2)
    depth_multiplier: int = DepthMultiplier()
    activation: str = ActivationName()
    use_bias: bool = UseBias()
    depthwise_initializer: str = InitializerName("glorot_uniform", "How the filters of single channels begin.")
    pointwise_initializer: str = InitializerName("glorot_uniform", "How the mixture of the channels begins.")
    pointwise_regularizer: str | None = RegularizerName("the mixture of the channels")
    pointwise_constraint: str | None = ConstraintName("the mixture of the channels")
    bias_initializer: str = InitializerName("zeros", "How the bias begins.")
    depthwise_regularizer: str | None = RegularizerName("the filters of single channels")
    depthwise_constraint: str | None = ConstraintName("the filters of single channels")
    bias_regularizer: str | None = RegularizerName("the bias")
    bias_constraint: str | None = ConstraintName("the bias")

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = channels_last(xs[0], self.data_format)
        refused = unfit(channels, self.strides, self.dilation_rate)
        out = refused or places(sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        return out if isinstance(out, Refusal) else as_laid_out((batch, *out, self.filters), self.data_format)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        channels = channels_last(xs[0], self.data_format)[-1] or 1
        mixed = (*(1,) * len(self.kernel_size), channels * self.depth_multiplier, self.filters)
        kernels = {
            "depthwise_kernel": self.weight("depthwise", (*self.kernel_size, channels, self.depth_multiplier)),
            "pointwise_kernel": self.weight("pointwise", mixed),
        }
        return kernels | ({"bias": self.weight("bias", (self.filters,))} if self.use_bias else {})

    def macs(self, xs: Shapes, y: Shape) -> int:
        deep = (channels_last(xs[0], self.data_format)[-1] or 1) * self.depth_multiplier
        return deep * (prod(self.kernel_size) + self.filters) * (prod(n or 1 for n in y[1:]) // self.filters)


@layer(category="Convolution")
class SeparableConv2D(Separable):
    """Slide a filter over every channel of an image, then mix the channels: few weights for many filters."""


@layer(category="Convolution")
class SeparableConv1D(Separable):
    """Slide a filter over every feature of a sequence, then mix the features: few weights for many filters."""

    inputs = STEPS

    kernel_size: tuple[int, ...] = KernelSize(1)
    strides: tuple[int, ...] = Strides(1)
    dilation_rate: tuple[int, ...] = Dilation(1)
