"""Normalization by the values' own mean and size: along an axis, or over groups of channels."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TypeVar

import numpy as np

from engine.kernel import Array, Kernel, Site, Sizes, kernel
from graph.layers.base import Layer
from graph.layers.normalization import (
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)

L = TypeVar("L", bound=Layer)
SHORTEST = 1e-12
"""The shortest length that a UnitNormalization divides by, as in Keras."""


class Scaled(Kernel[L]):
    """y = gamma n + beta,  n = (x - mean) r

    dbeta = sum dy,  dgamma = sum dy n,  dx = r (d - mean d - n mean(d n)) with d = gamma dy

    `shape` is x's with the axes between laid together, `over` are those that mean and r are taken over, `trained` is
    the shape of gamma and beta against it. Without a `mean`, neither it nor the mean of d is subtracted.
    """

    centred = True

    def __init__(self, layer: L, site: Site, shape: Sizes, over: tuple[int, ...], trained: Sizes) -> None:
        super().__init__(layer, site)
        self.shape, self.over = shape, over
        self.count = prod(shape[axis] for axis in over)
        small = tuple(1 if axis in over else n for axis, n in enumerate(shape))
        self.mean, self.r, self.part = (site.scratch(*small) for _ in range(3))
        self.n, self.s = site.scratch(*shape), site.scratch(*shape)
        self.shared = tuple(axis for axis, n in enumerate(trained) if n == 1)
        weights, gradients = site.weights, site.gradients
        names = [name for name in ("gamma", "scale") if name in weights]
        self.gamma = weights[names[0]].reshape(trained) if names else None
        self.beta = weights["beta"].reshape(trained) if "beta" in weights else None
        self.dgamma = gradients[names[0]].reshape(trained) if names and names[0] in gradients else None
        self.dbeta = gradients["beta"].reshape(trained) if "beta" in gradients else None

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        x, y = xs[0].reshape(self.shape), y.reshape(self.shape)
        if self.centred:
            np.sum(x, axis=self.over, keepdims=True, out=self.mean)
            self.mean /= self.count
            np.subtract(x, self.mean, out=self.n)
        else:
            np.copyto(self.n, x)
        np.multiply(self.n, self.n, out=self.s)
        np.sum(self.s, axis=self.over, keepdims=True, out=self.r)
        self.size()
        np.reciprocal(self.r, out=self.r)
        self.n *= self.r
        if self.gamma is None:
            np.copyto(y, self.n)
        else:
            np.multiply(self.n, self.gamma, out=y)
        if self.beta is not None:
            y += self.beta

    def size(self) -> None:
        """Make of the sum of squares in `r` what the values are divided by: sqrt(variance + epsilon)."""
        self.r /= self.count
        self.r += self.layer.config()["epsilon"]
        np.sqrt(self.r, out=self.r)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dy = dy.reshape(self.shape)
        if self.layer.trainable:
            if self.dbeta is not None:
                np.sum(dy, axis=self.shared, keepdims=True, out=self.dbeta)
            if self.dgamma is not None:
                np.multiply(dy, self.n, out=self.s)
                np.sum(self.s, axis=self.shared, keepdims=True, out=self.dgamma)
        if dxs[0] is None:
            return
        dx = dxs[0].reshape(self.shape)
        if self.gamma is None:
            np.copyto(dx, dy)
        else:
            np.multiply(dy, self.gamma, out=dx)
        np.multiply(dx, self.n, out=self.s)
        np.sum(self.s, axis=self.over, keepdims=True, out=self.part)
        self.part /= self.count
        np.multiply(self.n, self.part, out=self.s)
        if self.centred:
            np.sum(dx, axis=self.over, keepdims=True, out=self.part)
            self.part /= self.count
            dx -= self.part
        dx -= self.s
        dx *= self.r


def along(x: Sizes, axes: tuple[int, ...]) -> tuple[Sizes, tuple[int, ...], Sizes]:
    """The values before, on and behind the axes, taken over these; as they are where the axes do not lie together."""
    places = sorted(axis % len(x) for axis in axes)
    first, last = places[0], places[-1]
    if last - first == len(places) - 1:
        count = prod(x[first : last + 1])
        return (prod(x[:first]), count, prod(x[last + 1 :])), (1,), (1, count, 1)
    return x, tuple(places), tuple(n if axis in places else 1 for axis, n in enumerate(x))


@kernel(LayerNormalization)
class LayerNormalizationKernel(Scaled[LayerNormalization]):
    """Along an axis (Ba et al. 2016)."""

    def __init__(self, layer: LayerNormalization, site: Site) -> None:
        super().__init__(layer, site, *along(site.y, layer.axis))


@kernel(GroupNormalization)
class GroupNormalizationKernel(Scaled[GroupNormalization]):
    """Over all places and the channels of a group (Wu and He 2018)."""

    def __init__(self, layer: GroupNormalization, site: Site) -> None:
        axis = layer.axis % len(site.y)
        channels = site.y[axis]
        groups = channels if layer.groups == -1 else layer.groups
        each = channels // groups
        shape = (site.y[0], prod(site.y[1:axis]), groups, each, prod(site.y[axis + 1 :]))
        super().__init__(layer, site, shape, (1, 3, 4), (1, 1, groups, each, 1))


@kernel(RMSNormalization)
class RMSNormalizationKernel(Scaled[RMSNormalization]):
    """Along an axis, by the root mean square (Zhang and Sennrich 2019)."""

    centred = False

    def __init__(self, layer: RMSNormalization, site: Site) -> None:
        super().__init__(layer, site, *along(site.y, layer.axis))


@kernel(UnitNormalization)
class UnitNormalizationKernel(Scaled[UnitNormalization]):
    """Along an axis, by the length: the mean square with a count of 1."""

    centred = False

    def __init__(self, layer: UnitNormalization, site: Site) -> None:
        super().__init__(layer, site, *along(site.y, layer.axis))
        self.count = 1

    def size(self) -> None:
        np.sqrt(self.r, out=self.r)
        np.maximum(self.r, SHORTEST, out=self.r)
