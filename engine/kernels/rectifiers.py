"""Activation functions with parameters of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.activation import Bent, Curve
from graph.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU


@kernel(ReLU)
class ReLUKernel(Kernel[ReLU]):
    """y = x [x > threshold], cut to 0 ... max_value where there is one, - negative_slope max(threshold - x, 0)"""

    def __init__(self, layer: ReLU, site: Site) -> None:
        super().__init__(layer, site)
        self.s = site.scratch(*site.y)
        self.open, self.other = (site.scratch(*site.y, dtype=np.bool_) for _ in range(2))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        layer, x = self.layer, xs[0]
        np.greater(x, layer.threshold, out=self.open)
        np.multiply(x, self.open, out=y)
        if layer.max_value is not None:
            np.minimum(y, layer.max_value, out=y)
        if layer.negative_slope:
            np.subtract(layer.threshold, x, out=self.s)
            np.maximum(self.s, 0.0, out=self.s)
            self.s *= layer.negative_slope
            y -= self.s

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        layer, x = self.layer, xs[0]
        if layer.max_value is not None:
            np.less(x, layer.max_value, out=self.other)
            self.open &= self.other
        np.less(x, layer.threshold, out=self.other)
        np.multiply(self.other, layer.negative_slope, out=self.s)
        self.s += self.open
        np.multiply(dy, self.s, out=dxs[0])


@kernel(LeakyReLU)
class LeakyReLUKernel(Curve[LeakyReLU]):
    """y = max(x, 0) + negative_slope min(x, 0);  dx = dy where y > 0, else dy negative_slope"""

    def __init__(self, layer: LeakyReLU, site: Site) -> None:
        super().__init__(layer, site)
        self.positive = site.for_backward(*site.y, dtype=np.bool_)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.minimum(xs[0], 0.0, out=self.s)
        self.s *= self.layer.negative_slope
        np.maximum(xs[0], 0.0, out=y)
        y += self.s

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.greater(y, 0.0, out=self.positive)
        self.s.fill(self.layer.negative_slope)
        np.copyto(self.s, 1.0, where=self.positive)
        np.multiply(dy, self.s, out=dxs[0])


@kernel(PReLU)
class PReLUKernel(Kernel[PReLU]):
    """y = max(x, 0) + alpha min(x, 0)

    dx = dy where x > 0, else dy alpha;  dalpha = sum of dy min(x, 0) over the batch and the places that share it
    (He et al. 2015)
    """

    def __init__(self, layer: PReLU, site: Site) -> None:
        super().__init__(layer, site)
        self.alpha, self.dalpha = site.weights["alpha"], site.gradients["alpha"]
        self.shared = (0, *(axis for axis, n in enumerate(self.alpha.shape, start=1) if n < site.y[axis]))
        self.s = site.scratch(*site.y)
        self.positive = site.for_backward(*site.y, dtype=np.bool_)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.minimum(xs[0], 0.0, out=self.s)
        self.s *= self.alpha
        np.maximum(xs[0], 0.0, out=y)
        y += self.s

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.layer.trainable:
            np.minimum(xs[0], 0.0, out=self.s)
            self.s *= dy
            np.sum(self.s, axis=self.shared, keepdims=True, out=self.dalpha[None])
        if dxs[0] is not None:
            np.greater(xs[0], 0.0, out=self.positive)
            np.copyto(self.s, self.alpha)
            np.copyto(self.s, 1.0, where=self.positive)
            np.multiply(dy, self.s, out=dxs[0])


@kernel(ELU)
class ELUKernel(Bent[ELU]):
    """y = max(x, 0) + alpha (exp(min(x, 0)) - 1)"""

    def __init__(self, layer: ELU, site: Site) -> None:
        super().__init__(layer, site)
        self.alpha = layer.alpha
