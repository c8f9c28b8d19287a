"""Convolution as a matrix product.

The columns of some samples at a time are gathered into a buffer that stays in the cache while it is multiplied.
Backward finds the last of them as forward left them, which are all where the buffer has room for the batch; the others
it gathers again, which costs less than to write them to memory and to read them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.columns import Columns, Pixels
from engine.kernels.windows import Windows
from graph.layers.convolution import Conv2D

COLUMN_BYTES = 3 << 20
"""Measured with one thread and two: smaller pieces make products too small to share, larger ones leave the caches."""


@kernel(Conv2D)
class Conv2DKernel(Kernel[Conv2D]):
    """y = columns w + b

    dw = columnsᵀ dy,  db = sum dy over the places,  dx = for each tap, dy w[tap]ᵀ added where the tap reads
    """

    def __init__(self, layer: Conv2D, site: Site) -> None:
        super().__init__(layer, site)
        w = site.weights["kernel"]
        self.rows = (-1, layer.filters)
        self.w = w.reshape(self.rows)
        self.dw = site.gradients["kernel"].reshape(self.rows)
        self.b = site.weights.get("bias")
        self.db = site.gradients.get("bias")
        self.ones = site.ones(prod(site.y[:-1]))
        self.blocks = blocks(layer, site, w)
        self.dw_block = site.scratch(*(self.dw.shape if len(self.blocks) > 1 else (0, 0)))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        for samples, columns in self.blocks:
            rows = y[samples].reshape(self.rows)
            np.matmul(columns.gather(xs[0][samples]), self.w, out=rows)
            if self.b is not None:
                rows += self.b

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.layer.trainable:
            self._weights(dy, xs[0])
        dx = dxs[0]
        if dx is not None:
            for samples, columns in self.blocks:
                columns.scatter(dy[samples].reshape(self.rows), dx[samples])

    def _weights(self, dy: Array, x: Array) -> None:
        """Write dw and db."""
        if self.db is not None:
            np.matmul(self.ones, dy.reshape(self.rows), out=self.db)
        samples, columns = self.blocks[-1]
        np.matmul(columns.gathered(x[samples]).T, dy[samples].reshape(self.rows), out=self.dw)
        for samples, columns in self.blocks[:-1]:
            np.matmul(columns.gather(x[samples]).T, dy[samples].reshape(self.rows), out=self.dw_block)
            self.dw += self.dw_block


def blocks(layer: Conv2D, site: Site, w: Array) -> list[tuple[slice, Columns | Pixels]]:
    """The batch in pieces whose columns fit into COLUMN_BYTES."""
    batch, channels = site.xs[0][0], site.xs[0][-1]
    windows = Windows(site.xs[0], site.y, layer.kernel_size, layer.strides, layer.padding, layer.dilation_rate)
    if layer.kernel_size == layer.strides == (1, 1):
        return [(slice(0, batch), Pixels(w))]
    size = prod(site.y[1:3]) * prod(w.shape[:3])
    samples = min(batch, max(1, COLUMN_BYTES // (size * site.dtype.itemsize)))
    buffer = site.scratch(samples * size)
    padded = site.scratch(samples, *windows.padded_size, channels) if windows.padded else None
    starts = range(0, batch, samples)
    whole = Columns(windows, samples, w, buffer, padded)
    rest = Columns(windows, batch % samples or samples, w, buffer, padded)
    return [(slice(i, i + samples), whole if i + samples <= batch else rest) for i in starts]
