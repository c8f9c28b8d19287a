"""Convolutions of single channels, worked through tap by tap: every tap is one pass over a rectangle of the images."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import prod
from typing import ClassVar

import numpy as np

from engine.kernel import Array, Kernel, Site, Sizes, kernel
from engine.kernels.products import multiply, parts_of
from engine.kernels.windows import Windows, windows
from graph.layers.depthwise import (
    Depthwise,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Separable,
    SeparableConv1D,
    SeparableConv2D,
)


class ByChannel(ABC):
    """A convolution of single channels: that of the layer's windows without its bias."""

    @abstractmethod
    def __init__(self, layer: Depthwise | Separable, y: Sizes, w: Array, dw: Array, site: Site) -> None:
        """Bind weights and their gradient; `y` are the sizes of the output."""

    @abstractmethod
    def forward(self, x: Array, y: Array) -> None:
        """Write `y`."""

    @abstractmethod
    def weights(self, dy: Array) -> None:
        """Write `dw`, for the input of the last `forward`."""

    @abstractmethod
    def backward(self, dy: Array, dx: Array) -> None:
        """Write `dx`."""


class Channels(ByChannel):
    """y[m] = sum over the taps of x[tap] w[tap, m], for every channel and each of its filters m

    dw[tap, m] = sum x[tap] dy[m] over the places,  dx[tap] += dy[m] w[tap, m]
    """

    def __init__(self, layer: Depthwise | Separable, y: Sizes, w: Array, dw: Array, site: Site) -> None:
        x = site.xs[0]
        padded = windows(x, y, layer.kernel_size, layer.strides, layer.padding, layer.dilation_rate)
        sizes = (x[0], *padded.padded_size, x[-1])
        whole = Windows(sizes, y, layer.kernel_size, layer.strides, layer.dilation_rate, (0,) * len(layer.kernel_size))
        self.taps = [tap.x for tap in whole.taps]
        self.x, self.dx = site.scratch(*sizes), site.for_backward(*sizes)
        self.inside, self.inside_dx = padded.inside(self.x), padded.inside(self.dx) if site.training else self.dx
        self.filters = w.shape[-1]
        shape = (len(self.taps), x[-1], self.filters)
        self.w, self.dw = w.reshape(shape), dw.reshape(shape)
        self.s = site.scratch(*y[:-1], x[-1])
        self.rows, self.ones, self.row = (-1, x[-1]), site.ones(prod(y[:-1])), site.scratch(x[-1])

    def forward(self, x: Array, y: Array) -> None:
        np.copyto(self.inside, x)
        for m in range(self.filters):
            y_m = y[..., m :: self.filters]
            np.multiply(self.x[self.taps[0]], self.w[0, :, m], out=y_m)
            for tap, w in zip(self.taps[1:], self.w[1:], strict=True):
                np.multiply(self.x[tap], w[:, m], out=self.s)
                y_m += self.s

    def weights(self, dy: Array) -> None:
        for m in range(self.filters):
            for tap, dw in zip(self.taps, self.dw, strict=True):
                np.multiply(self.x[tap], dy[..., m :: self.filters], out=self.s)
                dw[:, m] = np.matmul(self.ones, self.s.reshape(self.rows), out=self.row)

    def backward(self, dy: Array, dx: Array) -> None:
        self.dx.fill(0.0)
        for m in range(self.filters):
            for tap, w in zip(self.taps, self.w, strict=True):
                np.multiply(dy[..., m :: self.filters], w[:, m], out=self.s)
                self.dx[tap] += self.s
        np.copyto(dx, self.inside_dx)


@kernel(DepthwiseConv1D)
@kernel(DepthwiseConv2D)
class DepthwiseKernel(Kernel[Depthwise]):
    """y = channels + b,  db = sum dy over the places"""

    channels_of: ClassVar[type[ByChannel]] = Channels

    def __init__(self, layer: Depthwise, site: Site) -> None:
        super().__init__(layer, site)
        w = site.weights["kernel"]
        self.channels = self.channels_of(layer, site.y, w, site.gradients.get("kernel", w), site)
        self.b, self.db = site.weights.get("bias"), site.gradients.get("bias")
        self.ones, self.rows = site.ones(prod(site.y[:-1])), (-1, site.y[-1])

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.channels.forward(xs[0], y)
        if self.b is not None:
            y += self.b

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.layer.trainable:
            self.channels.weights(dy)
            if self.db is not None:
                np.matmul(self.ones, dy.reshape(self.rows), out=self.db)
        if dxs[0] is not None:
            self.channels.backward(dy, dxs[0])


@kernel(SeparableConv1D)
@kernel(SeparableConv2D)
class SeparableKernel(Kernel[Separable]):
    """z = channels,  y = z w + b

    dw = zᵀ dy,  db = sum dy over the places,  dz = dy wᵀ
    """

    channels_of: ClassVar[type[ByChannel]] = Channels

    def __init__(self, layer: Separable, site: Site) -> None:
        super().__init__(layer, site)
        deep, w = site.weights["depthwise_kernel"], site.weights["pointwise_kernel"]
        z = (*site.y[:-1], w.shape[-2])
        self.channels = self.channels_of(layer, z, deep, site.gradients.get("depthwise_kernel", deep), site)
        self.w = w.reshape(w.shape[-2:])
        self.dw = site.gradients.get("pointwise_kernel", w).reshape(w.shape[-2:])
        self.b, self.db = site.weights.get("bias"), site.gradients.get("bias")
        self.ones = site.ones(prod(z[:-1]))
        self.z, self.dz = site.scratch(*z), site.for_backward(*z)
        self.z_rows, self.dz_rows = self.z.reshape(-1, z[-1]), self.dz.reshape(-1, z[-1])
        self.rows = (-1, layer.filters)
        places, channels, filters = prod(z[:-1]), z[-1], layer.filters
        self.y_parts = parts_of(places, filters, channels)
        self.z_parts = parts_of(places, channels, filters)
        self.w_parts = parts_of(channels, filters, places)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.channels.forward(xs[0], self.z)
        multiply(self.z_rows, self.w, y.reshape(self.rows), self.y_parts, self.b)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        rows = dy.reshape(self.rows)
        multiply(rows, self.w.T, self.dz_rows, self.z_parts)
        if self.layer.trainable:
            multiply(self.z_rows.T, rows, self.dw, self.w_parts)
            if self.db is not None:
                np.matmul(self.ones, rows, out=self.db)
            self.channels.weights(self.dz)
        if dxs[0] is not None:
            self.channels.backward(self.dz, dxs[0])
