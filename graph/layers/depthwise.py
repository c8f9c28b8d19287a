"""Convolutions whose filters see one channel each, with or without a mixture of the channels behind."""

from __future__ import annotations

from math import prod

from graph.layers.base import Layer, Weight, layer
from graph.layers.filters import AlongSteps, Biased, Dilated, Filtered, Sliding
from graph.layers.parameters import ConstraintName, DepthMultiplier, InitializerName, RegularizerName
from graph.shapes import Refusal, Shape, Shapes


class Deep(Layer):
    """How many filters look at a channel."""

    depth_multiplier: int = DepthMultiplier()


class Depthwise(Biased, Dilated, Deep, Sliding):
    """Filters of one channel each."""

    depthwise_initializer: str = InitializerName("glorot_uniform", "How the filters begin.")
    bias_initializer: str = InitializerName("zeros", "How the bias begins.")
    depthwise_regularizer: str | None = RegularizerName("the filters")
    bias_regularizer: str | None = RegularizerName("the bias")
    activity_regularizer: str | None = RegularizerName("the output")
    depthwise_constraint: str | None = ConstraintName("the filters")
    bias_constraint: str | None = ConstraintName("the bias")

    def output(self, xs: Shapes) -> Shape | Refusal:
        return self.places(xs[0], self.channels(xs) * self.depth_multiplier)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        channels = self.channels(xs)
        kernel = self.weight("depthwise", (*self.kernel_size, channels, self.depth_multiplier))
        return {"kernel": kernel} | self.bias(channels * self.depth_multiplier)

    def macs(self, xs: Shapes, y: Shape) -> int:
        return prod(self.kernel_size) * prod(n or 1 for n in y[1:])


@layer(category="Convolution")
class DepthwiseConv2D(Depthwise):
    """Slide filters over height and width, each over a channel of its own."""


@layer(category="Convolution")
class DepthwiseConv1D(AlongSteps, Depthwise):
    """Slide filters over the steps of a sequence, each over a feature of its own."""


class Separable(Biased, Deep, Dilated, Sliding, Filtered):
    """Filters of one channel each, and then a mixture of the channels at every place."""

    depthwise_initializer: str = InitializerName("glorot_uniform", "How the filters of single channels begin.")
    pointwise_initializer: str = InitializerName("glorot_uniform", "How the mixture of the channels begins.")
    bias_initializer: str = InitializerName("zeros", "How the bias begins.")
    depthwise_regularizer: str | None = RegularizerName("the filters of single channels")
    pointwise_regularizer: str | None = RegularizerName("the mixture of the channels")
    bias_regularizer: str | None = RegularizerName("the bias")
    activity_regularizer: str | None = RegularizerName("the output")
    depthwise_constraint: str | None = ConstraintName("the filters of single channels")
    pointwise_constraint: str | None = ConstraintName("the mixture of the channels")
    bias_constraint: str | None = ConstraintName("the bias")

    def output(self, xs: Shapes) -> Shape | Refusal:
        return self.places(xs[0], self.filters)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        deep = self.channels(xs) * self.depth_multiplier
        return {
            "depthwise_kernel": self.weight("depthwise", (*self.kernel_size, self.channels(xs), self.depth_multiplier)),
            "pointwise_kernel": self.weight("pointwise", (*(1,) * len(self.kernel_size), deep, self.filters)),
            **self.bias(self.filters),
        }

    def macs(self, xs: Shapes, y: Shape) -> int:
        deep = self.channels(xs) * self.depth_multiplier
        return deep * (prod(self.kernel_size) + self.filters) * (prod(n or 1 for n in y[1:]) // self.filters)


@layer(category="Convolution")
class SeparableConv2D(Separable):
    """Slide a filter over every channel of an image, then mix the channels: few weights for many filters."""


@layer(category="Convolution")
class SeparableConv1D(AlongSteps, Separable):
    """Slide a filter over every feature of a sequence, then mix the features: few weights for many filters."""
