"""relu, in place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.crew import share, split
from engine.fast import loops
from engine.kernel import Array, Kernel, Site, activation_kernel
from graph.layers.activation import Activation


@activation_kernel("relu")
class CompiledRelu(Kernel[Activation]):
    """y = max(x, 0);  dx = dy where y > 0"""

    in_place = True
    reads_output = True

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        size = int(np.prod(site.y))
        self.parts = split(size, values=size)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if xs[0] is not y:
            np.copyto(y, xs[0])
        out = y.reshape(-1)
        share(lambda part: loops.relu(out[part]), self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        if dx is not dy:
            np.copyto(dx, dy)
        slopes, out = dx.reshape(-1), y.reshape(-1)
        share(lambda part: loops.relu_slope(out[part], slopes[part]), self.parts)
