"""Pooling: one value kept of every window.

All windows are worked through together, one tap after another (see `windows`): k×k passes over images, none over
windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.largest import LargestKernel
from engine.kernels.windows import windows
from graph.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    GlobalPooling,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    Pooling,
)


class PoolingKernel(Kernel[Pooling]):
    """A kernel that works through the taps of its windows; `part` is scratch for the gradient of one of them."""

    def __init__(self, layer: Pooling, site: Site) -> None:
        super().__init__(layer, site)
        self.windows = windows(site.xs[0], site.y, layer.pool_size, layer.strides or layer.pool_size, layer.padding)
        self.part = site.for_backward(*site.y)


@kernel(MaxPooling1D)
@kernel(MaxPooling2D)
@kernel(MaxPooling3D)
class MaxPoolingKernel(PoolingKernel):
    """y = max of the window;  its dy goes to the first value that is the largest"""

    reads_output = True

    def __init__(self, layer: Pooling, site: Site) -> None:
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


@kernel(AveragePooling1D)
@kernel(AveragePooling2D)
@kernel(AveragePooling3D)
class AveragePoolingKernel(PoolingKernel):
    """y = mean of the window's values inside the image;  each of them gets dy / their number"""

    def __init__(self, layer: Pooling, site: Site) -> None:
        super().__init__(layer, site)
        count = site.scratch(1, *site.y[1:-1], 1)
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
@kernel(GlobalAveragePooling3D)
class GlobalAveragePoolingKernel(Kernel[GlobalPooling]):
    """y = mean over all axes but the channels;  dx = dy / their product"""

    def __init__(self, layer: GlobalPooling, site: Site) -> None:
        super().__init__(layer, site)
        batch, *sizes, channels = site.xs[0]
        self.share = 1.0 / prod(sizes)
        self.rows, self.mean = (batch, prod(sizes), channels), (batch, 1, channels)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        mean = y.reshape(self.mean)
        np.sum(xs[0].reshape(self.rows), axis=1, keepdims=True, out=mean)
        mean *= self.share

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.multiply(dy.reshape(self.mean), self.share, out=dx.reshape(self.rows))


@kernel(GlobalAveragePooling1D)
class GlobalAveragePooling1DKernel(GlobalAveragePoolingKernel):
    """Where a mask m comes in: y = sum m x / sum m over the steps, 0 where none is there;  dx = m dy / sum m"""

    def __init__(self, layer: GlobalPooling, site: Site) -> None:
        super().__init__(layer, site)
        self.m = site.masks[0]
        batch, steps, _ = self.rows
        self.count, self.weight = site.scratch(batch, 1), site.scratch(batch, steps)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if self.m is None:
            super().forward(xs, y, training)
            return
        np.sum(self.m, axis=1, keepdims=True, out=self.count)
        np.maximum(self.count, 1.0, out=self.count)
        np.divide(self.m, self.count, out=self.weight)
        np.matmul(self.weight[:, None], xs[0], out=y.reshape(self.mean))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.m is None:
            super().backward(dy, xs, y, dxs)
            return
        np.multiply(dy.reshape(self.mean), self.weight[..., None], out=dxs[0])


@kernel(GlobalMaxPooling1D)
@kernel(GlobalMaxPooling2D)
@kernel(GlobalMaxPooling3D)
class GlobalMaxPoolingKernel(LargestKernel[GlobalPooling]):
    """y = max over all axes but the channels;  its dy is shared by the values that are equal to it"""

    def __init__(self, layer: GlobalPooling, site: Site) -> None:
        batch, *sizes, channels = site.xs[0]
        super().__init__(layer, site, (batch, prod(sizes), channels), axis=1)
