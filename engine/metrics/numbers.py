"""The figures for numbers, and the surprise of probabilities.

Formulas: https://keras.io/api/metrics/regression_metrics/
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from engine.kernel import Array
from engine.losses.crossentropy import CLIP
from engine.metrics.base import Exact, MetricFunction, always
from engine.metrics.targets import beside, right_class
from graph.metrics import (
    CosineSimilarityMetric,
    LogLoss,
    MeanAbsolutePercentageErrorMetric,
    MeanSquaredErrorMetric,
    R2Score,
    RootMeanSquaredError,
)


@always(MeanSquaredErrorMetric)
class _MeanSquaredError(MetricFunction):
    """mean (y - t)²"""

    def value(self) -> float:
        return float(np.square(self.y - beside(self.t, self.y)).mean())


@always(RootMeanSquaredError)
class _RootMeanSquaredError(Exact):
    """sqrt(sum (y - t)² / n)"""

    def parts(self) -> Array:
        return np.array([float(np.square(self.y - beside(self.t, self.y)).sum()), self.y.size])

    def figure(self, parts: Array) -> float:
        return sqrt(parts[0] / parts[1])


@always(MeanAbsolutePercentageErrorMetric)
class _MeanAbsolutePercentageError(MetricFunction):
    """100 mean |y - t| / max(|t|, 1e-7)"""

    def value(self) -> float:
        t = beside(self.t, self.y)
        return 100.0 * float((np.abs(self.y - t) / np.maximum(np.abs(t), CLIP)).mean())


@always(R2Score)
class _R2Score(Exact):
    """mean over the columns of 1 - sum (t - y)² / (sum t² - (sum t)² / n); a column that never changes counts 0

    The parts are n, sum (t - y)², sum t and sum t² of every column.
    """

    def __init__(self, y: Array, t: Array) -> None:
        super().__init__(y, t)
        self.columns = y.shape[-1]

    def parts(self) -> Array:
        y = self.y.reshape(-1, self.columns).astype(float)
        t = np.broadcast_to(beside(self.t, self.y), self.y.shape).reshape(-1, self.columns).astype(float)
        n = np.full(self.columns, float(len(y)))
        return np.stack([n, np.square(t - y).sum(axis=0), t.sum(axis=0), np.square(t).sum(axis=0)])

    def figure(self, parts: Array) -> float:
        n, residual, total, square = parts
        spread = square - total * total / n
        changes = spread > 1e-12 * square
        return float((1.0 - np.divide(residual, spread, out=np.ones_like(n), where=changes)).mean())


@always(CosineSimilarityMetric)
class _CosineSimilarity(MetricFunction):
    """mean over the rows of y . t / (|y| |t|)"""

    def value(self) -> float:
        t = np.broadcast_to(beside(self.t, self.y), self.y.shape)
        lengths = np.maximum(np.linalg.norm(self.y, axis=-1), CLIP) * np.maximum(np.linalg.norm(t, axis=-1), CLIP)
        return float(((self.y * t).sum(axis=-1) / lengths).mean())


@always(LogLoss)
class _LogLoss(MetricFunction):
    """mean -log p of the right class, with p = clip y, brought to sum 1 over the classes"""

    def value(self) -> float:
        classes = right_class(self.t, self.y)
        if self.y.shape[-1] == 1:
            p = np.where(classes > 0, self.y.reshape(-1), 1.0 - self.y.reshape(-1))
        else:
            rows = self.y.reshape(-1, self.y.shape[-1])
            p = rows[np.arange(len(rows)), classes] / rows.sum(axis=-1)
        return -float(np.log(np.clip(p, CLIP, 1.0 - CLIP)).mean())
