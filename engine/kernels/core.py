"""Dense, Embedding and Identity."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.crew import share, split
from engine.kernel import Array, Kernel, Site, ViewKernel, kernel
from engine.kernels.products import Piece, compute, multiply, parts_of, pieces
from graph.layers.core import Dense, Embedding, Identity


@kernel(Dense)
class DenseKernel(Kernel[Dense]):
    """y = x w + b over the last axis.

    dw = xᵀ dy,  db = sum dy over the rows,  dx = dy wᵀ
    """

    def __init__(self, layer: Dense, site: Site) -> None:
        super().__init__(layer, site)
        self.w = site.weights["kernel"]
        self.dw = site.gradients["kernel"]
        self.b = site.weights.get("bias")
        self.db = site.gradients.get("bias")
        self.ones = site.ones(prod(site.y[:-1]))
        self.rows_in = (-1, site.xs[0][-1])
        self.rows_out = (-1, layer.units)
        rows, features, units = prod(site.y[:-1]), site.xs[0][-1], layer.units
        self.y_parts = parts_of(rows, units, features)
        self.w_parts = parts_of(features, units, rows)
        self.x_parts = parts_of(rows, features, units)
        self.shared = len(split(2, macs=2.0 * rows * features * units)) > 1
        """Whether the products of the backward are worth a thread each."""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        multiply(xs[0].reshape(self.rows_in), self.w, y.reshape(self.rows_out), self.y_parts, self.b)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        rows = dy.reshape(self.rows_out)
        products: list[Piece] = []
        if self.layer.trainable:
            products += pieces(xs[0].reshape(self.rows_in).T, rows, self.dw, self.w_parts)
            if self.db is not None:
                products.append((self.ones, rows, self.db, None))
        dx = dxs[0]
        if dx is not None:
            products += pieces(rows, self.w.T, dx.reshape(self.rows_in), self.x_parts)
        if self.shared:
            share(compute, products)
        else:
            for product in products:
                compute(product)


@kernel(Embedding)
class EmbeddingKernel(Kernel[Embedding]):
    """y = w[x]

    dw[v] = sum of dy over the places where x = v; whole numbers have no slope, so dx = 0.

    The sum is made number by number over the flat matrix: `np.add.at` is several times faster there than by rows.
    """

    def __init__(self, layer: Embedding, site: Site) -> None:
        super().__init__(layer, site)
        self.w = site.weights["embeddings"]
        self.dw = site.gradients["embeddings"]
        self.index = site.scratch(*site.xs[0], dtype=np.intp)
        self.start = site.for_backward(*site.xs[0], dtype=np.intp)
        self.place = site.for_backward(*site.y, dtype=np.intp)
        self.features = np.arange(layer.output_dim)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(self.index, xs[0], casting="unsafe")
        np.clip(self.index, 0, len(self.w) - 1, out=self.index)
        np.take(self.w, self.index, axis=0, out=y, mode="clip")
        if self.site.mask is not None:
            np.not_equal(xs[0], 0, out=self.site.mask)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(self.index, len(self.features), out=self.start)
        np.add(self.start[..., None], self.features, out=self.place)
        self.dw.fill(0.0)
        np.add.at(self.dw.reshape(-1), self.place.reshape(-1), dy.reshape(-1))
        if dxs[0] is not None:
            dxs[0].fill(0.0)


@kernel(Identity)
class IdentityKernel(ViewKernel[Identity]):
    """y = x"""
