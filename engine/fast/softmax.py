"""Softmax along rows, a row at a time."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from engine.crew import share, split
from engine.fast import loops
from engine.kernel import Array, Kernel, Site, activation_kernel
from graph.layers.activation import Activation


@activation_kernel("softmax")
class CompiledSoftmax(Kernel[Activation]):
    """y = exp(x - max x) / sum exp(x - max x);  dx = y (dy - sum dy y)"""

    in_place = True
    reads_output = True

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.rows = (prod(site.y[:-1]), site.y[-1])
        self.parts = split(self.rows[0], values=float(4 * prod(site.y)))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if xs[0] is not y:
            np.copyto(y, xs[0])
        rows = y.reshape(self.rows)
        share(lambda part: loops.softmax_rows(rows[part]), self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx: Any = dxs[0]
        if dx is not dy:
            np.copyto(dx, dy)
        rows, slopes = y.reshape(self.rows), dx.reshape(self.rows)
        share(lambda part: loops.softmax_slope_rows(rows[part], slopes[part]), self.parts)
