"""Activation functions that weigh every value by a gate of itself: y = x g(x);  dx = dy (g + x dg/dx)."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from engine.erf import Normal
from engine.kernel import Array, Kernel, Site, activation_kernel
from engine.kernels.activation import LARGEST_EXPONENT
from graph.layers.activation import Activation


class Gate(Kernel[Activation]):
    """`g` keeps the gate from forward to backward; `s` is scratch."""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.g, self.s = site.scratch(*site.y), site.scratch(*site.y)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.gate(xs[0])
        np.multiply(xs[0], self.g, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        self.slope(xs[0])
        self.s *= xs[0]
        self.s += self.g
        np.multiply(dy, self.s, out=dxs[0])

    @abstractmethod
    def gate(self, x: Array) -> None:
        """Write g."""

    @abstractmethod
    def slope(self, x: Array) -> None:
        """Write the slope of g into `s`."""


def sigmoid(x: Array, out: Array) -> None:
    """out = 1 / (1 + exp(-x))"""
    np.negative(x, out=out)
    np.minimum(out, LARGEST_EXPONENT, out=out)
    np.exp(out, out=out)
    out += 1.0
    np.reciprocal(out, out=out)


@activation_kernel("silu")
@activation_kernel("swish")
class Silu(Gate):
    """g = 1 / (1 + exp(-x)),  dg/dx = g (1 - g)"""

    def gate(self, x: Array) -> None:
        sigmoid(x, self.g)

    def slope(self, x: Array) -> None:
        np.subtract(1.0, self.g, out=self.s)
        self.s *= self.g


@activation_kernel("hard_silu")
class HardSilu(Gate):
    """g = min(max(x + 3, 0), 6) / 6,  dg/dx = 1/6 where 0 < g < 1"""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.inside = site.for_backward(*site.y, dtype=np.bool_)

    def gate(self, x: Array) -> None:
        np.multiply(x, 1.0 / 6.0, out=self.g)
        self.g += 0.5
        np.clip(self.g, 0.0, 1.0, out=self.g)

    def slope(self, x: Array) -> None:
        np.abs(x, out=self.s)
        np.less(self.s, 3.0, out=self.inside)
        np.multiply(self.inside, 1.0 / 6.0, out=self.s)


@activation_kernel("mish")
class Mish(Gate):
    """g = tanh(log(1 + exp x)),  dg/dx = (1 - g²) / (1 + exp(-x))"""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.sigmoid = site.for_backward(*site.y)

    def gate(self, x: Array) -> None:
        np.logaddexp(x, 0.0, out=self.g)
        np.tanh(self.g, out=self.g)

    def slope(self, x: Array) -> None:
        sigmoid(x, self.sigmoid)
        np.multiply(self.g, self.g, out=self.s)
        np.subtract(1.0, self.s, out=self.s)
        self.s *= self.sigmoid


@activation_kernel("gelu")
class Gelu(Gate):
    """g = Φ(x), the normal distribution (Hendrycks and Gimpel 2016),  dg/dx = exp(-x²/2) / √(2π)"""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self.normal = Normal(self.s, site.scratch(*site.y), site.scratch(*site.y, dtype=np.bool_))

    def gate(self, x: Array) -> None:
        self.normal.below(x, self.g)

    def slope(self, x: Array) -> None:
        np.multiply(x, x, out=self.s)
        self.s *= -0.5
        np.exp(self.s, out=self.s)
        self.s *= 1.0 / math.sqrt(2.0 * math.pi)
