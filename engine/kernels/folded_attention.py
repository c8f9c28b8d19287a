"""Attention along any axes: axes whose places look at each other are laid together, the others join the batch.

Then it is attention along one axis, and its results are laid out as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from engine.kernel import Array, ManyKernel, Site, Sizes, kernel
from engine.kernels.attention import MultiHeadAttentionKernel
from engine.kernels.shards import by_samples
from graph.layers.attention import MultiHeadAttention
from graph.layers.base import Layer


class Fold:
    """Values of many axes as (batch, steps, features), and their gradient; both are arrays of their own."""

    def __init__(self, layer: MultiHeadAttention, x: Sizes, site: Site, wanted: bool) -> None:
        rank = len(x)
        rest, looked = layer.rest(rank), layer.axes(rank)
        self.order = (*rest, *looked, rank - 1)
        self.moved = tuple(x[axis] for axis in self.order)
        self.folded = (prod(x[axis] for axis in rest), prod(x[axis] for axis in looked), x[-1])
        self.x = site.scratch(*self.folded)
        self.dx = site.for_backward(*self.folded) if wanted else None

    def take(self, x: Array, into: Array) -> Array:
        """Lay `x` out."""
        np.copyto(into.reshape(self.moved), x.transpose(self.order))
        return into

    def give(self, folded: Array, x: Array) -> None:
        """Lay what is folded out as `x`."""
        np.copyto(x.transpose(self.order), folded.reshape(self.moved))


@kernel(MultiHeadAttention)
class FoldedAttentionKernel(ManyKernel[MultiHeadAttention]):
    """Attention along one axis where there is only one, and else between two foldings."""

    def __init__(self, layer: MultiHeadAttention, site: Site) -> None:
        super().__init__(layer, site)
        self.plain = len(site.xs[0]) == 3
        if self.plain:
            self.kernel = MultiHeadAttentionKernel(layer, site)
            return
        self.xs = [Fold(layer, x, site, wanted) for x, wanted in zip(site.xs, site.needs_dx, strict=True)]
        self.y = Fold(layer, site.y, site, True)
        query, value = self.xs[0].folded, self.xs[1].folded
        self.scores = (query[0], layer.num_heads, query[1], value[1])
        folded = replace(
            site,
            xs=tuple(fold.folded for fold in self.xs),
            ys=(self.y.folded, self.scores)[: len(site.ys)],
            masks=(None,) * len(site.xs),
        )
        self.kernel = MultiHeadAttentionKernel(layer, folded)

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        return by_samples(cls, layer)

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        if self.plain:
            self.kernel.forward(xs, ys, training)
            return
        folded = [fold.take(x, fold.x) for fold, x in zip(self.xs, xs, strict=True)]
        self.kernel.forward(folded, (self.y.x, *(scores.reshape(self.scores) for scores in ys[1:])), training)
        self.y.give(self.y.x, ys[0])

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        if self.plain:
            self.kernel.backward(dys, xs, ys, dxs)
            return
        assert self.y.dx is not None, "the gradient of the output is always wanted"
        dy = self.y.take(dys[0], self.y.dx)
        scores = [
            (one.reshape(self.scores), given.reshape(self.scores)) for one, given in zip(dys[1:], ys[1:], strict=True)
        ]
        self.kernel.backward(
            (dy, *(one for one, _ in scores)),
            [fold.x for fold in self.xs],
            (self.y.x, *(given for _, given in scores)),
            [fold.dx for fold in self.xs],
        )
        for fold, dx in zip(self.xs, dxs, strict=True):
            if dx is not None and fold.dx is not None:
                fold.give(fold.dx, dx)
