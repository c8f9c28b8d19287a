"""The accuracies: means over rows, all axes but the last.

Formulas: https://keras.io/api/metrics/accuracy_metrics/
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from engine.kernel import Array, Sizes
from engine.metrics.base import Mean, MetricFunction, always, metric_function
from engine.metrics.targets import right_class, rows_of, yes_and_no
from graph.metrics import Metric
from graph.metrics import accuracies as declared


@metric_function(declared.BinaryAccuracy)
def binary_accuracy(y: Sizes, t: Sizes) -> type[MetricFunction[Any]]:
    """Of every value; a class number is yes in its column."""
    return BinaryAccuracy if prod(t) == prod(y) else _BinaryAccuracyOfClasses


class BinaryAccuracy(Mean[declared.Accuracy | declared.BinaryAccuracy]):
    """The part of the values on the right side of the threshold."""

    def __init__(
        self, metric: declared.Accuracy | declared.BinaryAccuracy, y: Array, t: Array, w: Array | None = None
    ) -> None:
        super().__init__(metric, y, t.reshape(y.shape), w)
        self.threshold = threshold_of(metric)
        self.one, self.true = np.empty(y.shape, np.bool_), np.empty(y.shape, np.bool_)

    def each(self) -> Array:
        np.greater(self.y, self.threshold, out=self.one)
        return np.equal(self.one, self.t, out=self.true)


class SparseCategoricalAccuracy(Mean[Metric]):
    """The part of the rows whose largest value is at the class number."""

    def __init__(self, metric: Metric, y: Array, t: Array, w: Array | None = None) -> None:
        super().__init__(metric, y, t.reshape(y.shape[:-1]), w)
        self.place, self.true = np.empty(y.shape[:-1], np.intp), np.empty(y.shape[:-1], np.bool_)

    def each(self) -> Array:
        np.argmax(self.y, axis=-1, out=self.place)
        return np.equal(self.place, self.t, out=self.true)


class CategoricalAccuracy(Mean[Metric]):
    """The part of the rows whose largest value is where the target has its largest."""

    def __init__(self, metric: Metric, y: Array, t: Array, w: Array | None = None) -> None:
        super().__init__(metric, y, t, w)
        self.place, self.wanted = np.empty(y.shape[:-1], np.intp), np.empty(y.shape[:-1], np.intp)
        self.true = np.empty(y.shape[:-1], np.bool_)

    def each(self) -> Array:
        np.argmax(self.y, axis=-1, out=self.place)
        np.argmax(self.t, axis=-1, out=self.wanted)
        return np.equal(self.place, self.wanted, out=self.true)


@metric_function(declared.Accuracy)
def accuracy(y: Sizes, t: Sizes) -> type[MetricFunction[Any]]:
    """Which accuracy it is, as in Keras's `MetricsList`: by the shapes alone."""
    if y[-1] == 1:
        return BinaryAccuracy
    return SparseCategoricalAccuracy if prod(t) < prod(y) else CategoricalAccuracy


@metric_function(declared.CategoricalAccuracy)
@metric_function(declared.SparseCategoricalAccuracy)
def by_largest(y: Sizes, t: Sizes) -> type[MetricFunction[Any]]:
    """The two differ in how the target gives the class, which its sizes show."""
    return SparseCategoricalAccuracy if prod(t) < prod(y) or y[-1] == 1 else CategoricalAccuracy


class _BinaryAccuracyOfClasses(Mean[declared.BinaryAccuracy]):
    """The part of the values on the right side of the threshold where the target is class numbers."""

    def each(self) -> Array:
        found: Array = (rows_of(self.y) > self.declared.threshold) == yes_and_no(self.t, self.y)
        return found


@always(declared.TopKCategoricalAccuracy)
class _TopKCategoricalAccuracy(Mean[declared.TopKCategoricalAccuracy]):
    """The part of the rows in which fewer than k values are larger than that of the right class."""

    def each(self) -> Array:
        rows = rows_of(self.y)
        if rows.shape[-1] == 1:
            return np.ones(len(rows), np.bool_)
        own = rows[np.arange(len(rows)), right_class(self.t, self.y)]
        found: Array = np.count_nonzero(rows > own[:, None], axis=-1) < self.declared.k
        return found


def threshold_of(metric: declared.Accuracy | declared.BinaryAccuracy) -> float:
    """The value above which an output of one value says yes; plain accuracy takes 0.5."""
    return metric.threshold if isinstance(metric, declared.BinaryAccuracy) else 0.5
