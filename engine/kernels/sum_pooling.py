"""Sums over windows, worked through one tap after another as in `pooling`, and over whole images."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.windows import windows
from graph.layers.pooling import GlobalPooling, Pooling
from graph.layers.sum_pooling import (
    GlobalSumPooling1D,
    GlobalSumPooling2D,
    GlobalSumPooling3D,
    SumPooling1D,
    SumPooling2D,
    SumPooling3D,
)


@kernel(SumPooling1D)
@kernel(SumPooling2D)
@kernel(SumPooling3D)
class SumPoolingKernel(Kernel[Pooling]):
    """y = sum of the window's values inside the image;  each of them gets dy"""

    def __init__(self, layer: Pooling, site: Site) -> None:
        super().__init__(layer, site)
        self.windows = windows(site.xs[0], site.y, layer.pool_size, layer.strides or layer.pool_size, layer.padding)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        y.fill(0.0)
        for tap in self.windows.taps:
            y[tap.y] += xs[0][tap.x]

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        dx.fill(0.0)
        for tap in self.windows.taps:
            dx[tap.x] += dy[tap.y]


@kernel(GlobalSumPooling1D)
@kernel(GlobalSumPooling2D)
@kernel(GlobalSumPooling3D)
class GlobalSumPoolingKernel(Kernel[GlobalPooling]):
    """y = sum over all axes but the channels;  dx = dy"""

    def __init__(self, layer: GlobalPooling, site: Site) -> None:
        super().__init__(layer, site)
        batch, *sizes, channels = site.xs[0]
        self.rows, self.row = (batch, prod(sizes), channels), (batch, 1, channels)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.sum(xs[0].reshape(self.rows), axis=1, keepdims=True, out=y.reshape(self.row))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.copyto(dx.reshape(self.rows), dy.reshape(self.row))
