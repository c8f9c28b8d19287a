"""Layers that lay the same numbers out in another shape: most compute nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, ViewKernel, kernel
from graph.layers.reshape import Flatten, Permute, RepeatVector, Reshape


@kernel(Flatten)
class FlattenKernel(ViewKernel[Flatten]):
    """y = x, one row a sample"""


@kernel(Reshape)
class ReshapeKernel(ViewKernel[Reshape]):
    """y = x, in the target shape"""


@kernel(Permute)
class PermuteKernel(Kernel[Permute]):
    """y = x with its axes in the order of `dims`,  dx = dy with its axes put back"""

    def __init__(self, layer: Permute, site: Site) -> None:
        super().__init__(layer, site)
        self.axes = (0, *layer.dims)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(y, xs[0].transpose(self.axes))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.copyto(dx.transpose(self.axes), dy)


@kernel(RepeatVector)
class RepeatVectorKernel(Kernel[RepeatVector]):
    """y[t] = x for every step t,  dx = sum of dy over the steps"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(y, xs[0][:, None])

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.sum(dy, axis=1, out=dxs[0])
