"""Dense and Embedding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.core import Dense, Embedding


@kernel(Dense)
class DenseKernel(Kernel[Dense]):
    """y = x w + b over the last axis.

    dw = xᵀ dy,  db = sum dy over the rows,  dx = dy wᵀ
    """

    def __init__(self, layer: Dense, site: Site) -> None:
        super().__init__(layer, site)
        self.w = site.weights["kernel"]
        self.dw = site.gradients["kernel"]
        self.b = site.weights.get("bias", np.zeros((), site.dtype))
        self.db = site.gradients.get("bias", np.zeros(layer.units, site.dtype))
        self.rows_in = (-1, site.xs[0][-1])
        self.rows_out = (-1, layer.units)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        rows = y.reshape(self.rows_out)
        np.matmul(xs[0].reshape(self.rows_in), self.w, out=rows)
        rows += self.b

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        rows = dy.reshape(self.rows_out)
        np.matmul(xs[0].reshape(self.rows_in).T, rows, out=self.dw)
        np.sum(rows, axis=0, out=self.db)
        dx = dxs[0]
        if dx is not None:
            np.matmul(rows, self.w.T, out=dx.reshape(self.rows_in))


@kernel(Embedding)
class EmbeddingKernel(Kernel[Embedding]):
    """y = w[x]

    dw[v] = sum of dy over the places where x = v; whole numbers have no gradient.
    """

    def __init__(self, layer: Embedding, site: Site) -> None:
        super().__init__(layer, site)
        self.w = site.weights["embeddings"]
        self.dw = site.gradients["embeddings"]
        self.index = site.scratch(*site.xs[0], dtype=np.intp)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(self.index, xs[0], casting="unsafe")
        np.take(self.w, self.index, axis=0, out=y, mode="clip")

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        self.dw.fill(0.0)
        np.add.at(self.dw, self.index, dy)
