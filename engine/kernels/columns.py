"""The values under each window of some samples, laid out as the rows of a matrix, and the way back.

A row has k = taps × channels values, in the order of a convolution's kernel. Its gradient is added up tap by tap: one
product gives what every window sends to one tap, and that is a plain image added to a rectangle of `dx`.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.kernel import Array
from engine.kernels.windows import Windows

SHORT_RUN = 12
"""Up to so many values side by side in a window, columns are gathered faster with the places innermost."""


class Columns:
    """Columns of `samples` samples at a time. `buffer` has room for them, `padded` (if any) for the padded images."""

    def __init__(self, windows: Windows, samples: int, w: Array, buffer: Array, padded: Array | None) -> None:
        taps, channels, filters = len(windows.taps), w.shape[-2], w.shape[-1]
        k, places = taps * channels, prod(windows.places)
        flat = buffer[: samples * places * k]
        by_place, by_value = (samples, *windows.places), (*windows.size, channels)
        if windows.size[-1] * channels > SHORT_RUN:
            self.by_window = flat.reshape(by_place + by_value)
            self.matrix = flat.reshape(-1, k)
        else:
            self.by_window = np.moveaxis(
                flat.reshape(by_value + by_place), range(len(by_value)), range(-len(by_value), 0)
            )
            self.matrix = flat.reshape(k, -1).T
        self.windows = windows
        self.padded = None if padded is None else padded[:samples]
        if self.padded is not None:
            self.inside = windows.inside(self.padded)
            self.over_padded = windows.over(self.padded)
        self.w_taps = w.reshape(taps, channels, filters).transpose(0, 2, 1)
        self.by_tap = flat.reshape(taps, *by_place, channels)
        self.tap_rows = flat.reshape(taps, -1, channels)

    def gather(self, x: Array) -> Array:
        """The matrix for these samples."""
        if self.padded is None:
            np.copyto(self.by_window, self.windows.over(x))
        else:
            np.copyto(self.inside, x)
            np.copyto(self.by_window, self.over_padded)
        return self.matrix

    def gathered(self, x: Array) -> Array:
        """The matrix as `gather` left it, these samples having been the last."""
        return self.matrix

    def scatter(self, rows: Array, dx: Array) -> None:
        """Write the gradient of the samples, `rows` being that of the product: dx[tap] += rows w[tap]ᵀ."""
        np.matmul(rows, self.w_taps, out=self.tap_rows)
        dx.fill(0.0)
        for tap, part in zip(self.windows.taps, self.by_tap, strict=True):
            region = dx[tap.x]
            region += part[tap.y]


class Pixels:
    """The columns of windows of one value side by side: the images themselves."""

    def __init__(self, w: Array) -> None:
        self.channels = w.shape[-2]
        self.w = w.reshape(w.shape[-2:])

    def gather(self, x: Array) -> Array:
        """The matrix for these samples."""
        return x.reshape(-1, self.channels)

    gathered = gather

    def scatter(self, rows: Array, dx: Array) -> None:
        """Write the gradient of the samples: dx = rows wᵀ."""
        np.matmul(rows, self.w.T, out=dx.reshape(-1, self.channels))
