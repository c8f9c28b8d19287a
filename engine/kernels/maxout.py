"""The largest value of every group along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.maxout import Maxout


@kernel(Maxout)
class MaxoutKernel(Kernel[Maxout]):
    """y = max of the group;  its dy is shared by the values that are equal to it"""

    reads_output = True

    def __init__(self, layer: Maxout, site: Site) -> None:
        super().__init__(layer, site)
        x, axis = site.xs[0], layer.axis % len(site.y)
        before, behind = prod(x[:axis]), prod(x[axis + 1 :])
        self.groups = (before, layer.num_units, x[axis] // layer.num_units, behind)
        self.group = (before, layer.num_units, 1, behind)
        self.is_max = site.for_backward(*self.groups, dtype=np.bool_)
        self.share = site.for_backward(*self.group)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.max(xs[0].reshape(self.groups), axis=2, keepdims=True, out=y.reshape(self.group))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.equal(xs[0].reshape(self.groups), y.reshape(self.group), out=self.is_max)
        np.sum(self.is_max, axis=2, keepdims=True, out=self.share)
        np.divide(dy.reshape(self.group), self.share, out=self.share)
        np.multiply(self.is_max, self.share, out=dx.reshape(self.groups))
