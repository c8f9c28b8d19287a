"""Layers that look things up.

Axes: N samples (or samples and heads), T queries, S keys and values, F features of queries and keys, V of values.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from engine.kernel import Array, ManyKernel, Site, kernel
from engine.kernels.heads import Heads
from engine.kernels.shards import by_samples
from engine.kernels.weighing import Weighing, unseen
from graph.layers.attention import AdditiveAttention, Attention, MultiHeadAttention, SameFeatures
from graph.layers.base import Layer

L = TypeVar("L", bound=SameFeatures)


class SumScores:
    """s = sum over the features of w tanh(a (q + k)),  w being a number or one for every feature

    With u the tanh: dw = sum ds u,  du = a ds w (1 - u²),  dq and dk are du added up, da = sum (dq q + dk k) / a
    """

    def __init__(self, site: Site, w: Array | None, dw: Array | None) -> None:
        (n, queries, features), keys = site.xs[0], site.xs[-1][1]
        self.w, self.dw = w, dw
        self.u = site.scratch(n, queries, keys, features)
        self.each = site.ones(features)
        self.slope = site.for_backward(features)

    def forward(self, q: Array, k: Array, a: Array | float, s: Array) -> None:
        np.add(q[:, :, None], k[:, None], out=self.u)
        self.u *= a
        np.tanh(self.u, out=self.u)
        if self.w is not None:
            self.each[...] = self.w
        np.matmul(self.u, self.each, out=s)

    def backward(self, ds: Array, dq: Array, dk: Array) -> None:
        """Write what `a` makes `dq` and `dk`."""
        if self.dw is not None:
            np.matmul(ds.reshape(-1), self.u.reshape(ds.size, -1), out=self.slope)
            if self.dw.ndim:
                np.copyto(self.dw, self.slope)
            else:
                np.sum(self.slope, out=self.dw)
        np.multiply(self.u, self.u, out=self.u)
        np.subtract(1.0, self.u, out=self.u)
        self.u *= self.each
        self.u *= ds[..., None]
        np.sum(self.u, axis=2, out=dq)
        np.sum(self.u, axis=1, out=dk)


class SameFeaturesKernel(ManyKernel[L]):
    """Scores of queries and keys as they are, then values weighed by their softmax; 0 where a query is masked."""

    def __init__(self, layer: L, site: Site) -> None:
        super().__init__(layer, site)
        query, value, key = site.xs[0], site.xs[1], site.xs[-1]
        sizes = (query[0], query[1], value[1])
        self.weighing = Weighing(layer, site, sizes, unseen(layer, site, sizes, values=site.masks[1:2]), moved=True)
        self.query_mask = site.masks[0]
        self.dy = site.for_backward(*site.y) if self.query_mask is not None else None
        self.dq, self.dv, self.dk = (site.for_backward(*x) for x in (query, value, key))

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        return by_samples(cls, layer)

    @abstractmethod
    def score(self, q: Array, k: Array) -> None:
        """Write the scores into `weighing.p`."""

    @abstractmethod
    def score_slopes(self, q: Array, k: Array) -> None:
        """Write `dq`, `dk` and the gradients of the weights for the slope in `weighing.ds`."""

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        self.score(xs[0], xs[-1])
        self.weighing.forward(xs[1], ys[0], training)
        if self.query_mask is not None:
            np.multiply(ys[0], self.query_mask[..., None], out=ys[0])
        for y in ys[1:]:
            np.copyto(y, self.weighing.kept if training else self.weighing.p)

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        weighing, dy = self.weighing, dys[0]
        if self.query_mask is not None and self.dy is not None:
            dy = np.multiply(dy, self.query_mask[..., None], out=self.dy)
        weighing.backward(dy, xs[1], self.dv)
        for scores in dys[1:]:
            weighing.dp += scores
        weighing.through_dropout()
        weighing.through_softmax()
        self.score_slopes(xs[0], xs[-1])
        give(dxs, self.dq, self.dv, self.dk)


def give(dxs: Sequence[Array | None], dq: Array, dv: Array, dk: Array) -> None:
    """Write the gradients of the inputs; values that are their own keys get both."""
    if dxs[0] is not None:
        np.copyto(dxs[0], dq)
    if dxs[1] is not None:
        np.copyto(dxs[1], dv)
    key = dxs[-1]
    if key is not None and len(dxs) == 3:
        np.copyto(key, dk)
    elif key is not None:
        np.add(key, dk, out=key)


@kernel(Attention)
class AttentionKernel(SameFeaturesKernel[Attention]):
    """s = a q kᵀ, or c sum tanh(a (q + k)),  with the trained numbers a and c;  y = softmax(s) v

    dq = a ds k,  dk = a dsᵀ q,  da = sum dq q / a
    """

    def __init__(self, layer: Attention, site: Site) -> None:
        super().__init__(layer, site)
        self.a, self.da = site.weights.get("scale"), site.gradients.get("scale")
        c, dc = site.weights.get("concat_score_weight"), site.gradients.get("concat_score_weight")
        self.sums = SumScores(site, c, dc) if c is not None else None
        self.product = site.for_backward(*site.xs[0]), site.for_backward(*site.xs[-1])

    def score(self, q: Array, k: Array) -> None:
        if self.sums is not None:
            self.sums.forward(q, k, 1.0 if self.a is None else self.a, self.weighing.p)
            return
        np.matmul(q, k.swapaxes(1, 2), out=self.weighing.p)
        if self.a is not None:
            self.weighing.p *= self.a

    def score_slopes(self, q: Array, k: Array) -> None:
        ds = self.weighing.ds
        if self.sums is not None:
            self.sums.backward(ds, self.dq, self.dk)
        else:
            np.matmul(ds, k, out=self.dq)
            np.matmul(ds.swapaxes(1, 2), q, out=self.dk)
        if self.a is not None and self.da is not None:
            by_query, by_key = self.product
            np.multiply(self.dq, q, out=by_query)
            np.sum(by_query, out=self.da)
            if self.sums is not None:
                np.multiply(self.dk, k, out=by_key)
                self.da += np.sum(by_key)
            self.dq *= self.a
            self.dk *= self.a


@kernel(AdditiveAttention)
class AdditiveAttentionKernel(SameFeaturesKernel[AdditiveAttention]):
    """s = sum w tanh(q + k) over the features;  y = softmax(s) v"""

    def __init__(self, layer: AdditiveAttention, site: Site) -> None:
        super().__init__(layer, site)
        self.sums = SumScores(site, site.weights.get("scale"), site.gradients.get("scale"))

    def score(self, q: Array, k: Array) -> None:
        self.sums.forward(q, k, 1.0, self.weighing.p)

    def score_slopes(self, q: Array, k: Array) -> None:
        self.sums.backward(self.weighing.ds, self.dq, self.dk)


class MultiHeadAttentionKernel(ManyKernel[MultiHeadAttention]):
    """Along one axis: in every head p = softmax(q kᵀ / sqrt key_dim) and h = p v;  y = sum of h w over the heads + b

    q, k and v are products of the inputs, as `Heads` makes them. (Vaswani et al. 2017.)
    """

    def __init__(self, layer: MultiHeadAttention, site: Site) -> None:
        super().__init__(layer, site)
        query, value, key = site.xs[0], site.xs[1], site.xs[-1]
        self.q, self.k, self.v = (
            Heads(name, x, site) for name, x in (("query", query), ("key", key), ("value", value))
        )
        self.w, self.dw = site.weights["attention_output_kernel"], site.gradients["attention_output_kernel"]
        self.b, self.db = site.weights.get("attention_output_bias"), site.gradients.get("attention_output_bias")
        heads, size, features = self.w.shape
        self.columns = (heads * size, features)
        self.scale = layer.key_dim**-0.5
        sizes = (query[0], heads, query[1], value[1])
        seen = unseen(layer, site, sizes, queries=site.masks[:1], values=site.masks[1:])
        self.weighing = Weighing(layer, site, sizes, seen, moved=False)
        self.h = site.scratch(query[0], heads, query[1], size)
        self.rows = site.scratch(query[0], query[1], heads, size)
        self.drows = site.for_backward(query[0], query[1], heads, size)
        self.ones = site.ones(query[0] * query[1])

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        q, k, v = self.q.forward(xs[0]), self.k.forward(xs[-1]), self.v.forward(xs[1])
        q *= self.scale
        np.matmul(q, k.swapaxes(2, 3), out=self.weighing.p)
        self.weighing.forward(v, self.h, training)
        np.copyto(self.rows, self.h.swapaxes(1, 2))
        y = ys[0].reshape(-1, self.columns[1])
        np.matmul(self.rows.reshape(-1, self.columns[0]), self.w.reshape(self.columns), out=y)
        if self.b is not None:
            y += self.b
        for scores in ys[1:]:
            np.copyto(scores, self.weighing.p)

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        weights, weighing = self.layer.trainable, self.weighing
        dy = dys[0].reshape(-1, self.columns[1])
        if weights:
            np.matmul(self.rows.reshape(-1, self.columns[0]).T, dy, out=self.dw.reshape(self.columns))
            if self.db is not None:
                np.matmul(self.ones, dy, out=self.db)
        np.matmul(dy, self.w.reshape(self.columns).T, out=self.drows.reshape(-1, self.columns[0]))
        np.copyto(self.h, self.drows.swapaxes(1, 2))
        weighing.backward(self.h, self.v.z, self.v.dz)
        weighing.through_dropout()
        for scores in dys[1:]:
            weighing.dp += scores
        weighing.through_softmax()
        np.matmul(weighing.ds, self.k.z, out=self.q.dz)
        self.q.dz *= self.scale
        np.matmul(weighing.ds.swapaxes(2, 3), self.q.z, out=self.k.dz)
        self.q.backward(xs[0], weights)
        self.k.backward(xs[-1], weights)
        self.v.backward(xs[1], weights)
        give(dxs, self.q.dx, self.v.dx, self.k.dx)
