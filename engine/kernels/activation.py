"""The activation functions, each with its slope.

Those that say `in_place` have a slope that follows from the output alone, so a plan may let them work on one array.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, ViewKernel, activation_kernel
from graph.layers.activation import Activation

LEAK = 0.2
"""Keras's negative_slope of leaky_relu."""
LARGEST_EXPONENT = 80.0
"""exp of it is still a float32."""


@activation_kernel("linear")
class Linear(ViewKernel[Activation]):
    """y = x"""


class Curve(Kernel[Activation]):
    """A function of every value, whose slope follows from the output; `s` is scratch of its shape."""

    in_place = True
    reads_output = True

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.s = site.scratch(*site.y)


@activation_kernel("relu")
class Relu(Kernel[Activation]):
    """y = max(x, 0);  dx = dy where y > 0"""

    in_place = True
    reads_output = True

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.positive = site.for_backward(*site.y, dtype=np.bool_)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.maximum(xs[0], 0.0, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.greater(y, 0.0, out=self.positive)
        np.multiply(dy, self.positive, out=dxs[0])


@activation_kernel("leaky_relu")
class LeakyRelu(Curve):
    """y = max(x, 0.2 x);  dx = dy max(sign y, 0.2)"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.multiply(xs[0], LEAK, out=self.s)
        np.maximum(xs[0], self.s, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.sign(y, out=self.s)
        np.maximum(self.s, LEAK, out=self.s)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("elu")
class Elu(Curve):
    """y = max(x, 0) + exp(min(x, 0)) - 1;  dx = dy (min(y, 0) + 1)"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.minimum(xs[0], 0.0, out=self.s)
        np.expm1(self.s, out=self.s)
        np.maximum(xs[0], 0.0, out=y)
        y += self.s

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.minimum(y, 0.0, out=self.s)
        self.s += 1.0
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("sigmoid")
class Sigmoid(Curve):
    """y = 1 / (1 + exp(-x));  dx = dy y (1 - y)"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.negative(xs[0], out=y)
        np.minimum(y, LARGEST_EXPONENT, out=y)
        np.exp(y, out=y)
        y += 1.0
        np.reciprocal(y, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.subtract(1.0, y, out=self.s)
        self.s *= y
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("tanh")
class Tanh(Curve):
    """y = tanh x;  dx = dy (1 - y²)"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.tanh(xs[0], out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(y, y, out=self.s)
        np.subtract(1.0, self.s, out=self.s)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("softplus")
class Softplus(Curve):
    """y = log(1 + exp x);  dx = dy (1 - exp(-y))"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.logaddexp(xs[0], 0.0, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.negative(y, out=self.s)
        np.expm1(self.s, out=self.s)
        np.negative(self.s, out=self.s)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("softmax")
class Softmax(Curve):
    """y = exp(x - max x) / sum exp(x - max x) over the last axis;  dx = y (dy - sum dy y)"""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.row = site.scratch(*site.y[:-1], 1)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.max(xs[0], axis=-1, keepdims=True, out=self.row)
        np.subtract(xs[0], self.row, out=y)
        np.exp(y, out=y)
        np.sum(y, axis=-1, keepdims=True, out=self.row)
        y /= self.row

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(dy, y, out=self.s)
        np.sum(self.s, axis=-1, keepdims=True, out=self.row)
        np.subtract(dy, self.row, out=self.s)
        np.multiply(self.s, y, out=dxs[0])
