"""The accuracies and the mean distance: figures that are means over rows, all axes but the last.

Formulas: https://keras.io/api/metrics/accuracy_metrics/
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.kernel import Array, Sizes
from engine.metrics.base import MetricFunction, always, metric_function
from engine.metrics.targets import right_class, yes_and_no
from graph import metrics as declared


@metric_function(declared.BinaryAccuracy)
def binary_accuracy(y: Sizes, t: Sizes) -> type[MetricFunction]:
    """Of every value; a class number is yes in its column."""
    return BinaryAccuracy if prod(t) == prod(y) else _BinaryAccuracyOfClasses


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


@metric_function(declared.Accuracy)
def accuracy(y: Sizes, t: Sizes) -> type[MetricFunction]:
    """Which accuracy it is, as in Keras's `MetricsList`: by the shapes alone."""
    if y[-1] == 1:
        return BinaryAccuracy
    return SparseCategoricalAccuracy if prod(t) < prod(y) else CategoricalAccuracy


@metric_function(declared.MeanAbsoluteErrorMetric)
def mean_absolute_error(y: Sizes, t: Sizes) -> type[MetricFunction]:
    """The distance of every value; a class number is compared with every value of its row."""
    return _MeanAbsoluteError if prod(t) == prod(y) else _DistanceToClassNumber


@metric_function(declared.CategoricalAccuracy)
@metric_function(declared.SparseCategoricalAccuracy)
def by_largest(y: Sizes, t: Sizes) -> type[MetricFunction]:
    """The two differ in how the target gives the class, which its sizes show."""
    return SparseCategoricalAccuracy if prod(t) < prod(y) or y[-1] == 1 else CategoricalAccuracy


class _BinaryAccuracyOfClasses(MetricFunction):
    """The part of the values on the right side of 0.5 where the target is class numbers."""

    def value(self) -> float:
        return float(((self.y.reshape(-1) > 0.5) == yes_and_no(self.t, self.y)).mean())


@always(declared.TopKCategoricalAccuracy)
class _TopKCategoricalAccuracy(MetricFunction):
    """The part of the rows in which fewer than 5 values are larger than that of the right class."""

    k = 5

    def value(self) -> float:
        rows = self.y.reshape(-1, self.y.shape[-1])
        if rows.shape[-1] == 1:
            return 1.0
        own = rows[np.arange(len(rows)), right_class(self.t, self.y)]
        return float((np.count_nonzero(rows > own[:, None], axis=-1) < self.k).mean())
