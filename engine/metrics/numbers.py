"""The figures for numbers, and the surprise of probabilities.

Formulas: https://keras.io/api/metrics/regression_metrics/
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from engine.kernel import Array
from engine.losses.crossentropy import CLIP
from engine.metrics.base import Exact, Mean, always, ratio
from engine.metrics.targets import beside, right_class, rows_of
from graph.metrics.numbers import (
    CosineSimilarityMetric,
    LogLoss,
    MeanAbsoluteErrorMetric,
    MeanAbsolutePercentageErrorMetric,
    MeanSquaredErrorMetric,
    R2Score,
    RootMeanSquaredError,
)


@always(MeanAbsoluteErrorMetric)
class _MeanAbsoluteError(Mean[MeanAbsoluteErrorMetric]):
    """mean |y - t|; a class number is compared with every value of its row"""

    def __init__(self, metric: MeanAbsoluteErrorMetric, y: Array, t: Array, w: Array | None = None) -> None:
        super().__init__(metric, y, beside(t, y), w)
        self.distance = np.empty_like(y)

    def each(self) -> Array:
        np.subtract(self.y, self.t, out=self.distance, casting="same_kind")
        return np.abs(self.distance, out=self.distance)


@always(MeanSquaredErrorMetric)
class _MeanSquaredError(Mean[MeanSquaredErrorMetric]):
    """mean (y - t)²"""

    def each(self) -> Array:
        found: Array = np.square(self.y - beside(self.t, self.y))
        return found


@always(RootMeanSquaredError)
class _RootMeanSquaredError(Exact[RootMeanSquaredError]):
    """sqrt(sum (y - t)² / n)"""

    def parts(self) -> Array:
        w = self.weights()
        squares = rows_of(np.square(self.y - beside(self.t, self.y))).mean(axis=-1)
        return np.array([float(w @ squares), float(w.sum())])

    def figure(self, parts: Array) -> float:
        return sqrt(ratio(float(parts[0]), float(parts[1])))


@always(MeanAbsolutePercentageErrorMetric)
class _MeanAbsolutePercentageError(Mean[MeanAbsolutePercentageErrorMetric]):
    """100 mean |y - t| / max(|t|, 1e-7)"""

    def each(self) -> Array:
        t = beside(self.t, self.y)
        found: Array = 100.0 * (np.abs(self.y - t) / np.maximum(np.abs(t), CLIP))
        return found


@always(R2Score)
class _R2Score(Exact[R2Score]):
    """mean over the columns of 1 - sum (t - y)² / (sum t² - (sum t)² / n); a column that never changes counts 0

    The parts are n, sum (t - y)², sum t and sum t² of every column.
    """

    def parts(self) -> Array:
        w = self.weights()
        y = rows_of(self.y).astype(float)
        t = rows_of(np.broadcast_to(beside(self.t, self.y), self.y.shape)).astype(float)
        return np.stack([np.full(y.shape[-1], w.sum()), w @ np.square(t - y), w @ t, w @ np.square(t)])

    def figure(self, parts: Array) -> float:
        n, residual, total, square = parts
        spread = square - np.divide(total * total, n, out=np.zeros_like(n), where=n > 0)
        changes = spread > 1e-12 * square
        return float((1.0 - np.divide(residual, spread, out=np.ones_like(n), where=changes)).mean())


@always(CosineSimilarityMetric)
class _CosineSimilarity(Mean[CosineSimilarityMetric]):
    """mean over the rows of y . t / (|y| |t|)"""

    def each(self) -> Array:
        t = np.broadcast_to(beside(self.t, self.y), self.y.shape)
        lengths = np.maximum(np.linalg.norm(self.y, axis=-1), CLIP) * np.maximum(np.linalg.norm(t, axis=-1), CLIP)
        found: Array = (self.y * t).sum(axis=-1) / lengths
        return found


@always(LogLoss)
class _LogLoss(Mean[LogLoss]):
    """mean -log p of the right class, with p = clip y, brought to sum 1 over the classes"""

    def each(self) -> Array:
        classes = right_class(self.t, self.y)
        if self.y.shape[-1] == 1:
            p = np.where(classes > 0, self.y.reshape(-1), 1.0 - self.y.reshape(-1))
        else:
            rows = rows_of(self.y)
            own, total = rows[np.arange(len(rows)), classes], rows.sum(axis=-1)
            p = np.divide(own, total, out=np.zeros_like(own), where=total > 0)
        found: Array = -np.log(np.clip(p, CLIP, 1.0 - CLIP))
        return found
