"""Columns whose gradients are added up window by window while they are in the cache."""

from __future__ import annotations

from math import prod

import numpy as np

from engine.fast import loops
from engine.fast.images import as_images, pair
from engine.kernel import Array
from engine.kernels.columns import Columns
from engine.kernels.windows import Windows


class CompiledColumns(Columns):
    """One product gives the gradients of all columns, and one pass adds them to the images."""

    def __init__(self, windows: Windows, samples: int, w: Array, buffer: Array, padded: Array | None) -> None:
        super().__init__(windows, samples, w, buffer, padded)
        k, places = len(windows.taps) * w.shape[-2], pair(windows.places, 1)
        self.slopes = buffer[: samples * prod(places) * k].reshape(samples, *places, k)
        self.slope_rows = self.slopes.reshape(-1, k)
        self.w_rows = w.reshape(k, w.shape[-1])
        shape = (windows.size, windows.strides, windows.dilation)
        self.geometry = (*(pair(values, 1) for values in shape), pair(windows.pads, 0))

    def scatter(self, rows: Array, dx: Array) -> None:
        np.matmul(rows, self.w_rows.T, out=self.slope_rows)
        loops.scatter(self.slopes, *self.geometry, as_images(dx))
