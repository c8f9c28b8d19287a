"""The figures that follow from how many were taken for what.

Formulas: https://keras.io/api/metrics/classification_metrics/ and
https://scikit-learn.org/stable/modules/model_evaluation.html#classification-metrics
"""

from __future__ import annotations

from math import sqrt
from typing import TypeVar

import numpy as np

from engine.kernel import Array
from engine.metrics.base import Exact, always, ratio
from engine.metrics.targets import chosen_class, largest, right_class, rows_of, yes_and_no
from graph.metrics import Metric
from graph.metrics.classes import (
    CohenKappa,
    F1Score,
    FBetaScore,
    MatthewsCorrelation,
    Precision,
    Recall,
    Specificity,
    Thresholded,
)

T = TypeVar("T", bound=Thresholded)
M = TypeVar("M", bound=Metric)


class _Outcomes(Exact[T]):
    """Counts of every value of the output: right yes, wrong yes, wrong no, right no.

    Yes is what is above the threshold. With `top_k` it is only among the k largest of a row; there no threshold is
    needed, so none is taken unless one is said. `class_id` leaves one value of every row.
    """

    def parts(self) -> Array:
        declared, rows, wanted = self.declared, rows_of(self.y), yes_and_no(self.t, self.y)
        if declared.top_k is None:
            said = rows > (0.5 if declared.thresholds is None else declared.thresholds)
        else:
            said = largest(rows, declared.top_k)
            if declared.thresholds is not None:
                said &= rows > declared.thresholds
        if declared.class_id is not None:
            one = slice(declared.class_id, declared.class_id + 1)
            said, wanted = said[:, one], wanted[:, one]
        w = self.weights()
        return np.array(
            [float((w @ outcome).sum()) for outcome in (said & wanted, said & ~wanted, ~said & wanted, ~said & ~wanted)]
        )


@always(Precision)
class _Precision(_Outcomes[Precision]):
    """tp / (tp + fp)"""

    def figure(self, parts: Array) -> float:
        tp, fp, _, _ = map(float, parts)
        return ratio(tp, tp + fp)


@always(Recall)
class _Recall(_Outcomes[Recall]):
    """tp / (tp + fn)"""

    def figure(self, parts: Array) -> float:
        tp, _, fn, _ = map(float, parts)
        return ratio(tp, tp + fn)


@always(Specificity)
class _Specificity(_Outcomes[Specificity]):
    """tn / (tn + fp)"""

    def figure(self, parts: Array) -> float:
        _, fp, _, tn = map(float, parts)
        return ratio(tn, tn + fp)


@always(F1Score)
@always(FBetaScore)
class _F(Exact[F1Score | FBetaScore]):
    """(1 + b²) tp / ((1 + b²) tp + fp + b² fn): of yes, or of the classes where there are several

    The parts are, for each class, how often it is said and right, how often it is said, and how often it is right.
    """

    def parts(self) -> Array:
        rows, threshold = rows_of(self.y), self.declared.threshold
        if threshold is None and rows.shape[-1] > 1:
            classes = np.arange(rows.shape[-1])
            said, wanted = chosen_class(self.y)[:, None] == classes, right_class(self.t, self.y)[:, None] == classes
        else:
            said, wanted = rows > (0.5 if threshold is None else threshold), yes_and_no(self.t, self.y)
        w = self.weights()
        return np.stack([w @ (said & wanted), w @ said, w @ wanted])

    def figure(self, parts: Array) -> float:
        if self.declared.average == "micro":
            parts = parts.sum(axis=1, keepdims=True)
        square = (self.declared.beta if isinstance(self.declared, FBetaScore) else 1.0) ** 2
        tp, said, wanted = parts
        whole = said + square * wanted
        each = np.divide((1.0 + square) * tp, whole, out=np.zeros_like(tp), where=whole > 0)
        if self.declared.average == "weighted":
            return ratio(float(each @ wanted), float(wanted.sum()))
        return float(each.mean())


def confusion_matrix(right: Array, chosen: Array, classes: int, w: Array | None = None) -> Array:
    """How many rows of each right class (row) were taken for each class (column), or the sum of their weights."""
    return np.bincount(right * classes + chosen, w, minlength=classes * classes).reshape(classes, classes)


class _Confusion(Exact[M]):
    """Counts of the classes: a row for every right class, a column for every chosen one."""

    def parts(self) -> Array:
        classes = max(self.y.shape[-1], 2)
        return confusion_matrix(right_class(self.t, self.y), chosen_class(self.y), classes, self.weights())


@always(CohenKappa)
class _CohenKappa(_Confusion[CohenKappa]):
    """1 - sum(d o) / sum(d e): o are the counts, e what they would be if rows and columns were independent

    The distance d of two classes is 1, or by how far apart they are, or the square of that; 0 of a class to itself.
    """

    def figure(self, parts: Array) -> float:
        classes = np.arange(len(parts))
        apart = np.abs(classes[:, None] - classes).astype(float)
        power = {None: 0, "linear": 1, "quadratic": 2}[self.declared.weights]
        distance = np.where(apart > 0, apart**power, 0.0)
        chance = np.outer(parts.sum(axis=1), parts.sum(axis=0)) * ratio(1.0, float(parts.sum()))
        expected = float((distance * chance).sum())
        return 1.0 - float((distance * parts).sum()) / expected if expected else 0.0


@always(MatthewsCorrelation)
class _MatthewsCorrelation(_Confusion[MatthewsCorrelation]):
    """(n d - r . c) / sqrt((n² - r . r) (n² - c . c)), with the diagonal's sum d, and sums of rows r and columns c"""

    def figure(self, parts: Array) -> float:
        n, diagonal = float(parts.sum()), float(np.trace(parts))
        r, c = parts.sum(axis=1), parts.sum(axis=0)
        spread = max(n * n - float(r @ r), 0.0) * max(n * n - float(c @ c), 0.0)
        return ratio(n * diagonal - float(r @ c), sqrt(spread))
