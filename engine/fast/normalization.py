"""Normalization of the last axis: over the batch, two passes in each direction; along every row, one pass."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from engine.crew import share, split
from engine.fast import loops
from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.moments import LayerNormalizationKernel
from engine.kernels.normalization import BatchNormalizationKernel
from graph.layers.base import Layer
from graph.layers.normalization import BatchNormalization, LayerNormalization

Part = tuple[slice, Array, Array]


@kernel(BatchNormalization)
class CompiledBatchNormalization(Kernel[BatchNormalization]):
    """y = gamma n + beta,  n = (x - mean) r,  r = 1 / sqrt(variance + epsilon), for every channel

    dbeta = sum dy,  dgamma = sum dy n,  dx = gamma r (dy - dbeta / N - n dgamma / N), N values a channel

    The sums go over x - x[0], so that a large mean takes no digits from the variance. Where a mask comes in, the NumPy
    kernel does the work.
    """

    def __init__(self, layer: BatchNormalization, site: Site) -> None:
        super().__init__(layer, site)
        self.plain = None if site.masks[0] is None else BatchNormalizationKernel(layer, site)
        self.rows = (prod(site.y[:-1]), site.y[-1])
        channels = site.y[-1]
        self.gamma = site.weights.get("gamma", site.ones(channels))
        self.beta = site.weights.get("beta", site.scratch(channels))
        self.dgamma = site.gradients.get("gamma", site.scratch(channels))
        self.dbeta = site.gradients.get("beta", site.scratch(channels))
        self.moving = site.weights["moving_mean"], site.weights["moving_variance"]
        self.mean, self.r, self.factor, self.offset, self.along = (site.scratch(channels) for _ in range(5))
        parts = split(self.rows[0], values=float(prod(self.rows)))
        self.sums = site.scratch(len(parts), 2, channels)
        self.parts: list[Part] = [
            (part, site.scratch(2, channels), sums) for part, sums in zip(parts, self.sums, strict=True)
        ]

    @classmethod
    def for_layer(cls, layer: Layer) -> type[Kernel[Any]]:
        return super().for_layer(layer) if layer.config()["axis"] == -1 else BatchNormalizationKernel

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if self.plain is not None:
            self.plain.forward(xs, y, training)
            return
        layer, x, out = self.layer, xs[0].reshape(self.rows), y.reshape(self.rows)
        if training and layer.trainable:
            np.copyto(self.mean, x[0])
            share(lambda part: loops.batch_norm_sums(x[part[0]], x[0], part[1], part[2]), self.parts)
            trained = (self.gamma, self.beta, *self.moving)
            made = (self.mean, self.r, self.factor, self.offset)
            loops.batch_norm_factors(self.sums, len(x), layer.momentum, layer.epsilon, *trained, *made)
        else:
            trained = (self.gamma, self.beta, *self.moving)
            loops.batch_norm_moving(*trained, layer.epsilon, self.factor, self.offset)
        share(lambda part: loops.batch_norm(x[part[0]], self.factor, self.offset, out[part[0]]), self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        if self.plain is not None:
            self.plain.backward(dy, xs, y, dxs)
            return
        x, slopes = xs[0].reshape(self.rows), dy.reshape(self.rows)
        if self.layer.trainable:
            share(lambda p: loops.batch_norm_slope_sums(slopes[p[0]], x[p[0]], self.mean, p[1], p[2]), self.parts)
            made = (self.dgamma, self.dbeta, self.along, self.offset)
            loops.batch_norm_slope_factors(self.sums, len(x), self.r, self.factor, *made)
        else:
            self.along.fill(0.0)
            self.offset.fill(0.0)
        if dxs[0] is not None:
            dx, taken = dxs[0].reshape(self.rows), (self.mean, self.factor, self.along, self.offset)
            share(lambda p: loops.batch_norm_slope(slopes[p[0]], x[p[0]], *taken, dx[p[0]]), self.parts)


@kernel(LayerNormalization)
class CompiledLayerNormalization(Kernel[LayerNormalization]):
    """y = gamma n + beta,  n = (x - mean) r, along every row

    dbeta = sum dy,  dgamma = sum dy n,  dx = r (d - mean d - n mean(d n)) with d = gamma dy
    """

    def __init__(self, layer: LayerNormalization, site: Site) -> None:
        super().__init__(layer, site)
        channels = site.y[-1]
        self.rows = (prod(site.y[:-1]), channels)
        self.gamma = site.weights.get("gamma", site.ones(channels))
        self.beta = site.weights.get("beta", site.scratch(channels))
        self.dgamma = site.gradients.get("gamma", site.scratch(channels))
        self.dbeta = site.gradients.get("beta", site.scratch(channels))
        self.moments = site.scratch(self.rows[0], 2)
        self.unread = site.for_backward(*(self.rows if not site.needs_dx[0] else (0, 0)))
        parts = split(self.rows[0], values=float(prod(self.rows)))
        self.parts: list[Part] = [(part, site.scratch(channels), site.scratch(channels)) for part in parts]

    @classmethod
    def for_layer(cls, layer: Layer) -> type[Kernel[Any]]:
        return super().for_layer(layer) if layer.config()["axis"] in (-1, (-1,)) else LayerNormalizationKernel

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        x, out, epsilon = xs[0].reshape(self.rows), y.reshape(self.rows), self.layer.epsilon

        def run(part: Part) -> None:
            rows = part[0]
            loops.layer_norm(x[rows], self.gamma, self.beta, epsilon, self.moments[rows], out[rows])

        share(run, self.parts)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        x, slopes = xs[0].reshape(self.rows), dy.reshape(self.rows)
        dx = self.unread if dxs[0] is None else dxs[0].reshape(self.rows)

        def run(part: Part) -> None:
            rows, dgamma, dbeta = part
            loops.layer_norm_slope(slopes[rows], x[rows], self.gamma, self.moments[rows], dgamma, dbeta, dx[rows])

        share(run, self.parts)
        if self.layer.trainable:
            self.dgamma.fill(0.0)
            self.dbeta.fill(0.0)
            for _, dgamma, dbeta in self.parts:
                self.dgamma += dgamma
                self.dbeta += dbeta
