"""Points of one curve that grow while it is drawn, smoothed and thinned out for the pixels there are."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Growing:
    """Numbers that grow at the end, in an array with room to spare."""

    def __init__(self) -> None:
        self._room: Floats = np.empty(256)
        self.size = 0

    def extend(self, values: Floats) -> None:
        """Put more numbers at the end."""
        size = self.size + len(values)
        if size > len(self._room):
            room = np.empty(max(2 * len(self._room), size))
            room[: self.size] = self._room[: self.size]
            self._room = room
        self._room[self.size : size] = values
        self.size = size

    @property
    def values(self) -> Floats:
        """All numbers so far."""
        return self._room[: self.size]


class Series:
    """The points of one curve, x rising. `smoothed` follows an exponential mean that is kept up as points arrive."""

    def __init__(self) -> None:
        self._x, self._y, self._smooth = Growing(), Growing(), Growing()
        self._smoothing = 0.0

    def __len__(self) -> int:
        return self._x.size

    @property
    def x(self) -> Floats:
        """Where the points are."""
        return self._x.values

    @property
    def y(self) -> Floats:
        """Their values as they were measured."""
        return self._y.values

    @property
    def last(self) -> float | None:
        """The newest value."""
        return float(self.y[-1]) if len(self) else None

    def extend(self, x: Iterable[float], y: Iterable[float]) -> None:
        """Put more points at the end."""
        self._x.extend(np.fromiter(x, np.float64))
        self._y.extend(np.fromiter(y, np.float64))

    def smoothed(self, smoothing: float) -> Floats:
        """The values with `smoothing` (0 to below 1) of the mean before kept in each."""
        if smoothing <= 0.0:
            return self.y
        if smoothing != self._smoothing:
            self._smooth, self._smoothing = Growing(), smoothing
        done = self._smooth.size
        if done < len(self):
            fresh = self.y[done:].tolist()
            before = [float(self._smooth.values[-1])] if done else []
            part = 1.0 - smoothing
            means = list(accumulate([*before, *fresh], lambda mean, value: _follow(mean, value, part)))
            self._smooth.extend(np.array(means[len(before) :]))
        return self._smooth.values


def _follow(mean: float, value: float, part: float) -> float:
    """The mean after one more value; a value that is no number leaves it, and a mean that is none begins anew."""
    if value != value or abs(value) == float("inf"):
        return mean
    return value if mean != mean else mean + part * (value - mean)


def thinned(x: Floats, y: Floats, pixels: int) -> tuple[Floats, Floats]:
    """At most about two points a pixel: of each group of neighbours the smallest and the largest, in their order."""
    group = len(x) // max(pixels, 1)
    if group <= 2:
        return x, y
    count = len(x) // group
    whole = count * group
    rows = y[:whole].reshape(count, group)
    safe = np.nan_to_num(rows, nan=0.0, posinf=0.0, neginf=0.0) if not np.isfinite(rows).all() else rows
    places = np.stack([safe.argmin(1), safe.argmax(1)], axis=1)
    places.sort(axis=1)
    places += np.arange(count)[:, None] * group
    chosen = np.concatenate([places.ravel(), np.arange(whole, len(x))])
    return x[chosen], y[chosen]
