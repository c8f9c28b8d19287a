"""Convolutions of single channels, a row of places in one loop; windows of 3×3 without coming back to a place."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from engine.crew import share, split
from engine.fast import loops, wide
from engine.fast.convolution import Padding
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

Pair = tuple[int, int]
LANES = 16


def suits(layer: Layer) -> bool:
    """Whether the loops can: with strides of 1 and one filter a channel."""
    config = layer.config()
    return bool(config["depth_multiplier"] == 1 and prod(config["strides"]) == 1)


def suits_nine(layer: Depthwise | Separable, x: Sizes, site: Site) -> bool:
    """Whether the weights can stay in registers."""
    return wide() and site.dtype == np.float32 and tuple(layer.kernel_size) == (3, 3) and x[-1] % LANES == 0


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
        parts = split(x[0], macs=float(8 * taps * prod(y)))
        self.nine = Nine(parts, x, y, self.geometry, site) if suits_nine(layer, x, site) else None
        self.rows = site.scratch(taps, 0 if self.nine else places * channels)
        self.parts = [(part, site.for_backward(taps, places * channels)) for part in parts]
        self.x: Array = w

    def forward(self, x: Array, y: Array) -> None:
        """Write `y`."""
        self.x, out = as_images(x), as_images(y)
        if self.nine is not None:
            self.nine.forward(self.x, self.w[:, 0], out)
            return
        np.copyto(self.rows.reshape(self.by_place), self.w)
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
        if self.nine is not None:
            self.nine.backward(slopes, self.w[::-1, 0], out)
            return

        def run(part: tuple[slice, Array]) -> None:
            loops.depthwise_slope(slopes[part[0]], self.rows, *self.geometry, out[part[0]])

        share(run, self.parts)


class Nine:
    """y = sum over 3×3 taps of x[tap] w[tap],  dx = the same of dy with the taps turned around

    Zeros are laid around some images at a time.
    """

    def __init__(
        self, parts: Sequence[slice], x: Sizes, y: Sizes, geometry: tuple[Pair, Pair, Pair], site: Site
    ) -> None:
        _, self.dilation, pads = geometry
        before = tuple(2 * d - pad for d, pad in zip(self.dilation, pads, strict=True))
        self.parts = [self.padding(part, x, y, pads, site) for part in parts]
        self.back = [self.padding(part, y, x, before, site) for part in parts] if site.training else []
        self.turned = site.for_backward(9, x[-1])

    def padding(self, samples: slice, x: Sizes, y: Sizes, before: Sizes, site: Site) -> Padding:
        """That of images (batch, height, width, channels) from which others are computed."""
        size = tuple(n + 2 * d for n, d in zip(y[1:-1], self.dilation, strict=True))
        return Padding(samples, (x[1], x[2]), size if size != x[1:-1] else None, before, x[-1], site)

    def forward(self, x: Array, w: Array, y: Array) -> None:
        """Write `y`."""
        self.run(self.parts, x, w, y)

    def backward(self, dy: Array, w_turned: Array, dx: Array) -> None:
        """Write `dx`."""
        np.copyto(self.turned, w_turned)
        self.run(self.back, dy, self.turned, dx)

    def run(self, parts: Sequence[Padding], x: Array, w: Array, y: Array) -> None:
        """The convolution of `x`, with the zeros that `parts` lay around it."""

        def run(part: Padding) -> None:
            for samples in part.blocks:
                loops.depthwise_nine(part.padded(x[samples]), w, self.dilation, y[samples])

        share(run, parts)


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
