"""What a network says of the test samples against the truth: classes taken for classes, or values beside values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.class_curves import ClassCurve, class_curves
from engine.kernel import Array
from engine.metrics.classes import confusion_matrix
from engine.metrics.targets import chosen_class, right_class
from engine.session import Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one result says of every test sample: class numbers where there are classes, otherwise values.

    `curves` are the ROC and PR curves of the classes.
    """

    result: str
    classes: tuple[str, ...]
    true: Array
    chosen: Array
    curves: tuple[ClassCurve, ...] = ()

    @property
    def counts(self) -> Array:
        """How many samples of each true class (row) were taken for each class (column)."""
        return confusion_matrix(self.true, self.chosen, len(self.classes))


@dataclass(frozen=True, slots=True)
class Tested:
    """Every result on the test samples, with the weights that are kept."""

    session: Session
    outcomes: Mapping[str, Outcome]


def examined(session: Session) -> Tested:
    """What the network says of the test samples."""
    part = session.prepared.test
    if not len(part):
        return Tested(session, {})
    outputs = session.predict(part.inputs)
    outcomes = {}
    for goal in session.objective.goals:
        y, t = outputs[goal.result], part.targets[goal.target]
        classes = session.classes(goal.result)
        if classes and y.ndim == 2:
            true, chosen = right_class(t, y), chosen_class(y)
            curves = class_curves(y, t, classes)
        elif y.ndim == 2 and goal.loss.target == "values":
            true, chosen = np.asarray(t, np.float64).reshape(len(t), -1)[:, 0], y.astype(np.float64)[:, 0]
            classes, curves = (), ()
        else:
            continue
        outcomes[goal.result] = Outcome(goal.result, classes, true, chosen, curves)
    return Tested(session, outcomes)
