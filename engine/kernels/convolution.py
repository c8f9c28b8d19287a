"""Convolution: one product with the columns of the windows, or one for each group of channels."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.fast.convolution import Direct, product_of
from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.product import Product
from engine.kernels.windows import windows
from graph.layers.convolution import Conv1D, Conv2D, Conv3D, Convolution


@kernel(Conv1D)
@kernel(Conv2D)
@kernel(Conv3D)
class ConvolutionKernel(Kernel[Convolution]):
    """y = columns w + b

    dw = columnsᵀ dy,  db = sum dy over the places,  dx = for each tap, dy w[tap]ᵀ added where the tap reads
    """

    def __init__(self, layer: Convolution, site: Site) -> None:
        super().__init__(layer, site)
        self.b, self.db = site.weights.get("bias"), site.gradients.get("bias")
        self.product: Product | Direct | Groups = (
            Groups(layer, site)
            if layer.groups > 1
            else product_of(
                site.xs[0],
                windows(site.xs[0], site.y, layer.kernel_size, layer.strides, layer.padding, layer.dilation_rate),
                site.weights["kernel"],
                site.gradients.get("kernel", site.weights["kernel"]),
                site,
            )
        )

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.product.forward(xs[0], y, self.b)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.layer.trainable:
            self.product.weights(dy, xs[0], self.db)
        dx = dxs[0]
        if dx is not None:
            self.product.backward(dy, dx)


class Groups:
    """A product for every group, on copies of its channels, filters and weights."""

    def __init__(self, layer: Convolution, site: Site) -> None:
        self.w, self.dw = site.weights["kernel"], site.gradients.get("kernel", site.weights["kernel"])
        channels, filters = self.w.shape[-2], layer.filters // layer.groups
        x, y = (*site.xs[0][:-1], channels), (*site.y[:-1], filters)
        over = windows(x, y, layer.kernel_size, layer.strides, layer.padding, layer.dilation_rate)
        starts = range(layer.groups)
        self.inputs = [slice(i * channels, (i + 1) * channels) for i in starts]
        self.outputs = [slice(i * filters, (i + 1) * filters) for i in starts]
        self.xs = [site.scratch(*x) for _ in starts]
        self.y, self.dx = site.scratch(*y), site.for_backward(*x)
        self.ws = [site.scratch(*self.w.shape[:-1], filters) for _ in starts]
        self.dw_part = site.scratch(*self.w.shape[:-1], filters)
        self.products = [Product(x, over, w, self.dw_part, site) for w in self.ws]
        self.ones, self.rows = site.ones(prod(site.y[:-1])), (-1, layer.filters)

    def forward(self, x: Array, y: Array, b: Array | None) -> None:
        """Write `y`."""
        for i, product in enumerate(self.products):
            np.copyto(self.ws[i], self.w[..., self.outputs[i]])
            np.copyto(self.xs[i], x[..., self.inputs[i]])
            product.forward(self.xs[i], self.y)
            np.copyto(y[..., self.outputs[i]], self.y)
        if b is not None:
            y += b

    def weights(self, dy: Array, x: Array, db: Array | None) -> None:
        """Write `dw` and `db`."""
        if db is not None:
            np.matmul(self.ones, dy.reshape(self.rows), out=db)
        for i, product in enumerate(self.products):
            np.copyto(self.y, dy[..., self.outputs[i]])
            product.weights(self.y, self.xs[i])
            np.copyto(self.dw[..., self.outputs[i]], self.dw_part)

    def backward(self, dy: Array, dx: Array) -> None:
        """Write `dx`."""
        for i, product in enumerate(self.products):
            np.copyto(self.y, dy[..., self.outputs[i]])
            product.backward(self.y, self.dx)
            np.copyto(dx[..., self.inputs[i]], self.dx)
