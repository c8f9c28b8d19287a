"""Looking up rows of a table, with its gradient; and the mean of the words of a sample, without writing them down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.crew import share, split
from engine.fast import loops
from engine.joint import joins
from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.core import Embedding
from graph.layers.pooling import GlobalAveragePooling1D
from graph.shapes import Shape, Shapes


class Words(Kernel[Embedding]):
    """The numbers of the words. Each thread adds up the gradient of a part of the vocabulary."""

    def __init__(self, layer: Embedding, site: Site) -> None:
        super().__init__(layer, site)
        self.w = site.weights["embeddings"]
        self.dw = site.gradients["embeddings"]
        self.index = site.scratch(*site.xs[0], dtype=np.intp)
        self.vocabulary = split(len(self.w), values=float(self.w.size))
        self.values = float(self.index.size * layer.output_dim)

    def read(self, x: Array) -> None:
        """Take the numbers from `x`."""
        loops.numbers(x.reshape(-1), len(self.w), self.index.reshape(-1))


@kernel(Embedding)
class CompiledEmbedding(Words):
    """y = w[x];  dw[v] = sum of dy over the places where x = v, in their order"""

    def __init__(self, layer: Embedding, site: Site) -> None:
        super().__init__(layer, site)
        self.places = split(self.index.size, values=self.values)
        self.rows = (self.index.size, layer.output_dim)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.read(xs[0])
        index, rows = self.index.reshape(-1), y.reshape(self.rows)
        share(lambda part: loops.take_rows(index[part], self.w, rows[part]), self.places)
        if self.site.mask is not None:
            np.not_equal(xs[0], 0, out=self.site.mask)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        index, rows = self.index.reshape(-1), dy.reshape(self.rows)
        share(lambda part: loops.add_rows(index, rows, part.start, self.dw[part]), self.vocabulary)
        if dxs[0] is not None:
            dxs[0].fill(0.0)


class MeanOfWords(Embedding):
    """An Embedding and the mean over its words; no layer of a network."""

    def output(self, xs: Shapes) -> Shape:
        return (xs[0][0], self.output_dim)


@joins(Embedding, GlobalAveragePooling1D)
def mean_of_words(words: Embedding, mean: GlobalAveragePooling1D) -> MeanOfWords | None:
    """Both as one, where no word is hidden."""
    if words.mask_zero or mean.keepdims or mean.data_format != "channels_last":
        return None
    return MeanOfWords(words.input_dim, words.output_dim, trainable=words.trainable)


@kernel(MeanOfWords)
class MeanOfWordsKernel(Words):
    """y[n] = mean of w[x[n]];  dw[v] = sum of dy[n] / words over the places where x[n] = v"""

    def __init__(self, layer: Embedding, site: Site) -> None:
        super().__init__(layer, site)
        self.samples = split(len(self.index), values=self.values)
        self.parts = [(part, site.for_backward(layer.output_dim)) for part in self.vocabulary]

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.read(xs[0])
        share(lambda part: loops.mean_rows(self.index[part], self.w, y[part]), self.samples)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        def run(part: tuple[slice, Array]) -> None:
            rows, scratch = part
            loops.add_mean_rows(self.index, dy, rows.start, scratch, self.dw[rows])

        share(run, self.parts)
        if dxs[0] is not None:
            dxs[0].fill(0.0)
