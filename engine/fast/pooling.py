"""Pooling of images and sequences, one pass in each direction."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from engine.crew import share, split
from engine.fast import loops
from engine.fast.images import as_images, pair
from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.pooling import MaxPooling1D, MaxPooling2D, Pooling
from graph.layers.windows import pads


@kernel(MaxPooling1D)
@kernel(MaxPooling2D)
class CompiledMaxPooling(Kernel[Pooling]):
    """y = max of the window;  its dy goes to the first value that is the largest"""

    reads_output = True

    def __init__(self, layer: Pooling, site: Site) -> None:
        super().__init__(layer, site)
        x, strides = site.xs[0], layer.strides or layer.pool_size
        sizes = list(zip(x[1:-1], layer.pool_size, strides, strict=True))
        self.size, self.strides = pair(layer.pool_size, 1), pair(strides, 1)
        self.pads = pair([pads(n, k, s, 1, layer.padding)[0] for n, k, s in sizes], 0)
        samples = split(x[0], values=float(prod(x)))
        self.parts = [(part, site.for_backward(x[-1])) for part in samples]

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        x, out = as_images(xs[0]), as_images(y)

        def run(part: tuple[slice, Array]) -> None:
            loops.max_pool(x[part[0]], self.size, self.strides, self.pads, out[part[0]])

        share(run, self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        images = [as_images(a) for a in (dy, xs[0], y)]
        slopes = as_images(dx)

        def run(part: tuple[slice, Array]) -> None:
            samples, scratch = part
            given = (a[samples] for a in images)
            loops.max_pool_slope(*given, self.size, self.strides, self.pads, scratch, slopes[samples])

        share(run, self.parts)
