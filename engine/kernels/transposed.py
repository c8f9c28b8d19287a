"""Transposed convolution: the product of a convolution from the large image to the small one, run backwards."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.product import Product
from engine.kernels.windows import Windows
from graph.layers.transposed import Conv1DTranspose, Conv2DTranspose, Transposed


@kernel(Conv1DTranspose)
@kernel(Conv2DTranspose)
class TransposedKernel(Kernel[Transposed]):
    """y = for each tap, x w[tap]ᵀ added where the tap reads, + b

    dx = columns(dy) w,  dw = columns(dy)ᵀ x,  db = sum dy over the places
    """

    def __init__(self, layer: Transposed, site: Site) -> None:
        super().__init__(layer, site)
        x, y = site.xs[0], site.y
        cut = [layer.along(n, axis)[0] for axis, n in enumerate(x[1:-1])]
        over = Windows(y, x, layer.kernel_size, layer.strides, layer.dilation_rate, cut)
        w = site.weights["kernel"]
        self.product = Product(y, over, w, site.gradients.get("kernel", w), site)
        self.b, self.db = site.weights.get("bias"), site.gradients.get("bias")
        self.ones, self.rows = site.ones(prod(y[:-1])), (-1, layer.filters)
        self.dx = site.for_backward(*(x if not site.needs_dx[0] else (0,)))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.product.backward(xs[0], y)
        if self.b is not None:
            y += self.b

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        self.product.forward(dy, self.dx if dxs[0] is None else dxs[0])
        if self.layer.trainable:
            self.product.weights(xs[0], dy)
            if self.db is not None:
                np.matmul(self.ones, dy.reshape(self.rows), out=self.db)
