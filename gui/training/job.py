"""What the training thread does: load, compile, train, and see how the network does on the test samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.events import Finished
from engine.imported_run import begin_with
from engine.outcomes import examined
from engine.runs import Run
from engine.session import Session
from graph.project import Project
from gui.training.worker import Control


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be trained. `resume` is a run to go on with, `start` an imported one to begin with."""

    project: Project
    base: Path | None
    runs: Path
    resume: Run | None = None
    start: Run | None = None


@dataclass(frozen=True, slots=True)
class Loading:
    """The part of the data that is loaded."""

    part: float


@dataclass(frozen=True, slots=True)
class Ready:
    """The session is prepared; training begins."""

    session: Session


def training(request: Request, control: Control) -> Iterator[Any]:
    """Everything a run tells the window."""
    session = prepared(request.project, request.base, control)
    if request.start is not None:
        begin_with(session, request.start)
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


def reopened(run: Run, project: Project, base: Path | None, control: Control) -> Iterator[Any]:
    """A run that is over, with its weights and what they say of the test samples."""
    session = prepared(project, base, control)
    session.load_weights(run.weights(), run.weights_path.name)
    yield examined(session)
    yield Ready(session)
