"""The figures that follow from how many were taken for what.

Formulas: https://keras.io/api/metrics/classification_metrics/ and
https://scikit-learn.org/stable/modules/model_evaluation.html#classification-metrics
"""

from __future__ import annotations

from math import sqrt
from typing import ClassVar

import numpy as np

from engine.kernel import Array
from engine.metrics.base import Exact, always, ratio
from engine.metrics.targets import chosen_class, right_class, yes_and_no
from graph.metrics import (
    CohenKappa,
    F05Score,
    F1Score,
    F2Score,
    MatthewsCorrelation,
    Precision,
    Recall,
    Specificity,
)


class _Outcomes(Exact):
    """Counts of every value of the output: right yes, wrong yes, wrong no, right no."""

    def parts(self) -> Array:
        said, wanted = self.y.reshape(-1) > 0.5, yes_and_no(self.t, self.y)
        return np.bincount(2 * ~said + (said ^ wanted), minlength=4)[[0, 1, 3, 2]]


@always(Precision)
class _Precision(_Outcomes):
    """tp / (tp + fp)"""

    def figure(self, parts: Array) -> float:
        tp, fp, _, _ = map(int, parts)
        return ratio(tp, tp + fp)


@always(Recall)
class _Recall(_Outcomes):
    """tp / (tp + fn)"""

    def figure(self, parts: Array) -> float:
        tp, _, fn, _ = map(int, parts)
        return ratio(tp, tp + fn)


@always(Specificity)
class _Specificity(_Outcomes):
    """tn / (tn + fp)"""

    def figure(self, parts: Array) -> float:
        _, fp, _, tn = map(int, parts)
        return ratio(tn, tn + fp)


class _Confusion(Exact):
    """Counts of the classes: a row for every right class, a column for every chosen one."""

    def parts(self) -> Array:
        classes = max(self.y.shape[-1], 2)
        pairs = right_class(self.t, self.y) * classes + chosen_class(self.y)
        return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


class _F(_Confusion):
    """(1 + b²) tp / ((1 + b²) tp + fp + b² fn): of yes, or the mean over the classes where there are several"""

    beta: ClassVar[float] = 1.0

    def figure(self, parts: Array) -> float:
        tp, square = np.diag(parts).astype(float), self.beta**2
        whole = parts.sum(axis=0) + square * parts.sum(axis=1)
        each = np.divide((1.0 + square) * tp, whole, out=np.zeros_like(tp), where=whole > 0)
        return float(each[1] if self.y.shape[-1] == 1 else each.mean())


@always(F1Score)
class _F1(_F):
    """As often a miss as a false alarm."""


@always(F2Score)
class _F2(_F):
    """A miss counts more."""

    beta = 2.0


@always(F05Score)
class _F05(_F):
    """A false alarm counts more."""

    beta = 0.5


@always(CohenKappa)
class _CohenKappa(_Confusion):
    """(a - c) / (1 - c): a is the part on the diagonal, c what it would be if rows and columns were independent"""

    def figure(self, parts: Array) -> float:
        n = float(parts.sum())
        agreement = ratio(float(np.trace(parts)), n)
        chance = ratio(float(parts.sum(axis=0) @ parts.sum(axis=1)), n * n)
        return ratio(agreement - chance, 1.0 - chance)


@always(MatthewsCorrelation)
class _MatthewsCorrelation(_Confusion):
    """(n d - r . c) / sqrt((n² - r . r) (n² - c . c)), with the diagonal's sum d, and sums of rows r and columns c"""

    def figure(self, parts: Array) -> float:
        n, diagonal = float(parts.sum()), float(np.trace(parts))
        r, c = parts.sum(axis=1).astype(float), parts.sum(axis=0).astype(float)
        return ratio(n * diagonal - float(r @ c), sqrt((n * n - float(r @ r)) * (n * n - float(c @ c))))
