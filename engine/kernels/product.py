"""A convolution as a matrix product, in both directions.

The columns of some samples at a time are gathered into a buffer that stays in the cache while it is multiplied.
The gradient of the weights finds the last of them as they were left, which are all where the buffer has room for the
batch; the others it gathers again, which costs less than to write them to memory and to read them back.

The batch is cut into shares, which threads work through side by side; each has a buffer of its own.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine import fast
from engine.crew import share, split
from engine.fast.columns import CompiledColumns
from engine.kernel import Array, Site, Sizes
from engine.kernels.columns import Columns, Pixels
from engine.kernels.windows import Windows

COLUMN_BYTES = 1 << 19
"""Half of the second cache of a core: the columns, and what they are multiplied by and into, stay in it."""


class Product:
    """y = columns w + b

    dx = for each tap, dy w[tap]ᵀ added where the tap reads,  dw = columnsᵀ dy,  db = sum of the rows of dy
    """

    def __init__(self, x: Sizes, windows: Windows, w: Array, dw: Array, site: Site) -> None:
        self.rows = (-1, w.shape[-1])
        self.w, self.dw = w.reshape(self.rows), dw.reshape(self.rows)
        places = prod(windows.places)
        shares = split(x[0], macs=float(x[0] * places * w.size))
        self.ones = site.ones(places * (shares[0].stop + 1))
        self.shares = tuple(Share(samples, x, windows, w, self.dw, site, i) for i, samples in enumerate(shares))

    def forward(self, x: Array, y: Array, b: Array | None = None) -> None:
        """Write `y`, the bias `b` added while it is in the cache."""

        def run(part: Share) -> None:
            for samples, columns in part.blocks:
                rows = y[samples].reshape(self.rows)
                np.matmul(columns.gather(x[samples]), self.w, out=rows)
                if b is not None:
                    rows += b

        share(run, self.shares)

    def backward(self, dy: Array, dx: Array) -> None:
        """Write `dx`. The columns are lost by it."""

        def run(part: Share) -> None:
            for samples, columns in part.blocks:
                columns.scatter(dy[samples].reshape(self.rows), dx[samples])

        share(run, self.shares)

    def weights(self, dy: Array, x: Array, db: Array | None = None) -> None:
        """Write `dw` and `db`, `x` having been the input of the last `forward`."""

        def run(part: Share) -> None:
            samples, columns = part.blocks[-1]
            np.matmul(columns.gathered(x[samples]).T, dy[samples].reshape(self.rows), out=part.dw)
            for samples, columns in part.blocks[:-1]:
                np.matmul(columns.gather(x[samples]).T, dy[samples].reshape(self.rows), out=part.dw_block)
                part.dw += part.dw_block
            if db is not None:
                rows = dy[part.samples].reshape(self.rows)
                np.matmul(self.ones[: len(rows)], rows, out=part.db)

        share(run, self.shares)
        for part in self.shares[1:]:
            self.dw += part.dw
        if db is not None:
            np.copyto(db, self.shares[0].db)
            for part in self.shares[1:]:
                db += part.db


class Share:
    """The samples of one thread, in pieces whose columns fit into COLUMN_BYTES, and its part of `dw` and `db`."""

    def __init__(self, samples: slice, x: Sizes, windows: Windows, w: Array, dw: Array, site: Site, i: int) -> None:
        self.samples = samples
        self.db = site.for_backward(dw.shape[-1])
        self.blocks = blocks(samples, x, windows, w, site)
        self.dw = site.for_backward(*dw.shape) if i else dw
        self.dw_block = site.for_backward(*(dw.shape if len(self.blocks) > 1 else (0, 0)))


def blocks(share: slice, x: Sizes, windows: Windows, w: Array, site: Site) -> list[tuple[slice, Columns | Pixels]]:
    """Some samples of the batch in pieces whose columns fit into COLUMN_BYTES."""
    batch, channels = share.stop - share.start, x[-1]
    if prod(windows.size) == prod(windows.strides) == 1 and not windows.padded:
        return [(share, Pixels(w))]
    size = prod(windows.places) * prod(w.shape[:-1])
    samples = min(batch, max(1, COLUMN_BYTES // (size * site.dtype.itemsize)))
    buffer = site.scratch(samples * size)
    padded = site.scratch(samples, *windows.padded_size, channels) if windows.padded else None
    starts = range(0, batch, samples)
    columns = CompiledColumns if fast.wanted() and len(windows.size) <= 2 else Columns
    whole = columns(windows, samples, w, buffer, padded)
    rest = columns(windows, batch % samples or samples, w, buffer, padded)
    return [
        (slice(share.start + i, min(share.start + i + samples, share.stop)), whole if i + samples <= batch else rest)
        for i in starts
    ]
