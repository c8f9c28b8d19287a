"""Everything a report tells: the network with its shapes, the run with its figures, the data and the test, if found.

The data is read again, and the network asked about the test samples, because a run keeps figures and weights only.
Where that cannot be, the report goes without, and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine.data.problem import Progress
from engine.free_memory import NotEnoughMemory
from engine.outcomes import Outcome, examined
from engine.runs import Run, list_runs
from engine.session import Session
from graph.check import Check, check
from graph.datasets import DataFacts
from graph.message import Message
from graph.problem import FileProblem
from graph.project import Project

REFUSALS = (FileProblem, NotEnoughMemory, ValueError, MemoryError, OSError)
"""What keeps data and test from being told, and nothing else."""


@dataclass(frozen=True)
class Report:
    """What is told. `left_out` says what is missing and why."""

    name: str
    when: str
    check: Check
    run: Run | None = None
    session: Session | None = None
    outcomes: Mapping[str, Outcome] | None = None
    left_out: tuple[str, ...] = ()

    @property
    def project(self) -> Project:
        """The project as it was trained."""
        return self.check.project


def report_of_run(run: Run, name: str, base: Path | None, progress: Progress | None = None) -> Report:
    """What is to be told of a run. `base` is where the paths of its data begin.

    Raises FileProblem where the run does not hold a project, and whatever `progress` raises.
    """
    project = run.project
    told = Report(name, clock(run.started), check(project, _facts(run)), run)
    if not run.epochs:
        told = _without(told, Message("The run has no finished epoch, so there are no curves."))
    try:
        session = Session.prepare(project, base, progress=progress)
        if run.about.get("data_hash") != session.prepared.digest:
            return _without(told, Message("The data has changed since the run, so nothing is said of it and the test."))
        told = replace(told, session=session, check=check(project, session.samples.facts))
        session.load_weights(run.weights(), run.weights_path.name)
    except REFUSALS as error:
        what = Message("the test samples") if told.session else Message("the data and the test samples")
        return _without(told, Message("Nothing is said of {what}. {why}", what=what, why=why(error)))
    outcomes = examined(session).outcomes
    return replace(told, outcomes=outcomes)


def report_of_newest(
    project: Project, name: str, base: Path | None, runs: Path, now: datetime, progress: Progress | None = None
) -> Report:
    """What is to be told of the newest run in the folder `runs`, or of the project where there is none."""
    trained = [run for run in list_runs(runs).found if run.epochs]
    if not trained:
        return report_of_project(project, name, base, now, progress)
    told = report_of_run(trained[-1], name, base, progress)
    if told.project.network != project.network:
        told = _without(
            told, Message("The network has changed since this run; this page tells of it as it was trained.")
        )
    return told


def report_of_project(
    project: Project, name: str, base: Path | None, now: datetime, progress: Progress | None = None
) -> Report:
    """What is to be told of a project that was never trained."""
    told = Report(name, clock(now.isoformat(timespec="seconds")), check(project))
    told = _without(told, Message("The network has not been trained, so there are no curves and no figures."))
    if project.data.source is None:
        return told
    try:
        session = Session.prepare(project, base, progress=progress)
    except REFUSALS as error:
        return _without(told, Message("Nothing is said of the data. {why}", why=why(error)))
    return replace(told, session=session, check=check(project, session.samples.facts))


def clock(moment: str) -> str:
    """A time in ISO 8601 as people read it."""
    try:
        return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return moment


def why(error: BaseException) -> str:
    """What an exception for people says."""
    problems = getattr(error, "problems", None)
    first = problems[0] if problems else error
    text, hint = getattr(first, "text", None), getattr(first, "hint", None)
    return f"{text} {hint}" if text is not None and hint is not None else str(error) or type(error).__name__


def _without(told: Report, why: str) -> Report:
    return replace(told, left_out=(*told.left_out, why))


def _facts(run: Run) -> DataFacts | None:
    """What the run remembers of its data: the shapes of the inputs."""
    try:
        return DataFacts(0, {one.name: (None, *one.shape) for one in run.preparation.inputs}, {})
    except ValueError:
        return None
