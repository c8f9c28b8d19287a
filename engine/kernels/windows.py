"""Where the windows of a convolution or a pooling lie, as slices.

A window has k values along every axis; *tap* (i, j) is its value in row i and column j. All windows together read, for
one tap, a strided rectangle of the image: `x[tap.x]`; they stand at the places `y[tap.y]`. A tap that falls into the
padding at some places has fewer of them, so padding needs no padded copy and no extreme value to fill it with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from engine.kernel import Array, Sizes
from graph.layers.windows import pads

Index = tuple[slice, ...]
ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Tap:
    """One value of every window: where it is read, and at which places it is inside the image."""

    x: Index
    y: Index


class Windows:
    """The windows over arrays of shape `x` (batch, one size or more, channels) that give `y`.

    `pads` says how many zeros are before each axis; behind it there are as many as the last window needs.
    """

    def __init__(
        self,
        x: Sizes,
        y: Sizes,
        size: Sequence[int],
        strides: Sequence[int],
        dilation: Sequence[int],
        pads: Sequence[int],
    ) -> None:
        self.size = tuple(size)
        self.strides = tuple(strides)
        self.dilation = tuple(dilation)
        self.pads = tuple(pads)
        self.places = y[1:-1]
        axes = list(zip(x[1:-1], y[1:-1], size, strides, dilation, pads, strict=True))
        self.padded_size = tuple(max(b + n, (p - 1) * s + (k - 1) * d + 1) for n, p, k, s, d, b in axes)
        self.padded = self.padded_size != x[1:-1]
        self._inside = (ALL, *(slice(b, b + n) for n, _, _, _, _, b in axes))
        taken = [[along(i * d - b, n, p, s) for i in range(k)] for n, p, k, s, d, b in axes]
        self.taps = tuple(Tap((ALL, *(x for x, _ in tap)), (ALL, *(y for _, y in tap))) for tap in product(*taken))
        self.tile = all(k == s and n == k * p for n, p, k, s, _, _ in axes)
        """Every value lies in exactly one window."""

    def inside(self, padded: Array) -> Array:
        """The part of padded arrays that the unpadded ones take up."""
        return padded[self._inside]

    def over(self, x: Array) -> Array:
        """The contiguous, already padded array `x` seen as (batch, places, window, channels)."""
        batch, *sizes, channel = x.strides
        moved = [n * s for n, s in zip(sizes, self.strides, strict=True)]
        within = [n * d for n, d in zip(sizes, self.dilation, strict=True)]
        shape = (len(x), *self.places, *self.size, x.shape[-1])
        return np.ndarray(shape, x.dtype, x, 0, (batch, *moved, *within, channel))


def windows(
    x: Sizes, y: Sizes, size: Sequence[int], strides: Sequence[int], padding: str, dilation: Sequence[int] | None = None
) -> Windows:
    """The windows of a layer by its parameters."""
    apart = dilation or (1,) * len(size)
    before = [pads(n, k, s, d, padding)[0] for n, k, s, d in zip(x[1:-1], size, strides, apart, strict=True)]
    return Windows(x, y, size, strides, apart, before)


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
