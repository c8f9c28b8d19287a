"""Where the windows of a convolution or a pooling lie, as slices.

A window has k×k values; *tap* (i, j) is its value in row i and column j. All windows together read, for one tap, a
strided rectangle of the image: `x[tap.x]`; they stand at the places `y[tap.y]`. A tap that falls into the padding at
some places has fewer of them, so padding needs no padded copy and no extreme value to fill it with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from engine.kernel import Array, Sizes
from graph.layers.windows import same_padding

Index = tuple[slice, ...]
ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Tap:
    """One value of every window: where it is read, and at which places it is inside the image."""

    x: Index
    y: Index


class Windows:
    """The windows over images of shape `x` (batch, height, width, channels) that give `y`."""

    def __init__(
        self,
        x: Sizes,
        y: Sizes,
        size: Sequence[int],
        strides: Sequence[int],
        padding: str,
        dilation: Sequence[int] = (1, 1),
    ) -> None:
        self.size = tuple(size)
        self.strides = tuple(strides)
        self.dilation = tuple(dilation)
        self.places = y[1:3]
        self.pads = tuple(
            same_padding(n, k, s, d) if padding == "same" else (0, 0)
            for n, k, s, d in zip(x[1:3], size, strides, dilation, strict=True)
        )
        self.padded = any(before or after for before, after in self.pads)
        self.padded_size = tuple(before + n + after for n, (before, after) in zip(x[1:3], self.pads, strict=True))
        self._inside = (ALL, *(slice(b, b + n) for n, (b, _) in zip(x[1:3], self.pads, strict=True)))
        rows, columns = (
            [along(i * d - pads[0], n, p, s) for i in range(k)]
            for n, p, k, s, d, pads in zip(x[1:3], y[1:3], size, strides, dilation, self.pads, strict=True)
        )
        self.taps = tuple(Tap((ALL, rx, cx), (ALL, ry, cy)) for (rx, ry), (cx, cy) in product(rows, columns))
        self.tile = all(k == s and n == k * p for n, p, k, s in zip(x[1:3], y[1:3], size, strides, strict=True))
        """Every value lies in exactly one window."""

    def inside(self, padded: Array) -> Array:
        """The part of padded images that the images take up."""
        return padded[self._inside]

    def over(self, x: Array) -> Array:
        """The contiguous, already padded images `x` seen as (batch, rows, columns, k, k, channels)."""
        batch, row, column, channel = x.strides
        down, across = self.strides
        i, j = self.dilation
        strides = (batch, row * down, column * across, row * i, column * j, channel)
        return np.ndarray((len(x), *self.places, *self.size, x.shape[-1]), x.dtype, x, 0, strides)


def along(offset: int, n: int, places: int, stride: int) -> tuple[slice, slice]:
    """Where a tap is read along one axis of `n`, and the places at which it is inside.

    Place p reads the position p stride + offset.
    """
    first = max(0, -(offset // stride))
    last = min(places - 1, (n - 1 - offset) // stride)
    if last < first:
        return slice(0, 0), slice(0, 0)
    start = first * stride + offset
    return slice(start, start + (last - first) * stride + 1, stride), slice(first, last + 1)
