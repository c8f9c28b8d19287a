"""The areas under curves: at 200 thresholds, as Keras takes them, and exactly, as scikit-learn does.

Formulas: https://keras.io/api/metrics/classification_metrics/#auc-class and
https://scikit-learn.org/stable/modules/model_evaluation.html (Davis and Goadrich 2006 for the interpolation of PR).

An output of several values counts each of them as a yes or no of its own.
"""

from __future__ import annotations

import numpy as np

from engine.kernel import Array
from engine.metrics.base import Exact, always, ratio
from engine.metrics.targets import yes_and_no
from graph.metrics import AUC, AUCPR, ROCAUC, AveragePrecision

THRESHOLDS = 200


class _Thresholds(Exact):
    """Counts of no (first row) and yes (second row) between the thresholds."""

    def parts(self) -> Array:
        y = np.clip(self.y.reshape(-1), 0.0, 1.0)
        places = np.maximum(np.ceil(y * (THRESHOLDS - 1)) - 1, 0).astype(np.intp)
        yes = yes_and_no(self.t, self.y)
        return np.bincount(places + THRESHOLDS * yes, minlength=2 * THRESHOLDS).reshape(2, THRESHOLDS)

    @staticmethod
    def above(parts: Array) -> tuple[Array, Array]:
        """How many no and how many yes are above every threshold, the lowest first."""
        fp, tp = parts[:, ::-1].cumsum(axis=1)[:, ::-1].astype(float)
        return fp, tp


@always(AUC)
class _AUC(_Thresholds):
    """The area under (fp / no, tp / yes) by trapezoids"""

    def figure(self, parts: Array) -> float:
        fp, tp = self.above(parts)
        return ratio(float((fp[:-1] - fp[1:]) @ (tp[:-1] + tp[1:])) / 2.0, fp[0] * tp[0])


@always(AUCPR)
class _AUCPR(_Thresholds):
    """sum s (dtp + i log(p / p')) / yes, with slope s = dtp / dp, intercept i = tp' - s p', and p = tp + fp

    A prime is the next threshold, d the difference to it: between thresholds the true positives go along a line.
    """

    def figure(self, parts: Array) -> float:
        fp, tp = self.above(parts)
        p = tp + fp
        dtp, dp = tp[:-1] - tp[1:], p[:-1] - p[1:]
        slope = np.divide(dtp, dp, out=np.zeros_like(dp), where=dp > 0)
        intercept = tp[1:] - slope * p[1:]
        both = (p[:-1] > 0) & (p[1:] > 0)
        growth = np.divide(p[:-1], p[1:], out=np.ones_like(dp), where=both)
        return ratio(float((slope * (dtp + intercept * np.log(growth))).sum()), tp[0])


class _Ordered(Exact):
    """All values of the output (first row) and whether they should be yes (second row)."""

    collects = True

    def parts(self) -> Array:
        return np.stack([self.y.reshape(-1).astype(float), yes_and_no(self.t, self.y).astype(float)])

    @staticmethod
    def above(parts: Array) -> tuple[Array, Array]:
        """How many no and how many yes are at least as large as every different value, the largest first."""
        order = np.argsort(-parts[0], kind="stable")
        y, yes = parts[0][order], parts[1][order]
        ends = np.append(np.nonzero(np.diff(y))[0], len(y) - 1)
        tp = yes.cumsum()[ends]
        return ends + 1.0 - tp, tp


@always(ROCAUC)
class _ROCAUC(_Ordered):
    """The area under (fp / no, tp / yes) by trapezoids, which are exact here: ties count half"""

    def figure(self, parts: Array) -> float:
        fp, tp = (np.concatenate([[0.0], one]) for one in self.above(parts))
        return ratio(float(np.diff(fp) @ (tp[:-1] + tp[1:])) / 2.0, float(fp[-1] * tp[-1]))


@always(AveragePrecision)
class _AveragePrecision(_Ordered):
    """sum (tp_n - tp_(n-1)) / yes tp_n / (tp_n + fp_n)"""

    def figure(self, parts: Array) -> float:
        fp, tp = self.above(parts)
        return ratio(float(np.diff(tp, prepend=0.0) @ (tp / (tp + fp))), float(tp[-1]))
