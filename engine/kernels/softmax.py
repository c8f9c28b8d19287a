"""Softmax and its logarithm: every value against the others along an axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Site, activation_kernel, kernel
from engine.kernels.activation import C, Curve
from graph.layers.activation import Activation
from graph.layers.rectifiers import Softmax


class Along(Curve[C]):
    """A function along `axis`; `row` has one value where `y` has many."""

    axis = -1

    def __init__(self, layer: C, site: Site) -> None:
        super().__init__(layer, site)
        shape = list(site.y)
        shape[self.axis] = 1
        self.row = site.scratch(*shape)


class SoftmaxCurve(Along[C]):
    """y = exp(x - max x) / sum exp(x - max x);  dx = y (dy - sum dy y)"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.max(xs[0], axis=self.axis, keepdims=True, out=self.row)
        np.subtract(xs[0], self.row, out=y)
        np.exp(y, out=y)
        np.sum(y, axis=self.axis, keepdims=True, out=self.row)
        y /= self.row

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(dy, y, out=self.s)
        np.sum(self.s, axis=self.axis, keepdims=True, out=self.row)
        np.subtract(dy, self.row, out=self.s)
        np.multiply(self.s, y, out=dxs[0])


@activation_kernel("softmax")
class LastSoftmax(SoftmaxCurve[Activation]):
    """Along the last axis."""


@kernel(Softmax)
class SoftmaxKernel(SoftmaxCurve[Softmax]):
    """Along the axis of the layer."""

    def __init__(self, layer: Softmax, site: Site) -> None:
        self.axis = layer.axis
        super().__init__(layer, site)


@activation_kernel("log_softmax")
class LogSoftmax(Along[Activation]):
    """y = x - max x - log sum exp(x - max x);  dx = dy - exp(y) sum dy"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.max(xs[0], axis=-1, keepdims=True, out=self.row)
        np.subtract(xs[0], self.row, out=y)
        np.exp(y, out=self.s)
        np.sum(self.s, axis=-1, keepdims=True, out=self.row)
        np.log(self.row, out=self.row)
        y -= self.row

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.sum(dy, axis=-1, keepdims=True, out=self.row)
        np.exp(y, out=self.s)
        self.s *= self.row
        np.subtract(dy, self.s, out=dxs[0])
