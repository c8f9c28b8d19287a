"""The ROC and PR curves of every class against all others, exact, with the areas under them.

Formulas: https://scikit-learn.org/stable/modules/model_evaluation.html#roc-metrics
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.data import Preparation
from engine.kernel import Array
from engine.metrics.curves import above, average_precision, roc_area
from engine.metrics.targets import rows_of, yes_and_no
from engine.objective import Goal

Kind = Literal["roc", "pr"]
Arrays = Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class ClassCurve:
    """One curve of one class: ROC goes from (0, 0) to (1, 1), PR from recall 0 to recall 1.

    Across is the false positive rate, or the recall; up is the recall, or the precision. Each point holds where the
    class is said from its threshold on; at the first one, no sample is.
    """

    name: str
    kind: Kind
    x: Array
    y: Array
    thresholds: Array
    area: float


def class_curves(y: Array, t: Array, classes: Sequence[str] = ()) -> tuple[ClassCurve, ...]:
    """Both curves of every class that has samples in it and out of it.

    An output of one value has the curves of the second class, that of yes. `classes` are their names, else numbers.
    """
    scores, yes = rows_of(y), yes_and_no(t, y)
    names = [str(place) for place in range(scores.shape[-1])]
    if len(classes) == len(names) or (classes and len(names) == 1):
        names = list(classes)[-len(names) :]
    found: list[ClassCurve] = []
    for place, name in enumerate(names):
        fp, tp, thresholds = above(scores[:, place].astype(float), yes[:, place], np.ones(len(scores)))
        if fp[-1] and tp[-1]:
            found += [_roc(name, fp, tp, thresholds), _pr(name, fp, tp, thresholds)]
    return tuple(found)


def curves_of(
    goals: Collection[Goal], outputs: Arrays, targets: Arrays, preparation: Preparation
) -> dict[str, tuple[ClassCurve, ...]]:
    """Both curves of every class, of each result that has classes or says yes and no."""
    return {
        goal.result: class_curves(outputs[goal.result], targets[goal.target], preparation.target(goal.target).classes)
        for goal in goals
        if goal.loss.target != "values" or preparation.target(goal.target).classes
    }


def _roc(name: str, fp: Array, tp: Array, thresholds: Array) -> ClassCurve:
    """(fp / no, tp / yes), without the points that lie on a line between their neighbours"""
    area = roc_area(fp, tp)
    fp, tp, thresholds = np.append(0.0, fp), np.append(0.0, tp), np.append(np.inf, thresholds)
    bends = np.ones(len(fp), np.bool_)
    dfp, dtp = np.diff(fp), np.diff(tp)
    bends[1:-1] = dfp[:-1] * dtp[1:] != dfp[1:] * dtp[:-1]
    return ClassCurve(name, "roc", fp[bends] / fp[-1], tp[bends] / tp[-1], thresholds[bends], area)


def _pr(name: str, fp: Array, tp: Array, thresholds: Array) -> ClassCurve:
    """(tp / yes, tp / (tp + fp)), from the precision 1 of nothing at all on, as far as the recall rises"""
    area = average_precision(fp, tp)
    last = int(np.argmax(tp >= tp[-1])) + 1
    fp, tp = fp[:last], tp[:last]
    x, y = np.append(0.0, tp / tp[-1]), np.append(1.0, tp / (tp + fp))
    return ClassCurve(name, "pr", x, y, np.append(np.inf, thresholds[:last]), area)
