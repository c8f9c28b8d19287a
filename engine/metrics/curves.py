"""The areas under curves: at 200 thresholds, as Keras takes them, and exactly, as scikit-learn does.

Formulas: https://keras.io/api/metrics/classification_metrics/#auc-class and
https://scikit-learn.org/stable/modules/model_evaluation.html (Davis and Goadrich 2006 for the interpolation of PR).

An output of several values counts each of them as a yes or no of its own.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from engine.kernel import Array
from engine.metrics.base import Exact, always, ratio
from engine.metrics.targets import rows_of, yes_and_no
from graph.metrics.curves import AUC, ROCAUC, AveragePrecision, Ordered

O = TypeVar("O", bound=Ordered)  # noqa: E741 - the usual name of a type variable for an Ordered


@always(AUC)
class _AUC(Exact[AUC]):
    """The area under ROC by trapezoids, or under PR: the parts count no (first row) and yes between the thresholds"""

    def parts(self) -> Array:
        count = self.declared.num_thresholds
        y = np.clip(np.nan_to_num(rows_of(self.y)), 0.0, 1.0)
        places = np.maximum(np.ceil(y * (count - 1)) - 1, 0).astype(np.intp)
        yes = yes_and_no(self.t, self.y)
        w = np.repeat(self.weights(), y.shape[-1])
        return np.bincount((places + count * yes).reshape(-1), w, minlength=2 * count).reshape(2, count)

    def figure(self, parts: Array) -> float:
        fp, tp = parts[:, ::-1].cumsum(axis=1)[:, ::-1]
        return self._pr(fp, tp) if self.declared.curve == "PR" else self._roc(fp, tp)

    @staticmethod
    def _roc(fp: Array, tp: Array) -> float:
        return ratio(float((fp[:-1] - fp[1:]) @ (tp[:-1] + tp[1:])) / 2.0, float(fp[0] * tp[0]))

    @staticmethod
    def _pr(fp: Array, tp: Array) -> float:
        """sum s (dtp + i log(p / p')) / yes, with slope s = dtp / dp, intercept i = tp' - s p', and p = tp + fp

        A prime is the next threshold, d the difference to it: between thresholds the true positives go along a line.
        """
        p = tp + fp
        dtp, dp = tp[:-1] - tp[1:], p[:-1] - p[1:]
        slope = np.divide(dtp, dp, out=np.zeros_like(dp), where=dp > 0)
        intercept = tp[1:] - slope * p[1:]
        both = (p[:-1] > 0) & (p[1:] > 0)
        growth = np.divide(p[:-1], p[1:], out=np.ones_like(dp), where=both)
        return ratio(float((slope * (dtp + intercept * np.log(growth))).sum()), float(tp[0]))


def above(y: Array, yes: Array, w: Array) -> tuple[Array, Array, Array]:
    """The weight of no and of yes at least as large as every different value of `y`, the largest first.

    Returns false positives, true positives, and the values.
    """
    order = np.argsort(-y, kind="stable")
    w = w.astype(float)
    y, tp, all_ = y[order], (w * yes)[order].cumsum(), w[order].cumsum()
    ends = np.append(np.nonzero(np.diff(y))[0], len(y) - 1)
    return (all_ - tp)[ends], tp[ends], y[ends]


def roc_area(fp: Array, tp: Array) -> float:
    """The area under (fp / no, tp / yes) by trapezoids, which are exact here: ties count half"""
    fp, tp = np.append(0.0, fp), np.append(0.0, tp)
    return ratio(float(np.diff(fp) @ (tp[:-1] + tp[1:])) / 2.0, float(fp[-1] * tp[-1]))


def average_precision(fp: Array, tp: Array) -> float:
    """sum (tp_n - tp_(n-1)) / yes tp_n / (tp_n + fp_n)"""
    precision = np.divide(tp, tp + fp, out=np.zeros_like(tp), where=tp + fp > 0)
    return ratio(float(np.diff(tp, prepend=0.0) @ precision), float(tp[-1]))


class _OfAll(Exact[O]):
    """All values of the output (first row), whether they should be yes, and their weights; a row's beside each other"""

    collects = True

    def parts(self) -> Array:
        y, yes, one = rows_of(self.y), yes_and_no(self.t, self.y), self.declared.class_id
        if one is not None:
            y, yes = y[:, one : one + 1], yes[:, one : one + 1]
        w = np.repeat(self.weights(), y.shape[-1])
        return np.stack([y.reshape(-1), yes.reshape(-1), w], dtype=y.dtype, casting="unsafe")

    def columns(self, parts: Array) -> list[tuple[Array, Array]]:
        """The false and true positives of all values together, or of every class that has both yes and no."""
        if self.declared.average == "micro" or self.declared.class_id is not None:
            return [above(*parts)[:2]]
        classes = self.y.shape[-1]
        found = [above(*parts[:, column::classes])[:2] for column in range(classes)]
        return [(fp, tp) for fp, tp in found if fp[-1] and tp[-1]]


@always(ROCAUC)
class _ROCAUC(_OfAll[ROCAUC]):
    """The area under the exact ROC curve"""

    def figure(self, parts: Array) -> float:
        areas = [roc_area(*column) for column in self.columns(parts)]
        return ratio(sum(areas), len(areas))


@always(AveragePrecision)
class _AveragePrecision(_OfAll[AveragePrecision]):
    """The mean precision at every exact recall"""

    def figure(self, parts: Array) -> float:
        areas = [average_precision(*column) for column in self.columns(parts)]
        return ratio(sum(areas), len(areas))
