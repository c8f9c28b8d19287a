"""Activations whose slope follows from their output, in place."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.crew import share, split
from engine.fast import loops
from engine.kernel import Array, Kernel, Site, activation_kernel
from graph.layers.activation import Activation


class InPlace(Kernel[Activation]):
    """A function of every value."""

    in_place = True
    reads_output = True
    work = 1
    """How many times the time of a relu it takes."""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        size = int(np.prod(site.y))
        self.parts = split(size, values=float(self.work * size))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if xs[0] is not y:
            np.copyto(y, xs[0])
        out = y.reshape(-1)
        share(lambda part: self.curve(out[part]), self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx: Any = dxs[0]
        if dx is not dy:
            np.copyto(dx, dy)
        slopes, out = dx.reshape(-1), y.reshape(-1)
        share(lambda part: self.bend(out[part], slopes[part]), self.parts)

    @abstractmethod
    def curve(self, y: Array) -> None:
        """y = the function of y"""

    @abstractmethod
    def bend(self, y: Array, dx: Array) -> None:
        """dx = dx times the slope where the output is y"""


@activation_kernel("relu")
class CompiledRelu(InPlace):
    """y = max(x, 0);  dx = dy where y > 0"""

    def curve(self, y: Array) -> None:
        loops.relu(y)

    def bend(self, y: Array, dx: Array) -> None:
        loops.relu_slope(y, dx)


@activation_kernel("sigmoid")
class CompiledSigmoid(InPlace):
    """y = 1 / (1 + exp(-x));  dx = dy y (1 - y)"""

    work = 3

    def curve(self, y: Array) -> None:
        loops.sigmoid(y)

    def bend(self, y: Array, dx: Array) -> None:
        loops.sigmoid_slope(y, dx)


@activation_kernel("tanh")
class CompiledTanh(InPlace):
    """y = tanh x;  dx = dy (1 - y²)"""

    work = 2

    def curve(self, y: Array) -> None:
        loops.tanh_values(y)

    def bend(self, y: Array, dx: Array) -> None:
        loops.tanh_slope(y, dx)
