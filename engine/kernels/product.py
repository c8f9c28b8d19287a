"""A convolution as a matrix product, in both directions.

The columns of some samples at a time are gathered into a buffer that stays in the cache while it is multiplied.
The gradient of the weights finds the last of them as they were left, which are all where the buffer has room for the
batch; the others it gathers again, which costs less than to write them to memory and to read them back.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.kernel import Array, Site, Sizes
from engine.kernels.columns import Columns, Pixels
from engine.kernels.windows import Windows

COLUMN_BYTES = 3 << 20
"""Measured with one thread and two: smaller pieces make products too small to share, larger ones leave the caches."""


class Product:
    """y = columns w,  dx = for each tap, dy w[tap]ᵀ added where the tap reads,  dw = columnsᵀ dy"""

    def __init__(self, x: Sizes, windows: Windows, w: Array, dw: Array, site: Site) -> None:
        self.rows = (-1, w.shape[-1])
        self.w, self.dw = w.reshape(self.rows), dw.reshape(self.rows)
        self.blocks = blocks(x, windows, w, site)
        self.dw_block = site.scratch(*(self.dw.shape if len(self.blocks) > 1 else (0, 0)))

    def forward(self, x: Array, y: Array, b: Array | None = None) -> None:
        """Write `y`, the bias `b` added while it is in the cache."""
        for samples, columns in self.blocks:
            rows = y[samples].reshape(self.rows)
            np.matmul(columns.gather(x[samples]), self.w, out=rows)
            if b is not None:
                rows += b

    def backward(self, dy: Array, dx: Array) -> None:
        """Write `dx`. The columns are lost by it."""
        for samples, columns in self.blocks:
            columns.scatter(dy[samples].reshape(self.rows), dx[samples])

    def weights(self, dy: Array, x: Array) -> None:
        """Write `dw`, `x` having been the input of the last `forward`."""
        samples, columns = self.blocks[-1]
        np.matmul(columns.gathered(x[samples]).T, dy[samples].reshape(self.rows), out=self.dw)
        for samples, columns in self.blocks[:-1]:
            np.matmul(columns.gather(x[samples]).T, dy[samples].reshape(self.rows), out=self.dw_block)
            self.dw += self.dw_block


def blocks(x: Sizes, windows: Windows, w: Array, site: Site) -> list[tuple[slice, Columns | Pixels]]:
    """The batch in pieces whose columns fit into COLUMN_BYTES."""
    batch, channels = x[0], x[-1]
    if prod(windows.size) == prod(windows.strides) == 1 and not windows.padded:
        return [(slice(0, batch), Pixels(w))]
    size = prod(windows.places) * prod(w.shape[:-1])
    samples = min(batch, max(1, COLUMN_BYTES // (size * site.dtype.itemsize)))
    buffer = site.scratch(samples * size)
    padded = site.scratch(samples, *windows.padded_size, channels) if windows.padded else None
    starts = range(0, batch, samples)
    whole = Columns(windows, samples, w, buffer, padded)
    rest = Columns(windows, batch % samples or samples, w, buffer, padded)
    return [(slice(i, i + samples), whole if i + samples <= batch else rest) for i in starts]
