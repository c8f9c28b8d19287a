"""What the training thread does: load, compile, train, and see how the network does on the test samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.class_curves import ClassCurve, class_curves
from engine.events import Finished
from engine.metrics.classes import confusion_matrix
from engine.metrics.targets import chosen_class, right_class
from engine.runs import Run
from engine.session import Session
from graph.project import Project
from gui.training.worker import Control

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be trained. `resume` is a run to go on with."""

    project: Project
    base: Path | None
    runs: Path
    resume: Run | None = None


@dataclass(frozen=True, slots=True)
class Loading:
    """The part of the data that is loaded."""

    part: float


@dataclass(frozen=True, slots=True)
class Ready:
    """The session is prepared; training begins."""

    session: Session


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


def training(request: Request, control: Control) -> Iterator[Any]:
    """Everything a run tells the window."""
    session = prepared(request.project, request.base, control)
    yield Ready(session)
    for event in session.run(request.runs, request.resume):
        if isinstance(event, Finished) and event.epochs:
            yield examined(session)
        yield event


def prepared(project: Project, base: Path | None, control: Control) -> Session:
    """A session for a project; tells how far its loading is, and can be given up."""

    def progress(part: float) -> None:
        control.check()
        control.post(Loading(part))

    return Session.prepare(project, base, progress=progress)


def reopened(run: Run, base: Path | None, control: Control) -> Iterator[Any]:
    """A run that is over, with its weights and what they say of the test samples."""
    session = prepared(run.project, base, control)
    session.load_weights(run.weights(), run.weights_path.name)
    yield examined(session)
    yield Ready(session)


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
