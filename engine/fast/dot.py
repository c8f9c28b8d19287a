"""Products of few rows of every sample, such as those of embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.crew import share, split
from engine.fast import loops
from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.dot import DotKernel
from graph.layers.base import Layer
from graph.layers.dot import Dot

FEW = 16
"""Products of more rows are left to the matrix library."""


@kernel(Dot)
class CompiledDot(Kernel[Dot]):
    """y = a bᵀ for every sample;  da = dy b,  db = dyᵀ a

    It is for inputs of rows whose last axes are multiplied; anything else NumPy computes.
    """

    def __init__(self, layer: Dot, site: Site) -> None:
        super().__init__(layer, site)
        a, b = site.xs
        last = [axis % len(x) == len(x) - 1 for x, axis in zip(site.xs, layer.axes, strict=True)]
        few = len(a) == len(b) == 3 and all(last) and max(a[1], b[1]) <= FEW
        self.plain = None if few else DotKernel(layer, site)
        parts = split(a[0], macs=float(4 * a[0] * a[1] * b[-1] * b[1]))
        self.parts = parts
        self.unread = [
            site.for_backward(*(x if few and not wanted else (0, 0, 0)))
            for x, wanted in zip(site.xs, site.needs_dx, strict=True)
        ]

    @classmethod
    def for_layer(cls, layer: Layer) -> type[Kernel[Any]]:
        return DotKernel if layer.config()["normalize"] else cls

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if self.plain is not None:
            self.plain.forward(xs, y, training)
            return
        a, b = xs
        share(lambda part: loops.dot_rows(a[part], b[part], y[part]), self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.plain is not None:
            self.plain.backward(dy, xs, y, dxs)
            return
        a, b = xs
        da, db = (unread if dx is None else dx for dx, unread in zip(dxs, self.unread, strict=True))
        share(lambda part: loops.dot_rows_slope(dy[part], a[part], b[part], da[part], db[part]), self.parts)
