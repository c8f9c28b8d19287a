"""Pooling over all places of a sample, one pass in each direction."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from engine.crew import share, split
from engine.fast import loops
from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.pooling import GlobalAveragePooling1DKernel
from graph.layers.pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    GlobalPooling,
)


@kernel(GlobalAveragePooling1D)
@kernel(GlobalAveragePooling2D)
@kernel(GlobalAveragePooling3D)
class CompiledGlobalAverage(Kernel[GlobalPooling]):
    """y = mean over all axes but the channels;  dx = dy / their product.  Where a mask is read, NumPy computes."""

    def __init__(self, layer: GlobalPooling, site: Site) -> None:
        super().__init__(layer, site)
        batch, *sizes, channels = site.xs[0]
        masked = site.masks[0] is not None and layer.mask_rule.reads
        self.plain = GlobalAveragePooling1DKernel(layer, site) if masked else None
        self.x, self.y = (batch, prod(sizes), channels), (batch, channels)
        self.parts = split(batch, values=float(prod(self.x)))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if self.plain is not None:
            self.plain.forward(xs, y, training)
            return
        x, out = xs[0].reshape(self.x), y.reshape(self.y)
        share(lambda part: loops.mean_places(x[part], out[part]), self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.plain is not None:
            self.plain.backward(dy, xs, y, dxs)
            return
        assert dxs[0] is not None
        slopes, dx = dy.reshape(self.y), dxs[0].reshape(self.x)
        share(lambda part: loops.mean_places_slope(slopes[part], dx[part]), self.parts)


@kernel(GlobalMaxPooling1D)
@kernel(GlobalMaxPooling2D)
@kernel(GlobalMaxPooling3D)
class CompiledGlobalMax(Kernel[GlobalPooling]):
    """y = max over all axes but the channels;  its dy is shared by the values that are equal to it"""

    reads_output = True

    def __init__(self, layer: GlobalPooling, site: Site) -> None:
        super().__init__(layer, site)
        batch, *sizes, channels = site.xs[0]
        self.x, self.y = (batch, prod(sizes), channels), (batch, channels)
        parts = split(batch, values=float(prod(self.x)))
        self.parts = [(part, site.for_backward(channels)) for part in parts]

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        x, out = xs[0].reshape(self.x), y.reshape(self.y)
        share(lambda part: loops.max_places(x[part[0]], out[part[0]]), self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        assert dxs[0] is not None
        slopes, x, out, dx = dy.reshape(self.y), xs[0].reshape(self.x), y.reshape(self.y), dxs[0].reshape(self.x)

        def run(part: tuple[slice, Array]) -> None:
            samples, scratch = part
            loops.max_places_slope(slopes[samples], x[samples], out[samples], scratch, dx[samples])

        share(run, self.parts)
