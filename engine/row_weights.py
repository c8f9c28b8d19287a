"""How much each row of an output counts in its loss and its metrics, where padding is masked.

As in Keras, a loss is the mean over what is there: a row that is there counts rows / rows that are there, one that is
not counts nothing, and the loss then takes its mean over all rows. (Keras: `losses.loss.apply_mask`.)
"""

from __future__ import annotations

import numpy as np

from engine.kernel import Array


class RowWeights:
    """The weights of the rows of one masked output, for its loss and its metrics.

    A mask may stand for fewer axes than the output has rows along; it then holds for all rows of a place.
    """

    def __init__(self, mask: Array, y: Array, sample_weight: Array | None, weighted_metrics: bool) -> None:
        self.mask = mask
        self.samples = None if sample_weight is None else along(sample_weight, mask.ndim)
        self.loss = np.empty(mask.shape, y.dtype)
        self.there = np.empty(mask.shape, y.dtype)
        self.weighted_metrics = weighted_metrics
        full = self.there.reshape(*mask.shape, *(1,) * (y.ndim - 1 - mask.ndim))
        self.metrics = np.broadcast_to(full, y.shape[:-1])

    def update(self) -> None:
        """Write both for the mask and the samples' weights as they are."""
        there = np.count_nonzero(self.mask)
        np.copyto(self.there, self.mask)
        np.multiply(self.there, self.mask.size / there if there else 0.0, out=self.loss)
        if self.samples is not None:
            self.loss *= self.samples
            if self.weighted_metrics:
                self.there *= self.samples


def along(weights: Array, rank: int) -> Array:
    """Weights for the first axes of an array of that rank, with an axis of size 1 for each of the others."""
    return weights.reshape(*weights.shape, *(1,) * (rank - weights.ndim))
