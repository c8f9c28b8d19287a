"""The gradient of an embedding, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.crew import share, split
from engine.fast import loops
from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.core import Embedding


@kernel(Embedding)
class CompiledEmbedding(Kernel[Embedding]):
    """y = w[x];  dw[v] = sum of dy over the places where x = v, in their order

    Each thread adds up the rows of a part of the vocabulary.
    """

    def __init__(self, layer: Embedding, site: Site) -> None:
        super().__init__(layer, site)
        self.w = site.weights["embeddings"]
        self.dw = site.gradients["embeddings"]
        self.index = site.scratch(*site.xs[0], dtype=np.intp)
        self.places = split(self.index.size, values=float(prod(site.y)))
        self.parts = split(len(self.w), values=float(self.w.size))

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(self.index, xs[0], casting="unsafe")
        np.clip(self.index, 0, len(self.w) - 1, out=self.index)
        index, rows = self.index.reshape(-1), y.reshape(-1, y.shape[-1])
        share(lambda part: np.take(self.w, index[part], axis=0, out=rows[part], mode="clip"), self.places)
        if self.site.mask is not None:
            np.not_equal(xs[0], 0, out=self.site.mask)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        index, rows = self.index.reshape(-1), dy.reshape(-1, dy.shape[-1])
        share(lambda part: loops.add_rows(index, rows, part.start, self.dw[part]), self.parts)
        if dxs[0] is not None:
            dxs[0].fill(0.0)
