"""Layers that look things up.

Axes: N samples (or samples and heads), T queries, S keys and values, F features of queries and keys, V of values.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from engine.kernel import Array, ManyKernel, Site, Sizes, kernel
from graph.layers.attention import AdditiveAttention, Attention, Lookup, MultiHeadAttention, SameFeatures

HIDDEN = -1e9
"""The score of a value that a query must not see: its weight is 0 in every precision."""


class Weighing:
    """p = softmax(s) over the values,  y = (p m) v,  m being the mask of dropout

    dv = (p m)ᵀ dy,  dp = dy vᵀ m,  ds = p (dp - sum dp p)

    `s` and `p` are one array, (N, T, S); `ds` is another one.
    """

    def __init__(self, layer: Lookup, site: Site, sizes: Sizes) -> None:
        self.rate, self.generator = layer.dropout, site.generator
        self.causal = layer.use_causal_mask
        self.p = site.scratch(*sizes)
        self.ds, self.dp = site.for_backward(*sizes), site.for_backward(*sizes)
        self.row = site.scratch(*sizes[:-1], 1)
        self.future = np.triu(np.ones(sizes[-2:], np.bool_), 1)
        dropping = self.rate > 0.0 and site.training
        self.m = site.scratch(*sizes) if dropping else self.p
        self.kept = site.scratch(*sizes) if dropping else self.p

    def forward(self, v: Array, y: Array, training: bool) -> None:
        """Write the weighed values for the scores in `p`."""
        p = self.p
        if self.causal:
            np.copyto(p, HIDDEN, where=self.future)
        np.max(p, axis=-1, keepdims=True, out=self.row)
        p -= self.row
        np.exp(p, out=p)
        np.sum(p, axis=-1, keepdims=True, out=self.row)
        p /= self.row
        if training and self.rate:
            self.generator.random(dtype=self.m.dtype.type, out=self.m)
            np.greater_equal(self.m, self.rate, out=self.m)
            self.m /= 1.0 - self.rate
            np.multiply(p, self.m, out=self.kept)
        np.matmul(self.kept, v, out=y)

    def backward(self, dy: Array, v: Array, dv: Array) -> None:
        """Write `dv`, and into `dp` the slope of what the values were weighed by."""
        np.matmul(self.kept.swapaxes(-1, -2), dy, out=dv)
        np.matmul(dy, v.swapaxes(-1, -2), out=self.dp)

    def through_dropout(self) -> None:
        """`dp` becomes the slope of the weights before dropout."""
        if self.rate:
            self.dp *= self.m

    def through_softmax(self) -> None:
        """Write the slope of the scores into `ds`."""
        np.multiply(self.dp, self.p, out=self.ds)
        np.sum(self.ds, axis=-1, keepdims=True, out=self.row)
        np.subtract(self.dp, self.row, out=self.ds)
        self.ds *= self.p


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
    """Scores of queries and keys as they are, then values weighed by their softmax."""

    def __init__(self, layer: L, site: Site) -> None:
        super().__init__(layer, site)
        query, value, key = site.xs[0], site.xs[1], site.xs[-1]
        self.weighing = Weighing(layer, site, (query[0], query[1], value[1]))
        self.dq, self.dv, self.dk = (site.for_backward(*x) for x in (query, value, key))

    @abstractmethod
    def score(self, q: Array, k: Array) -> None:
        """Write the scores into `weighing.p`."""

    @abstractmethod
    def score_slopes(self, q: Array, k: Array) -> None:
        """Write `dq`, `dk` and the gradients of the weights for the slope in `weighing.ds`."""

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        self.score(xs[0], xs[-1])
        self.weighing.forward(xs[1], ys[0], training)
        for y in ys[1:]:
            np.copyto(y, self.weighing.kept if training else self.weighing.p)

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        weighing = self.weighing
        weighing.backward(dys[0], xs[1], self.dv)
        for dy in dys[1:]:
            weighing.dp += dy
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


class Heads:
    """x w + b with the heads in front: (B, T, I) becomes (B, H, T, F);  w is (I, H, F) and b (H, F)

    dw = xᵀ dz,  db = sum dz,  dx = dz wᵀ
    """

    def __init__(self, name: str, x: Sizes, site: Site) -> None:
        self.w, self.dw = site.weights[f"{name}_kernel"], site.gradients[f"{name}_kernel"]
        self.b, self.db = site.weights.get(f"{name}_bias"), site.gradients.get(f"{name}_bias")
        features, heads, size = self.w.shape
        self.columns = (features, heads * size)
        self.rows = site.scratch(x[0], x[1], heads, size)
        self.z = site.scratch(x[0], heads, x[1], size)
        self.dz = site.for_backward(x[0], heads, x[1], size)
        self.dx = site.for_backward(*x)
        self.ones = site.ones(x[0] * x[1])

    def forward(self, x: Array) -> Array:
        """`z` for `x`."""
        flat = self.rows.reshape(-1, self.columns[1])
        np.matmul(x.reshape(-1, self.columns[0]), self.w.reshape(self.columns), out=flat)
        if self.b is not None:
            flat += self.b.reshape(-1)
        np.copyto(self.z, self.rows.swapaxes(1, 2))
        return self.z

    def backward(self, x: Array, weights: bool) -> None:
        """Write `dx` and the weights' gradients for the slope in `dz`."""
        np.copyto(self.rows, self.dz.swapaxes(1, 2))
        flat = self.rows.reshape(-1, self.columns[1])
        if weights:
            np.matmul(x.reshape(-1, self.columns[0]).T, flat, out=self.dw.reshape(self.columns))
            if self.db is not None:
                np.matmul(self.ones, flat, out=self.db.reshape(-1))
        np.matmul(flat, self.w.reshape(self.columns).T, out=self.dx.reshape(-1, self.columns[0]))


@kernel(MultiHeadAttention)
class MultiHeadAttentionKernel(ManyKernel[MultiHeadAttention]):
    """In every head p = softmax(q kᵀ / sqrt key_dim) and h = p v;  y = sum of h w over the heads + b

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
        self.weighing = Weighing(layer, site, (query[0], heads, query[1], value[1]))
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
