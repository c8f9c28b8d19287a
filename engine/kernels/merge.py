"""Several inputs made one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from engine.kernel import Array, Kernel, Site, Sizes, kernel
from graph.layers.merge import Add, Concatenate


@kernel(Add)
class AddKernel(Kernel[Add]):
    """y = sum of the x;  each dx = dy, summed along the axes on which its x was repeated"""

    def __init__(self, layer: Add, site: Site) -> None:
        super().__init__(layer, site)
        self.shapes = [aligned(x, len(site.y)) for x in site.xs]
        self.repeated = [tuple(i for i, (n, m) in enumerate(zip(x, site.y, strict=True)) if n < m) for x in self.shapes]

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.add(xs[0].reshape(self.shapes[0]), xs[1].reshape(self.shapes[1]), out=y)
        for x, shape in zip(xs[2:], self.shapes[2:], strict=True):
            y += x.reshape(shape)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        for dx, shape, axes in zip(dxs, self.shapes, self.repeated, strict=True):
            if dx is not None:
                np.sum(dy, axis=axes, keepdims=True, out=dx.reshape(shape))


def aligned(x: Sizes, rank: int) -> Sizes:
    """A shape brought to `rank` axes, the new ones behind the batch."""
    return (x[0], *(1,) * (rank - len(x)), *x[1:])


@kernel(Concatenate)
class ConcatenateKernel(Kernel[Concatenate]):
    """y = the x one after another;  each dx = its part of dy"""

    def __init__(self, layer: Concatenate, site: Site) -> None:
        super().__init__(layer, site)
        axis = layer.axis % len(site.y)
        ends = accumulate((x[axis] for x in site.xs), initial=0)
        self.parts = [(slice(None),) * axis + (slice(start, end),) for start, end in pairwise(ends)]

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        for x, part in zip(xs, self.parts, strict=True):
            y[part] = x

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        for dx, part in zip(dxs, self.parts, strict=True):
            if dx is not None:
                np.copyto(dx, dy[part])
