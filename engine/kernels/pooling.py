"""Pooling: one value kept of every window.

All windows are worked through together, one tap after another (see `windows`): k×k passes over images, none over
windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.windows import Windows
from graph.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D, Pooling2D

P = TypeVar("P", bound=Pooling2D)


class PoolingKernel(Kernel[P]):
    """A kernel that works through the taps of its windows; `part` is scratch for the gradient of one of them."""

    def __init__(self, layer: P, site: Site) -> None:
        super().__init__(layer, site)
        self.windows = Windows(site.xs[0], site.y, layer.pool_size, layer.strides or layer.pool_size, layer.padding)
        self.part = site.for_backward(*site.y)


@kernel(MaxPooling2D)
class MaxPooling2DKernel(PoolingKernel[MaxPooling2D]):
    """y = max of the window;  its dy goes to the first value that is the largest"""

    reads_output = True

    def __init__(self, layer: MaxPooling2D, site: Site) -> None:
        super().__init__(layer, site)
        self.is_max = site.for_backward(*site.y, dtype=np.bool_)
        self.open = site.for_backward(*site.y, dtype=np.bool_)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        x = xs[0]
        if self.windows.padded:
            y.fill(-np.inf)
            for tap in self.windows.taps:
                np.maximum(y[tap.y], x[tap.x], out=y[tap.y])
        else:
            first, *others = self.windows.taps
            second = others[0] if others else first
            np.maximum(x[first.x], x[second.x], out=y)
            for tap in others[1:]:
                np.maximum(y, x[tap.x], out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        x, dx = xs[0], dxs[0]
        assert dx is not None
        self.open.fill(True)
        if not self.windows.tile:
            dx.fill(0.0)
        for tap in self.windows.taps:
            is_max, still_open = self.is_max[tap.y], self.open[tap.y]
            np.equal(x[tap.x], y[tap.y], out=is_max)
            is_max &= still_open
            still_open ^= is_max
            if self.windows.tile:
                np.multiply(dy, is_max, out=dx[tap.x])
            else:
                np.multiply(dy[tap.y], is_max, out=self.part[tap.y])
                dx[tap.x] += self.part[tap.y]


@kernel(AveragePooling2D)
class AveragePooling2DKernel(PoolingKernel[AveragePooling2D]):
    """y = mean of the window's values inside the image;  each of them gets dy / their number"""

    def __init__(self, layer: AveragePooling2D, site: Site) -> None:
        super().__init__(layer, site)
        count = site.scratch(1, *site.y[1:3], 1)
        for tap in self.windows.taps:
            count[tap.y] += 1.0
        self.share = np.reciprocal(count, out=count)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        y.fill(0.0)
        for tap in self.windows.taps:
            y[tap.y] += xs[0][tap.x]
        y *= self.share

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.multiply(dy, self.share, out=self.part)
        dx.fill(0.0)
        for tap in self.windows.taps:
            dx[tap.x] += self.part[tap.y]


@kernel(GlobalAveragePooling2D)
class GlobalAveragePooling2DKernel(Kernel[GlobalAveragePooling2D]):
    """y = mean over height and width;  dx = dy / their product"""

    def __init__(self, layer: GlobalAveragePooling2D, site: Site) -> None:
        super().__init__(layer, site)
        batch, height, width, channels = site.xs[0]
        self.share = 1.0 / (height * width)
        self.mean = (batch, 1, 1, channels)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        mean = y.reshape(self.mean)
        np.sum(xs[0], axis=(1, 2), keepdims=True, out=mean)
        mean *= self.share

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.multiply(dy.reshape(self.mean), self.share, out=dx)
