"""Small Dense layers, whose products are no work for a matrix library."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from engine.fast import loops
from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.core import DenseKernel
from graph.layers.core import Dense

MOST_MACS = 8_000
"""Multiply-adds up to which a loop takes less time than two calls of NumPy."""


@kernel(Dense)
class CompiledDense(Kernel[Dense]):
    """y = x w + b;  dw = xᵀ dy,  db = sum dy over the rows,  dx = dy wᵀ"""

    def __init__(self, layer: Dense, site: Site) -> None:
        super().__init__(layer, site)
        self.x, self.y = (prod(site.y[:-1]), site.xs[0][-1]), (prod(site.y[:-1]), layer.units)
        self.plain = DenseKernel(layer, site) if prod(self.x) * layer.units > MOST_MACS else None
        self.w, self.dw = site.weights["kernel"], site.gradients["kernel"]
        self.b = site.weights.get("bias", site.scratch(layer.units))
        self.db = site.gradients.get("bias", site.scratch(layer.units))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if self.plain is not None:
            self.plain.forward(xs, y, training)
        else:
            loops.dense(xs[0].reshape(self.x), self.w, self.b, y.reshape(self.y))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.plain is not None:
            self.plain.backward(dy, xs, y, dxs)
            return
        rows = dy.reshape(self.y)
        if self.layer.trainable:
            loops.dense_weights(xs[0].reshape(self.x), rows, self.dw, self.db)
        if dxs[0] is not None:
            loops.dense_slope(rows, self.w, dxs[0].reshape(self.x))
