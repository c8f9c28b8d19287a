"""Edges cut off or added, and values made several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.padding import (
    Cropping1D,
    Cropping2D,
    Edged,
    UpSampling1D,
    UpSampling2D,
    ZeroPadding1D,
    ZeroPadding2D,
)


def within(layer: Edged, larger: Sequence[int]) -> tuple[slice, ...]:
    """The part of an array of shape `larger` that is left when the edges are cut off."""
    edges = zip(larger[1:-1], layer.edges(), strict=True)
    return (slice(None), *(slice(before, n - after) for n, (before, after) in edges))


@kernel(Cropping1D)
@kernel(Cropping2D)
class CroppingKernel(Kernel[Edged]):
    """y = the inside of x;  dx = dy there, and 0 at the edges"""

    def __init__(self, layer: Edged, site: Site) -> None:
        super().__init__(layer, site)
        self.inside = within(layer, site.xs[0])

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(y, xs[0][self.inside])

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        dx.fill(0.0)
        dx[self.inside] = dy


@kernel(ZeroPadding1D)
@kernel(ZeroPadding2D)
class ZeroPaddingKernel(Kernel[Edged]):
    """y = x with zeros around it;  dx = the inside of dy"""

    def __init__(self, layer: Edged, site: Site) -> None:
        super().__init__(layer, site)
        self.inside = within(layer, site.y)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        y.fill(0.0)
        y[self.inside] = xs[0]

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.copyto(dx, dy[self.inside])


@kernel(UpSampling1D)
class UpSampling1DKernel(Kernel[UpSampling1D]):
    """y[t size + i] = x[t] for every i;  dx[t] = sum over i of dy[t size + i]"""

    def __init__(self, layer: UpSampling1D, site: Site) -> None:
        super().__init__(layer, site)
        batch, steps, features = site.xs[0]
        self.shape = (batch, steps, layer.size, features)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(y.reshape(self.shape), xs[0][:, :, None])

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.sum(dy.reshape(self.shape), axis=2, out=dxs[0])


@kernel(UpSampling2D)
class UpSampling2DKernel(Kernel[UpSampling2D]):
    """y = down x acrossᵀ for every channel;  dx = downᵀ dy across

    Every row of the matrices `down` and `across` holds the parts of the values that one new value is blended from.
    """

    def __init__(self, layer: UpSampling2D, site: Site) -> None:
        super().__init__(layer, site)
        batch, height, width, channels = site.xs[0]
        self.down, self.across = (
            blend(n, size, layer.interpolation).astype(site.dtype)
            for n, size in zip((height, width), layer.size, strict=True)
        )
        high = len(self.down)
        self.rows_in, self.rows_out = (batch, height, width * channels), (batch, high, width * channels)
        self.half = site.scratch(batch * high, width, channels)
        self.pixels = (batch * high, len(self.across), channels)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.matmul(self.down, xs[0].reshape(self.rows_in), out=self.half.reshape(self.rows_out))
        np.matmul(self.across, self.half, out=y.reshape(self.pixels))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        assert dx is not None
        np.matmul(self.across.T, dy.reshape(self.pixels), out=self.half)
        np.matmul(self.down.T, self.half.reshape(self.rows_out), out=dx.reshape(self.rows_in))


def blend(n: int, size: int, interpolation: str) -> Array:
    """A row for each of `n size` new values along an axis: what part of each of the `n` old ones it takes.

    The new values lie evenly over the old ones, whose middles are 0, 1, 2, ...; at the edges the last one counts alone.
    """
    old = np.arange(n)
    if interpolation == "nearest":
        return np.equal(np.arange(n * size)[:, None] // size, old)
    place = np.clip((np.arange(n * size) + 0.5) / size - 0.5, 0, n - 1)
    parts: Array = np.maximum(1.0 - np.abs(place[:, None] - old), 0.0)
    return parts
