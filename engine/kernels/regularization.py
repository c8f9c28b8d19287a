"""Dropout."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.regularization import Dropout


@kernel(Dropout)
class DropoutKernel(Kernel[Dropout]):
    """y = x m,  dx = dy m,  where m is 0 with the probability `rate` and 1 / (1 - rate) otherwise

    In inference y = x. (Srivastava et al. 2014, in the inverted form.)
    """

    view = "in inference"

    def __init__(self, layer: Dropout, site: Site) -> None:
        super().__init__(layer, site)
        self.rate = layer.rate
        self.scale = 1.0 / (1.0 - layer.rate)
        self.chance = site.scratch(*site.y)
        self.m = site.scratch(*site.y)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.site.generator.random(dtype=self.m.dtype.type, out=self.chance)
        np.greater_equal(self.chance, self.rate, out=self.m)
        self.m *= self.scale
        np.multiply(xs[0], self.m, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(dy, self.m, out=dxs[0])
