"""A product of two inputs along an axis of each."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.kernel import Array, Kernel, Site, Sizes, kernel
from graph.layers.dot import Dot

TINY = 1e-12
"""The shortest length that `normalize` divides by, as in Keras."""


class Rows:
    """One input of a Dot as a matrix for every sample, the axis that is summed over last."""

    def __init__(self, x: Sizes, axis: int, normalize: bool, site: Site) -> None:
        self.axis = axis % len(x)
        rest = x[: self.axis] + x[self.axis + 1 :]
        shape = (x[0], prod(rest[1:]), x[axis])
        self.rows, self.slope = site.scratch(*shape), site.for_backward(*shape)
        self.length, self.s = site.scratch(*shape[:2], 1), site.scratch(*shape)
        self.shape = (*rest, x[axis])
        self.normalize = normalize

    def take(self, x: Array) -> Array:
        """The matrices of `x`."""
        np.copyto(self.rows.reshape(self.shape), np.moveaxis(x, self.axis, -1))
        if self.normalize:
            np.multiply(self.rows, self.rows, out=self.s)
            np.sum(self.s, axis=-1, keepdims=True, out=self.length)
            np.sqrt(self.length, out=self.length)
            np.maximum(self.length, TINY, out=self.length)
            self.rows /= self.length
        return self.rows

    def give(self, dx: Array) -> None:
        """Write the gradient of the input, `slope` being that of the rows: (slope - rows sum(slope rows)) / length"""
        if self.normalize:
            np.multiply(self.slope, self.rows, out=self.s)
            self.slope /= self.length
            self.rows /= self.length
            self.rows *= np.sum(self.s, axis=-1, keepdims=True, out=self.length)
            self.slope -= self.rows
        np.copyto(np.moveaxis(dx, self.axis, -1), self.slope.reshape(self.shape))


@kernel(Dot)
class DotKernel(Kernel[Dot]):
    """y = a bᵀ for every sample, a and b being the inputs with their axes last

    da = dy b,  db = dyᵀ a
    """

    def __init__(self, layer: Dot, site: Site) -> None:
        super().__init__(layer, site)
        self.a, self.b = (Rows(x, axis, layer.normalize, site) for x, axis in zip(site.xs, layer.axes, strict=True))
        self.shape = (site.y[0], self.a.rows.shape[1], self.b.rows.shape[1])

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        a, b = self.a.take(xs[0]), self.b.take(xs[1])
        np.matmul(a, b.transpose(0, 2, 1), out=y.reshape(self.shape))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dy = dy.reshape(self.shape)
        np.matmul(dy, self.b.rows, out=self.a.slope)
        np.matmul(dy.transpose(0, 2, 1), self.a.rows, out=self.b.slope)
        for side, dx in zip((self.a, self.b), dxs, strict=True):
            if dx is not None:
                side.give(dx)
