"""The figures of an epoch while its batches come in.

Means and counts take no more room with more batches. What an exact area needs is put one behind the other: a score,
whether it should be yes, and its weight, 12 bytes a value in float32, in an array that doubles when it is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.kernel import Array
from engine.metrics.base import Exact


class Running:
    """The figures over what was added since `clear`: means, but for those that an exact metric takes over."""

    __slots__ = ("_exact", "_parts", "samples", "totals")

    def __init__(self, figures: int) -> None:
        self.totals = [0.0] * figures
        self.samples = 0
        self._exact: dict[int, Exact[Any]] = {}
        self._parts: dict[int, Sum | Collection] = {}

    def add(self, means: Sequence[float], samples: int, exact: Sequence[tuple[int, Exact[Any]]] = ()) -> None:
        """Take in the figures of a batch of `samples`, and the parts of its exact metrics by their place."""
        totals = self.totals
        for place, mean in enumerate(means):
            totals[place] += mean * samples
        self.samples += samples
        for place, metric in exact:
            if place not in self._exact:
                self._parts[place] = (Collection if metric.collects else Sum)(metric.last)
            else:
                self._parts[place].add(metric.last)
            self._exact[place] = metric

    def means(self) -> list[float]:
        """The figures so far; NaN of nothing."""
        if not self.samples:
            return [float("nan")] * len(self.totals)
        figures = [total / self.samples for total in self.totals]
        for place, parts in self._parts.items():
            figures[place] = self._exact[place].figure(parts.whole)
        return figures

    def clear(self) -> None:
        """Begin anew."""
        self.totals = [0.0] * len(self.totals)
        self.samples = 0
        self._exact.clear()
        self._parts.clear()


class Sum:
    """Parts that are added up."""

    def __init__(self, first: Array) -> None:
        self.whole = first

    def add(self, parts: Array) -> None:
        """Take in more."""
        self.whole = self.whole + parts


class Collection:
    """Parts put one behind the other, along the last axis."""

    def __init__(self, first: Array) -> None:
        self._room, self._used = first, first.shape[-1]

    @property
    def whole(self) -> Array:
        """All there is so far."""
        return self._room[..., : self._used]

    def add(self, parts: Array) -> None:
        """Take in more."""
        needed = self._used + parts.shape[-1]
        if needed > self._room.shape[-1]:
            grown = np.empty((*self._room.shape[:-1], 2 * needed), self._room.dtype)
            grown[..., : self._used] = self.whole
            self._room = grown
        self._room[..., self._used : needed] = parts
        self._used = needed
