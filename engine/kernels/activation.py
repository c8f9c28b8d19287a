"""The activation functions, each with its slope.

Those that say `in_place` have a slope that follows from the output alone, so a plan may let them work on one array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from engine.kernel import Array, Kernel, Site, ViewKernel, activation_kernel
from graph.layers.activation import Activation
from graph.layers.base import Layer

LEAK = 0.2
"""Keras's negative_slope of leaky_relu."""
LARGEST_EXPONENT = 80.0
"""exp of it is still a float32."""


@activation_kernel("linear")
class Linear(ViewKernel[Activation]):
    """y = x"""


C = TypeVar("C", bound=Layer)


class Curve(Kernel[C]):
    """A function of every value, whose slope follows from the output; `s` is scratch of its shape."""

    in_place = True
    reads_output = True

    def __init__(self, layer: C, site: Site) -> None:
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
class LeakyRelu(Curve[Activation]):
    """y = max(x, 0.2 x);  dx = dy max(sign y, 0.2)"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.multiply(xs[0], LEAK, out=self.s)
        np.maximum(xs[0], self.s, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.sign(y, out=self.s)
        np.maximum(self.s, LEAK, out=self.s)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("relu6")
class Relu6(Curve[Activation]):
    """y = min(max(x, 0), 6);  dx = dy where 0 < y < 6"""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.above, self.inside = (site.for_backward(*site.y, dtype=np.bool_) for _ in range(2))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.clip(xs[0], 0.0, 6.0, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.greater(y, 0.0, out=self.above)
        np.less(y, 6.0, out=self.inside)
        self.inside &= self.above
        np.multiply(dy, self.inside, out=dxs[0])


class Bent(Curve[C]):
    """y = scale (max(x, 0) + alpha (exp(min(x, 0)) - 1));  dx = dy scale where y > 0, else dy (y + scale alpha)"""

    alpha = 1.0
    scale = 1.0

    def __init__(self, layer: C, site: Site) -> None:
        super().__init__(layer, site)
        self.positive = site.for_backward(*site.y, dtype=np.bool_)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.minimum(xs[0], 0.0, out=self.s)
        np.expm1(self.s, out=self.s)
        self.s *= self.alpha
        np.maximum(xs[0], 0.0, out=y)
        y += self.s
        if self.scale != 1.0:
            y *= self.scale

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.greater(y, 0.0, out=self.positive)
        np.add(y, self.scale * self.alpha, out=self.s)
        np.copyto(self.s, self.scale, where=self.positive)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("elu")
@activation_kernel("celu")
class Elu(Bent[Activation]):
    """y = max(x, 0) + exp(min(x, 0)) - 1"""


@activation_kernel("selu")
class Selu(Bent[Activation]):
    """The alpha and scale of Klambauer et al. 2017, which keep mean 0 and variance 1."""

    alpha = 1.6732632423543772
    scale = 1.0507009873554805


@activation_kernel("sigmoid")
class Sigmoid(Curve[Activation]):
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
class Tanh(Curve[Activation]):
    """y = tanh x;  dx = dy (1 - y²)"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.tanh(xs[0], out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(y, y, out=self.s)
        np.subtract(1.0, self.s, out=self.s)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("softplus")
class Softplus(Curve[Activation]):
    """y = log(1 + exp x);  dx = dy (1 - exp(-y))"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.logaddexp(xs[0], 0.0, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.negative(y, out=self.s)
        np.expm1(self.s, out=self.s)
        np.negative(self.s, out=self.s)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("hard_sigmoid")
class HardSigmoid(Curve[Activation]):
    """y = min(max(x + 3, 0), 6) / 6;  dx = dy / 6 where 0 < y < 1"""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.above, self.inside = (site.for_backward(*site.y, dtype=np.bool_) for _ in range(2))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.multiply(xs[0], 1.0 / 6.0, out=y)
        y += 0.5
        np.clip(y, 0.0, 1.0, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.greater(y, 0.0, out=self.above)
        np.less(y, 1.0, out=self.inside)
        self.inside &= self.above
        np.multiply(self.inside, 1.0 / 6.0, out=self.s)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("log_sigmoid")
class LogSigmoid(Curve[Activation]):
    """y = -log(1 + exp(-x));  dx = dy (1 - exp y)"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.negative(xs[0], out=self.s)
        np.logaddexp(self.s, 0.0, out=y)
        np.negative(y, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.expm1(y, out=self.s)
        np.negative(self.s, out=self.s)
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("softsign")
class Softsign(Curve[Activation]):
    """y = x / (1 + |x|);  dx = dy (1 - |y|)²"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.abs(xs[0], out=self.s)
        self.s += 1.0
        np.divide(xs[0], self.s, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.abs(y, out=self.s)
        np.subtract(1.0, self.s, out=self.s)
        self.s *= self.s
        np.multiply(dy, self.s, out=dxs[0])


@activation_kernel("exponential")
class Exponential(Curve[Activation]):
    """y = exp x;  dx = dy y"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.exp(xs[0], out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(dy, y, out=dxs[0])
