"""Random numbers that disturb the values while training; in inference y = x."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.activation import Selu
from graph.layers.regularization import (
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    Noisy,
    SpatialDropout1D,
    SpatialDropout2D,
)

N = TypeVar("N", bound=Noisy)


class NoisyKernel(Kernel[N]):
    """`m` are the random numbers of a step, one for each value or one for many."""

    view = "in inference"

    def __init__(self, layer: N, site: Site) -> None:
        super().__init__(layer, site)
        self.m = site.scratch(*layer.noise(site.y))

    def draw(self, probability: float) -> None:
        """Make every number of `m` 1 with this probability and 0 otherwise."""
        self.site.generator.random(dtype=self.m.dtype.type, out=self.m)
        np.less(self.m, probability, out=self.m)

    def draw_normal(self, mean: float, deviation: float) -> None:
        """Fill `m` with normal numbers."""
        self.site.generator.standard_normal(dtype=self.m.dtype.type, out=self.m)
        self.m *= deviation
        self.m += mean

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(dy, self.m, out=dxs[0])


@kernel(Dropout)
@kernel(SpatialDropout1D)
@kernel(SpatialDropout2D)
class DropoutKernel(NoisyKernel[Dropout]):
    """y = x m,  dx = dy m,  where m is 0 with the probability `rate` and 1 / (1 - rate) otherwise

    (Srivastava et al. 2014, in the inverted form; Tompson et al. 2014 for whole channels.)
    """

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.draw(1.0 - self.layer.rate)
        self.m *= 1.0 / (1.0 - self.layer.rate)
        np.multiply(xs[0], self.m, out=y)


@kernel(GaussianDropout)
class GaussianDropoutKernel(NoisyKernel[GaussianDropout]):
    """y = x m,  dx = dy m,  where m is normal around 1 with the deviation sqrt(rate / (1 - rate))"""

    def __init__(self, layer: GaussianDropout, site: Site) -> None:
        super().__init__(layer, site)
        self.deviation = math.sqrt(layer.rate / (1.0 - layer.rate))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.draw_normal(1.0, self.deviation)
        np.multiply(xs[0], self.m, out=y)


@kernel(GaussianNoise)
class GaussianNoiseKernel(NoisyKernel[GaussianNoise]):
    """y = x + m,  dx = dy,  where m is normal around 0"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.draw_normal(0.0, self.layer.stddev)
        np.add(xs[0], self.m, out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.copyto(dx, dy)


@kernel(AlphaDropout)
class AlphaDropoutKernel(NoisyKernel[AlphaDropout]):
    """y = a (x m + low (1 - m)) + b,  dx = dy a m,  where m is 0 with the probability `rate` and 1 otherwise

    low is the limit of selu, and a and b keep mean 0 and variance 1 (Klambauer et al. 2017).
    """

    def __init__(self, layer: AlphaDropout, site: Site) -> None:
        super().__init__(layer, site)
        low = -Selu.alpha * Selu.scale
        self.a = ((1.0 - layer.rate) * (1.0 + layer.rate * low * low)) ** -0.5
        self.kept = self.a * low * (1.0 - layer.rate)
        self.shift = site.scratch(*self.m.shape)
        self.low = self.a * low

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.draw(1.0 - self.layer.rate)
        np.multiply(self.m, -self.low, out=self.shift)
        self.shift += self.kept
        self.m *= self.a
        np.multiply(xs[0], self.m, out=y)
        y += self.shift
