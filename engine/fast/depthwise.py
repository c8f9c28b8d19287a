"""Convolutions of single channels, a row of places in one loop."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from engine.crew import share, split
from engine.fast import loops
from engine.fast.images import as_images, pair
from engine.kernel import Array, Kernel, Site, Sizes, kernel
from engine.kernels.depthwise import ByChannel, DepthwiseKernel, SeparableKernel
from graph.layers.base import Layer
from graph.layers.depthwise import (
    Depthwise,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Separable,
    SeparableConv1D,
    SeparableConv2D,
)
from graph.layers.windows import pads


def suits(layer: Layer) -> bool:
    """Whether the loops can: with strides of 1 and one filter a channel."""
    config = layer.config()
    return bool(config["depth_multiplier"] == 1 and prod(config["strides"]) == 1)


class CompiledChannels(ByChannel):
    """y = sum over the taps of x[tap] w[tap], for every channel

    dw[tap] = sum x[tap] dy over the places,  dx[tap] += dy w[tap]

    `rows` are the weights, repeated for all places of a row; `drows` the gradients of these, for every thread.
    """

    def __init__(self, layer: Depthwise | Separable, y: Sizes, w: Array, dw: Array, site: Site) -> None:
        x, apart = site.xs[0], layer.dilation_rate
        sizes = zip(x[1:-1], layer.kernel_size, apart, strict=True)
        taps, places, channels = prod(layer.kernel_size), y[-2], x[-1]
        self.geometry = (
            pair(layer.kernel_size, 1),
            pair(apart, 1),
            pair([pads(n, k, 1, d, layer.padding)[0] for n, k, d in sizes], 0),
        )
        self.w, self.dw = w.reshape(taps, 1, channels), dw.reshape(taps, channels)
        self.by_place = (taps, places, channels)
        self.rows = site.scratch(taps, places * channels)
        parts = split(x[0], macs=float(8 * taps * prod(y)))
        self.parts = [(part, site.for_backward(taps, places * channels)) for part in parts]
        self.x: Array = w

    def forward(self, x: Array, y: Array) -> None:
        """Write `y`."""
        np.copyto(self.rows.reshape(self.by_place), self.w)
        self.x, out = as_images(x), as_images(y)
        share(lambda part: loops.depthwise(self.x[part[0]], self.rows, *self.geometry, out[part[0]]), self.parts)

    def weights(self, dy: Array) -> None:
        """Write `dw`."""
        slopes = as_images(dy)

        def run(part: tuple[slice, Array]) -> None:
            loops.depthwise_weights(slopes[part[0]], self.x[part[0]], *self.geometry, part[1])

        share(run, self.parts)
        first = self.parts[0][1]
        for _, other in self.parts[1:]:
            first += other
        np.sum(first.reshape(self.by_place), axis=1, out=self.dw)

    def backward(self, dy: Array, dx: Array) -> None:
        """Write `dx`."""
        slopes, out = as_images(dy), as_images(dx)

        def run(part: tuple[slice, Array]) -> None:
            loops.depthwise_slope(slopes[part[0]], self.rows, *self.geometry, out[part[0]])

        share(run, self.parts)


@kernel(DepthwiseConv1D)
@kernel(DepthwiseConv2D)
class CompiledDepthwise(DepthwiseKernel):
    """y = channels + b"""

    channels_of = CompiledChannels

    @classmethod
    def for_layer(cls, layer: Layer) -> type[Kernel[Any]]:
        return super().for_layer(layer) if suits(layer) else DepthwiseKernel.for_layer(layer)


@kernel(SeparableConv1D)
@kernel(SeparableConv2D)
class CompiledSeparable(SeparableKernel):
    """z = channels,  y = z w + b"""

    channels_of = CompiledChannels

    @classmethod
    def for_layer(cls, layer: Layer) -> type[Kernel[Any]]:
        return super().for_layer(layer) if suits(layer) else SeparableKernel.for_layer(layer)
