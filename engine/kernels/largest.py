"""The largest value of every group, in any order of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from engine.kernel import Array, Kernel, Site, Sizes
from graph.layers.base import Layer

L = TypeVar("L", bound=Layer)


class LargestKernel(Kernel[L]):
    """y = max of the group;  its dy is shared by the values that are equal to it

    The input is seen with the sizes `groups`; a group lies along `axis`.
    """

    reads_output = True

    def __init__(self, layer: L, site: Site, groups: Sizes, axis: int) -> None:
        super().__init__(layer, site)
        self.groups, self.axis = groups, axis
        self.group = (*groups[:axis], 1, *groups[axis + 1 :])
        self.is_max = site.for_backward(*self.groups, dtype=np.bool_)
        self.share = site.for_backward(*self.group)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.max(xs[0].reshape(self.groups), axis=self.axis, keepdims=True, out=y.reshape(self.group))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.equal(xs[0].reshape(self.groups), y.reshape(self.group), out=self.is_max)
        np.sum(self.is_max, axis=self.axis, keepdims=True, out=self.share)
        np.divide(dy.reshape(self.group), self.share, out=self.share)
        np.multiply(self.is_max, self.share, out=dx.reshape(self.groups))
