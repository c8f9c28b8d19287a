"""Batch normalization (Ioffe and Szegedy 2015), with Keras's moving statistics, and fixed rescaling."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.normalization import BatchNormalization, Rescaling

TINY = 1e-7
"""Keras's epsilon, which it adds to the number of values that a mask leaves."""


@kernel(BatchNormalization)
class BatchNormalizationKernel(Kernel[BatchNormalization]):
    """y = gamma n + beta,  n = (x - mean) / sqrt(variance + epsilon), for every channel

    In training, mean and variance are those of the batch, and the moving ones follow: m = momentum m + (1 - momentum)
    batch. Then, with N values a channel,
        dbeta = sum dy,  dgamma = sum dy n,  dx = gamma / sqrt(variance + epsilon) (dy - dbeta / N - n dgamma / N)
    In inference, and always where the layer is frozen, they are the moving ones:
        dx = gamma / sqrt(variance + epsilon) dy
    Where a mask m comes in, masked values count for neither mean nor variance: N is sum m, and dbeta / N and
    n dgamma / N are subtracted only where something is.
    """

    def __init__(self, layer: BatchNormalization, site: Site) -> None:
        super().__init__(layer, site)
        axis = layer.axis % len(site.y)
        channels = site.y[axis]
        self.shape = (prod(site.y[:axis]), channels, prod(site.y[axis + 1 :]))
        self.count: Array = np.array(self.shape[0] * self.shape[2])
        self.gamma = site.weights.get("gamma", site.ones(channels))
        self.beta = site.weights.get("beta", site.scratch(channels))
        self.dgamma = site.gradients.get("gamma", site.scratch(channels))
        self.dbeta = site.gradients.get("beta", site.scratch(channels))
        self.moving_mean, self.moving_variance = site.weights["moving_mean"], site.weights["moving_variance"]
        self.mean, self.variance, self.factor, self.offset = (site.scratch(channels) for _ in range(4))
        self.n, self.product = site.for_backward(*self.shape), site.for_backward(*self.shape)
        self.ones, self.partial = site.ones(self.shape[0]), site.scratch(*self.shape[1:])
        self.mask = site.masks[0]
        self.m = site.scratch(*self.shape) if self.mask is not None and site.training else None
        if self.m is not None:
            self.count = site.scratch(channels)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        x, y = xs[0].reshape(self.shape), y.reshape(self.shape)
        if training and self.layer.trainable:
            self._normalize(x, y)
        else:
            self._factor(self.moving_variance)
            np.multiply(self.moving_mean, self.factor, out=self.offset)
            np.subtract(self.beta, self.offset, out=self.offset)
            np.multiply(x, self.factor[:, None], out=y)
            y += self.offset[:, None]

    def _normalize(self, x: Array, y: Array) -> None:
        if self.m is not None and self.mask is not None:
            np.copyto(self.m.reshape(self.site.y), self.mask.reshape(*self.mask.shape, 1))
            self._sum(self.m, self.count)
            self.count += TINY
        self._sum(x if self.m is None else np.multiply(x, self.m, out=self.product), self.mean)
        self.mean /= self.count
        np.subtract(x, self.mean[:, None], out=self.n)
        np.multiply(self.n, self.n, out=self.product)
        if self.m is not None:
            self.product *= self.m
        self._sum(self.product, self.variance)
        self.variance /= self.count
        for moving, batch in ((self.moving_mean, self.mean), (self.moving_variance, self.variance)):
            np.subtract(batch, moving, out=self.offset)
            self.offset *= 1.0 - self.layer.momentum
            moving += self.offset
        np.add(self.variance, self.layer.epsilon, out=self.factor)
        np.sqrt(self.factor, out=self.factor)
        self.n /= self.factor[:, None]
        np.divide(self.gamma, self.factor, out=self.factor)
        np.multiply(self.n, self.gamma[:, None], out=y)
        y += self.beta[:, None]

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dy = dy.reshape(self.shape)
        dx = self.product if dxs[0] is None else dxs[0].reshape(self.shape)
        if self.layer.trainable:
            self._sum(dy, self.dbeta)
            np.multiply(dy, self.n, out=self.product)
            self._sum(self.product, self.dgamma)
            np.divide(self.dgamma, self.count, out=self.mean)
            np.divide(self.dbeta, self.count, out=self.variance)
            self.n *= self.mean[:, None]
            self.n += self.variance[:, None]
            if self.m is not None:
                self.n *= self.m
            np.subtract(dy, self.n, out=dx)
            dx *= self.factor[:, None]
        else:
            np.multiply(dy, self.factor[:, None], out=dx)

    def _factor(self, variance: Array) -> None:
        """gamma / sqrt(variance + epsilon)"""
        np.add(variance, self.layer.epsilon, out=self.factor)
        np.sqrt(self.factor, out=self.factor)
        np.divide(self.gamma, self.factor, out=self.factor)

    def _sum(self, values: Array, out: Array) -> None:
        """The sum of every channel: first over the axes before it, as a product with ones, then over those behind."""
        np.matmul(self.ones, values.reshape(len(self.ones), -1), out=self.partial.reshape(-1))
        np.sum(self.partial, axis=1, out=out)


@kernel(Rescaling)
class RescalingKernel(Kernel[Rescaling]):
    """y = x scale + offset,  dx = dy scale"""

    in_place = True

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.multiply(xs[0], self.layer.scale, out=y)
        y += self.layer.offset

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(dy, self.layer.scale, out=dxs[0])
