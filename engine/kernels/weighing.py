"""Values weighed by the softmax of scores, and what of them a query must not see.

Axes: N samples (or samples and heads), T queries, S keys and values, V features of values.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.fast import loops, wanted
from engine.kernel import Array, Site, Sizes
from engine.kernels.dropping import draw_kept
from graph.layers.attention import Lookup

HIDDEN = -1e9
"""The score of a value that a query must not see: its weight is 0 in every precision."""


class Unseen:
    """Which values each query must not see: padding, and, where it is causal, what lies behind the query.

    A query that is masked itself sees nothing, where `queries` has its mask.
    """

    def __init__(
        self, causal: bool, site: Site, sizes: Sizes, queries: Sequence[Array], values: Sequence[Array]
    ) -> None:
        self.future = np.triu(np.ones(sizes[-2:], np.bool_), 1) if causal else np.zeros(sizes[-2:], np.bool_)
        masks = [m[:, :, None] for m in queries] + [m[:, None, :] for m in values]
        heads = (1,) * (len(sizes) - 3)
        self.masks = [m.reshape(len(m), *heads, *m.shape[1:]) for m in masks]
        self.hidden = site.scratch(sizes[0], *heads, *sizes[-2:], dtype=np.bool_) if masks else self.future
        self.one = site.scratch(*self.hidden.shape, dtype=np.bool_) if masks else self.future

    def now(self) -> Array:
        """`hidden` for the masks as they are."""
        if self.masks:
            np.copyto(self.hidden, self.future)
        for mask in self.masks:
            np.logical_not(mask, out=self.one)
            self.hidden |= self.one
        return self.hidden


def unseen(
    layer: Lookup,
    site: Site,
    sizes: Sizes,
    queries: Sequence[Array | None] = (),
    values: Sequence[Array | None] = (),
) -> Unseen | None:
    """What queries must not see; None where they may see everything."""
    of_queries, of_values = ([m for m in masks if m is not None] for masks in (queries, values))
    if not (layer.use_causal_mask or of_queries or of_values):
        return None
    return Unseen(layer.use_causal_mask, site, sizes, of_queries, of_values)


class Weighing:
    """p = softmax(s) over the values,  y = (p m) v,  m being the mask of dropout

    dv = (p m)ᵀ dy,  dp = dy vᵀ m,  ds = p (dp - sum dp p)

    `s` and `p` are one array, (N, T, S); `ds` is another one. The score of what a query must not see is moved by
    HIDDEN, or put there, which matters to a query that sees nothing at all: Keras's layers differ in it.
    """

    def __init__(self, layer: Lookup, site: Site, sizes: Sizes, unseen: Unseen | None, moved: bool) -> None:
        self.rate, self.generator = layer.dropout, site.generator
        self.unseen, self.moved = unseen, moved
        self.p = site.scratch(*sizes)
        self.ds, self.dp = site.for_backward(*sizes), site.for_backward(*sizes)
        self.rows, self.slope_rows = (a.reshape(-1, sizes[-1]) for a in (self.p, self.ds))
        self.row = site.scratch(*sizes[:-1], 1)
        dropping = self.rate > 0.0 and site.training
        self.m = site.scratch(*sizes) if dropping else self.p
        self.kept = site.scratch(*sizes) if dropping else self.p

    def forward(self, v: Array, y: Array, training: bool) -> None:
        """Write the weighed values for the scores in `p`."""
        p = self.p
        if self.unseen is not None:
            hidden = self.unseen.now()
            if self.moved:
                np.add(p, HIDDEN, out=p, where=hidden)
            else:
                np.copyto(p, HIDDEN, where=hidden)
        if wanted():
            loops.softmax_rows(self.rows)
        else:
            np.max(p, axis=-1, keepdims=True, out=self.row)
            p -= self.row
            np.exp(p, out=p)
            np.sum(p, axis=-1, keepdims=True, out=self.row)
            p /= self.row
        if training and self.rate:
            draw_kept(self.generator, self.rate, self.m)
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
        if wanted():
            np.copyto(self.ds, self.dp)
            loops.softmax_slope_rows(self.rows, self.slope_rows)
        else:
            np.multiply(self.dp, self.p, out=self.ds)
            np.sum(self.ds, axis=-1, keepdims=True, out=self.row)
            np.subtract(self.dp, self.row, out=self.ds)
            self.ds *= self.p
        if self.unseen is not None and not self.moved:
            np.copyto(self.ds, 0.0, where=self.unseen.hidden)
