"""Convolution that reads its windows where they lie in the images: no columns are gathered, and none added back.

It is for float32, windows without gaps, eight places in a row or more, and filters by sixteens; in training for rows of
a window by eights only. Its gradient is a convolution of `dy` with the weights turned around, where strides are 1 and
channels come by sixteens as well.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.crew import share, split
from engine.fast import loops, wide
from engine.fast.images import as_images, pair
from engine.kernel import Array, Site, Sizes
from engine.kernels.product import Product
from engine.kernels.windows import Windows

PADDED_BYTES = 1 << 18
"""The padded images that are worked on at a time stay in the second cache of a core."""
ROWS, LANES = 8, 16


def product_of(x: Sizes, windows: Windows, w: Array, dw: Array, site: Site) -> Product | Direct:
    """What computes a convolution of this geometry."""
    return (Direct if suits(windows, w, site) else Product)(x, windows, w, dw, site)


def suits(windows: Windows, w: Array, site: Site) -> bool:
    """Whether a convolution can do without columns."""
    return (
        wide()
        and site.dtype == np.float32
        and len(windows.size) <= 2
        and prod(windows.dilation) == 1
        and prod(windows.size) > 1
        and windows.places[-1] >= ROWS
        and w.shape[-1] % LANES == 0
        and (not site.training or windows.size[-1] * w.shape[-2] % ROWS == 0)
    )


class Direct:
    """y = columns w + b,  dw = columnsᵀ dy,  db = sum of the rows of dy,  dx = columns of dy times w turned around"""

    def __init__(self, x: Sizes, windows: Windows, w: Array, dw: Array, site: Site) -> None:
        channels, filters = w.shape[-2:]
        self.size, self.strides, self.filters = pair(windows.size, 1), pair(windows.strides, 1), filters
        by_row = (self.size[0], self.size[1] * channels, filters)
        self.w, self.dw = w.reshape(by_row), dw.reshape(by_row)
        self.none = site.scratch(max(channels, filters))
        turns = prod(windows.strides) == 1 and channels % LANES == 0 and x[-2] >= ROWS
        self.plain = None if turns or not site.training else Product(x, windows, w, dw, site)
        self.by_tap = w.reshape(*self.size, channels, filters)
        self.turned = site.for_backward(*((self.size[0], self.size[1] * filters, channels) if turns else (0,)))
        shares = split(x[0], macs=float(x[0] * prod(windows.places) * w.size))
        self.ones = site.ones(prod(windows.places) * (shares[0].stop + 1))
        images = pair(x[1:-1], 1)
        before = pair(windows.pads, 0)
        whole = pair(windows.padded_size, 1) if windows.padded else None
        behind = tuple(k - 1 - b for k, b in zip(self.size, before, strict=True))
        turned = tuple(n + k - 1 for n, k in zip(images, self.size, strict=True)) if turns and site.training else None
        places = pair(windows.places, 1)
        self.shares = [
            Share(
                samples, Padding(samples, images, whole, before, channels, site), turned, behind, places, self.dw, site
            )
            for samples in shares
        ]

    def forward(self, x: Array, y: Array, b: Array | None = None) -> None:
        """Write `y`."""
        images, out = as_images(x), as_images(y)
        offsets = self.none if b is None else b

        def run(part: Share) -> None:
            for samples in part.x.blocks:
                loops.convolve(part.x.padded(images[samples]), self.w, offsets, self.strides, out[samples])

        share(run, self.shares)

    def backward(self, dy: Array, dx: Array) -> None:
        """Write `dx`."""
        if self.plain is not None:
            self.plain.backward(dy, dx)
            return
        taps = self.turned.reshape(*self.size, self.filters, -1)
        np.copyto(taps, self.by_tap[::-1, ::-1].swapaxes(2, 3))
        slopes, out = as_images(dy), as_images(dx)

        def run(part: Share) -> None:
            for samples in part.dy.blocks:
                loops.convolve(part.dy.padded(slopes[samples]), self.turned, self.none, (1, 1), out[samples])

        share(run, self.shares)

    def weights(self, dy: Array, x: Array, db: Array | None = None) -> None:
        """Write `dw` and `db`."""
        images, slopes = as_images(x), as_images(dy)

        def run(part: Share) -> None:
            part.dw.fill(0.0)
            for samples in part.x.blocks:
                loops.convolve_weights(part.x.padded(images[samples]), slopes[samples], self.strides, part.dw)
            if db is not None:
                rows = dy[part.samples].reshape(-1, self.filters)
                np.matmul(self.ones[: len(rows)], rows, out=part.db)

        share(run, self.shares)
        for part in self.shares[1:]:
            self.dw += part.dw
        if db is not None:
            np.copyto(db, self.shares[0].db)
            for part in self.shares[1:]:
                db += part.db


class Padding:
    """Images with zeros around them, some samples at a time; as they are where no size is given."""

    def __init__(
        self,
        samples: slice,
        images: tuple[int, int],
        size: tuple[int, ...] | None,
        before: tuple[int, ...],
        channels: int,
        site: Site,
    ) -> None:
        count = samples.stop - samples.start
        if size is None:
            self.blocks, self.buffer, self.inside = [samples], None, None
            return
        each = max(1, min(count, PADDED_BYTES // (prod(size) * channels * site.dtype.itemsize)))
        starts = range(samples.start, samples.stop, each)
        self.blocks = [slice(i, min(i + each, samples.stop)) for i in starts]
        self.buffer = site.scratch(each, *size, channels)
        (top, left), (height, width) = before, images
        self.inside = self.buffer[:, top : top + height, left : left + width]

    def padded(self, x: Array) -> Array:
        """The images with their zeros."""
        if self.buffer is None or self.inside is None:
            return x
        np.copyto(self.inside[: len(x)], x)
        return self.buffer[: len(x)]


class Share:
    """The samples of one thread, its padded images, and its part of `dw` and `db`."""

    def __init__(
        self,
        samples: slice,
        x: Padding,
        turned: tuple[int, ...] | None,
        behind: tuple[int, ...],
        places: tuple[int, int],
        dw: Array,
        site: Site,
    ) -> None:
        self.samples, self.x = samples, x
        self.dy = Padding(samples, places, turned, behind, dw.shape[-1], site)
        self.dw = site.for_backward(*dw.shape) if samples.start else dw
        self.db = site.for_backward(dw.shape[-1])
