"""What every metric has: a figure of each batch, and what is added up so that the figure of an epoch is exact.

Most figures are means, so their sums are kept. Where the figure of all samples does not follow from the means of the
batches, as that of precision, a batch gives its `parts` instead: counts that are added up, or values that are put one
behind the other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

import numpy as np

from engine.kernel import Array, Sizes
from graph.metrics import Metric, metric_of, metrics


class MetricFunction(ABC):
    """A metric bound to an output and its target."""

    def __init__(self, y: Array, t: Array) -> None:
        self.y, self.t = y, t

    @abstractmethod
    def value(self) -> float:
        """The figure of the batch."""


class Exact(MetricFunction):
    """A metric whose figure follows from parts of all batches. A figure that is not defined is 0, as in Keras."""

    collects: ClassVar[bool] = False
    """Whether the parts are put one behind the other, along the last axis, instead of added up."""

    def __init__(self, y: Array, t: Array) -> None:
        super().__init__(y, t)
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


class Running:
    """The figures over what was added since `clear`: means, but for those that an exact metric takes over."""

    __slots__ = ("_exact", "_parts", "samples", "totals")

    def __init__(self, figures: int) -> None:
        self.totals = [0.0] * figures
        self.samples = 0
        self._exact: dict[int, Exact] = {}
        self._parts: dict[int, list[Array]] = {}

    def add(self, means: Sequence[float], samples: int, exact: Sequence[tuple[int, Exact]] = ()) -> None:
        """Take in the figures of a batch of `samples`, and the parts of its exact metrics by their place."""
        totals = self.totals
        for place, mean in enumerate(means):
            totals[place] += mean * samples
        self.samples += samples
        for place, metric in exact:
            self._exact[place] = metric
            parts = self._parts.setdefault(place, [])
            if metric.collects or not parts:
                parts.append(metric.last)
            else:
                parts[0] = parts[0] + metric.last

    def means(self) -> list[float]:
        """The figures so far; NaN of nothing."""
        if not self.samples:
            return [float("nan")] * len(self.totals)
        figures = [total / self.samples for total in self.totals]
        for place, parts in self._parts.items():
            whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
            figures[place] = self._exact[place].figure(whole)
        return figures

    def clear(self) -> None:
        """Begin anew."""
        self.totals = [0.0] * len(self.totals)
        self.samples = 0
        self._exact.clear()
        self._parts.clear()


Chooser = Callable[[Sizes, Sizes], type[MetricFunction]]
C = TypeVar("C", bound=Chooser)

_choosers: dict[type[Metric], Chooser] = {}


def metric_function(declared: type[Metric]) -> Callable[[C], C]:
    """Register what chooses a metric's function for the sizes of an output and its target."""

    def register(chooser: C) -> C:
        _choosers[declared] = chooser
        return chooser

    return register


F = TypeVar("F", bound=type[MetricFunction])


def always(declared: type[Metric]) -> Callable[[F], F]:
    """Register the function of a metric that is the same for all sizes."""

    def register(function: F) -> F:
        _choosers[declared] = lambda y, t: function
        return function

    return register


def metric_function_of(name: str, y: Sizes, t: Sizes) -> type[MetricFunction]:
    """The function of the metric `name`. Raises UnknownName, or KeyError where there is none."""
    return _choosers[metrics[name]](y, t)


def rises(name: str) -> bool:
    """Whether more is better, by the name a figure has in the logs; a loss falls."""
    metric = metric_of(name)
    return metric is not None and metric.rises


def ratio(part: float, whole: float) -> float:
    """`part / whole`, and 0 of nothing."""
    return part / whole if whole else 0.0
