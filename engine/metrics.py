"""What is measured besides the loss, batch by batch and exact over an epoch.

A figure is the mean over rows, all axes but the last. Batches are added up as sums and counts, so the figure of an
epoch is that of its samples, however they came in batches.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from math import prod
from typing import TypeVar

import numpy as np

from engine.kernel import Array, Sizes
from graph.metrics import Accuracy, MeanAbsoluteErrorMetric, Metric, metrics


class Running:
    """The means of several figures over what was added since `clear`."""

    __slots__ = ("samples", "totals")

    def __init__(self, figures: int) -> None:
        self.totals = [0.0] * figures
        self.samples = 0

    def add(self, means: Sequence[float], samples: int) -> None:
        """Take in the figures of a batch of `samples`."""
        totals = self.totals
        for place, mean in enumerate(means):
            totals[place] += mean * samples
        self.samples += samples

    def means(self) -> list[float]:
        """The means so far; NaN of nothing."""
        return [total / self.samples if self.samples else float("nan") for total in self.totals]

    def clear(self) -> None:
        """Begin anew."""
        self.totals = [0.0] * len(self.totals)
        self.samples = 0


class MetricFunction(ABC):
    """A metric bound to an output and its target."""

    def __init__(self, y: Array, t: Array) -> None:
        self.y, self.t = y, t

    @abstractmethod
    def value(self) -> float:
        """The figure of the batch. Allocates nothing."""


Chooser = Callable[[Sizes, Sizes], type[MetricFunction]]
C = TypeVar("C", bound=Chooser)

_choosers: dict[type[Metric], Chooser] = {}


def metric_function(declared: type[Metric]) -> Callable[[C], C]:
    """Register what chooses a metric's function for the sizes of an output and its target."""

    def register(chooser: C) -> C:
        _choosers[declared] = chooser
        return chooser

    return register


def metric_function_of(name: str, y: Sizes, t: Sizes) -> type[MetricFunction]:
    """The function of the metric `name`. Raises UnknownName, or KeyError where there is none."""
    return _choosers[metrics[name]](y, t)


def rises(name: str) -> bool:
    """Whether more is better, by the name a figure has in the logs; a loss falls."""
    return any(metric.rises and (name == metric.key or name.endswith("_" + metric.key)) for metric in metrics)


class BinaryAccuracy(MetricFunction):
    """The part of the values on the right side of 0.5."""

    def __init__(self, y: Array, t: Array) -> None:
        super().__init__(y, t.reshape(y.shape))
        self.one, self.true = np.empty(y.shape, np.bool_), np.empty(y.shape, np.bool_)

    def value(self) -> float:
        np.greater(self.y, 0.5, out=self.one)
        np.equal(self.one, self.t, out=self.true)
        return int(np.count_nonzero(self.true)) / self.true.size


class SparseCategoricalAccuracy(MetricFunction):
    """The part of the rows whose largest value is at the class number."""

    def __init__(self, y: Array, t: Array) -> None:
        super().__init__(y, t.reshape(y.shape[:-1]))
        self.place, self.true = np.empty(y.shape[:-1], np.intp), np.empty(y.shape[:-1], np.bool_)

    def value(self) -> float:
        np.argmax(self.y, axis=-1, out=self.place)
        np.equal(self.place, self.t, out=self.true)
        return int(np.count_nonzero(self.true)) / self.true.size


class CategoricalAccuracy(MetricFunction):
    """The part of the rows whose largest value is where the target has its largest."""

    def __init__(self, y: Array, t: Array) -> None:
        super().__init__(y, t)
        self.place, self.wanted = np.empty(y.shape[:-1], np.intp), np.empty(y.shape[:-1], np.intp)
        self.true = np.empty(y.shape[:-1], np.bool_)

    def value(self) -> float:
        np.argmax(self.y, axis=-1, out=self.place)
        np.argmax(self.t, axis=-1, out=self.wanted)
        np.equal(self.place, self.wanted, out=self.true)
        return int(np.count_nonzero(self.true)) / self.true.size


class _MeanAbsoluteError(MetricFunction):
    """mean |y - t|"""

    def __init__(self, y: Array, t: Array) -> None:
        super().__init__(y, t.reshape(y.shape))
        self.distance = np.empty_like(y)

    def value(self) -> float:
        np.subtract(self.y, self.t, out=self.distance, casting="same_kind")
        np.abs(self.distance, out=self.distance)
        return float(self.distance.sum()) / self.distance.size


class _DistanceToClassNumber(MetricFunction):
    """mean |y - t| where one class number t stands for the whole row"""

    def __init__(self, y: Array, t: Array) -> None:
        super().__init__(y, t.reshape(*y.shape[:-1], 1))
        self.distance = np.empty_like(y)

    def value(self) -> float:
        np.subtract(self.y, self.t, out=self.distance, casting="same_kind")
        np.abs(self.distance, out=self.distance)
        return float(self.distance.sum()) / self.distance.size


@metric_function(Accuracy)
def accuracy(y: Sizes, t: Sizes) -> type[MetricFunction]:
    """Which accuracy it is, as in Keras's `MetricsList`: by the shapes alone."""
    if y[-1] == 1:
        return BinaryAccuracy
    return SparseCategoricalAccuracy if prod(t) < prod(y) else CategoricalAccuracy


@metric_function(MeanAbsoluteErrorMetric)
def mean_absolute_error(y: Sizes, t: Sizes) -> type[MetricFunction]:
    """The distance of every value; a class number is compared with every value of its row."""
    return _MeanAbsoluteError if prod(t) == prod(y) else _DistanceToClassNumber
