"""The activation functions, each with its slope.

Those that say `in_place` have a slope that follows from the output alone, so a plan may let them work on one array.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, activation_kernel
from graph.layers.activation import Activation


@activation_kernel("relu")
class Relu(Kernel[Activation]):
    """y = max(x, 0);  dx = dy where y > 0"""

    in_place = True

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.positive = site.scratch(*site.y, dtype=np.bool_)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.maximum(xs[0], 0.0, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.greater(y, 0.0, out=self.positive)
        np.multiply(dy, self.positive, out=dxs[0])


@activation_kernel("softmax")
class Softmax(Kernel[Activation]):
    """y = exp(x - max x) / sum exp(x - max x) over the last axis;  dx = y (dy - sum dy y)"""

    in_place = True

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.row = site.scratch(*site.y[:-1], 1)
        self.product = site.scratch(*site.y)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.max(xs[0], axis=-1, keepdims=True, out=self.row)
        np.subtract(xs[0], self.row, out=y)
        np.exp(y, out=y)
        np.sum(y, axis=-1, keepdims=True, out=self.row)
        y /= self.row

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(dy, y, out=self.product)
        np.sum(self.product, axis=-1, keepdims=True, out=self.row)
        np.subtract(dy, self.row, out=self.product)
        np.multiply(self.product, y, out=dxs[0])
