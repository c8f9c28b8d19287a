"""What every metric has: a figure of each batch, and what is added up so that the figure of an epoch is exact.

Most figures are means, so their sums are kept. Where the figure of all samples does not follow from the means of the
batches, as that of precision, a batch gives its `parts` instead: counts that are added up, or values that are put one
behind the other.

Rows may have weights: a weighted mean is a sum over rows and a sum of weights, and a count adds up weights.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from engine.kernel import Array, Sizes
from graph.metrics import Metric, figure_of, metric_from

M = TypeVar("M", bound=Metric)


class MetricFunction(ABC, Generic[M]):
    """A declared metric bound to an output and its target, and to a weight for every row, where rows have any.

    A row is all that the last axis holds. The arrays are those of a plan, which every batch is written into anew.
    """

    def __init__(self, declared: M, y: Array, t: Array, w: Array | None = None) -> None:
        self.declared, self.y, self.t, self.w = declared, y, t, w

    @abstractmethod
    def value(self) -> float:
        """The figure of the batch."""


class Mean(MetricFunction[M]):
    """A metric whose figure is the mean over rows."""

    @abstractmethod
    def each(self) -> Array:
        """The figure of each row, or of each of its values, with the rows first."""

    def value(self) -> float:
        each = self.each()
        return float(np.count_nonzero(each) if each.dtype == np.bool_ else each.sum()) / each.size


class Exact(MetricFunction[M]):
    """A metric whose figure follows from parts of all batches. A figure that is not defined is 0, as in Keras."""

    collects: ClassVar[bool] = False
    """Whether the parts are put one behind the other, along the last axis, instead of added up."""

    def __init__(self, declared: M, y: Array, t: Array, w: Array | None = None) -> None:
        super().__init__(declared, y, t, w)
        self.last: Array = np.zeros(0)

    @abstractmethod
    def parts(self) -> Array:
        """What this batch adds."""

    @abstractmethod
    def figure(self, parts: Array) -> float:
        """The figure of all that was added."""

    def value(self) -> float:
        self.last = self.parts()
        return self.figure(self.last)

    def weights(self) -> Array:
        """The weight of every row."""
        rows = self.y.size // self.y.shape[-1]
        return np.ones(rows) if self.w is None else self.w.reshape(-1).astype(float)


class Weighted(Exact[Any]):
    """sum w figure / sum w, over the rows of a mean"""

    def __init__(self, mean: Mean[Any], w: Array) -> None:
        super().__init__(mean.declared, mean.y, mean.t, w)
        self.mean = mean

    def parts(self) -> Array:
        w = self.weights()
        return np.array([float(w @ self.mean.each().reshape(len(w), -1).mean(axis=1)), float(w.sum())])

    def figure(self, parts: Array) -> float:
        return ratio(float(parts[0]), float(parts[1]))


Chooser = Callable[[Sizes, Sizes], type[MetricFunction[Any]]]
C = TypeVar("C", bound=Chooser)

_choosers: dict[type[Metric], Chooser] = {}


def metric_function(declared: type[Metric]) -> Callable[[C], C]:
    """Register what chooses a metric's function for the sizes of an output and its target."""

    def register(chooser: C) -> C:
        _choosers[declared] = chooser
        return chooser

    return register


F = TypeVar("F", bound=type[MetricFunction[Any]])


def always(declared: type[Metric]) -> Callable[[F], F]:
    """Register the function of a metric that is the same for all sizes."""

    def register(function: F) -> F:
        _choosers[declared] = lambda y, t: function
        return function

    return register


def metric_function_of(text: str, y: Array, t: Array, w: Array | None = None) -> MetricFunction[Any]:
    """The metric that a text of a recipe stands for, bound to an output, its target and the weights of its rows.

    Raises UnknownName, or KeyError where nothing computes it.
    """
    declared = metric_from(text)
    found = _choosers[type(declared)](y.shape, t.shape)(declared, y, t, w)
    return Weighted(found, w) if isinstance(found, Mean) and w is not None else found


def rises(name: str) -> bool:
    """Whether more is better, by the name a figure has in the logs; a loss falls."""
    figure = figure_of(name)
    return figure is not None and figure.metric.rises


def ratio(part: float, whole: float) -> float:
    """`part / whole`, and 0 of nothing."""
    return part / whole if whole else 0.0
