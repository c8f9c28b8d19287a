"""One training run of the window: its state, what can be done now, and what it has told so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.events import Notice, Started
from engine.formats.importer import Imported
from engine.imported_run import keep, on_data_of
from engine.outcomes import Tested
from engine.run_writer import HINT as NOT_KEPT
from engine.runs import Run
from graph.message import Message
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import TrainingRecipe
from gui.checks import Checks
from gui.document import Document
from gui.training.curves import RunCurves, curves_of
from gui.training.failure import failure_text
from gui.training.job import Loading, Ready, Request, reopened, training
from gui.training.progress import Progress
from gui.training.run_folders import RunFolders
from gui.training.worker import Control, Failed, Worker

SAVE_FIRST = Message("Training goes on, but this run is not kept. Save the project: its runs are then kept beside it.")

Job = Callable[[Request, Control], Iterator[Any]]


class State(StrEnum):
    """What the run is doing."""

    IDLE = "idle"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    FAILED = "failed"

    @property
    def busy(self) -> bool:
        """Whether a thread is at work, or waits to go on."""
        return self in (State.PREPARING, State.TRAINING, State.PAUSED, State.STOPPING)


class TrainingController(QObject):
    """Trains the document's project as it is when `train` is called; it can be edited meanwhile.

    `home` is where the runs of projects without a file are kept.

    `changed` follows every change of state, `ticked(events)` what the run tells, a few times a second, and `saved` a
    run that has a folder new or changed.
    """

    changed = Signal()
    ticked = Signal(object)
    saved = Signal()

    def __init__(
        self, document: Document, checks: Checks, home: Path, parent: QObject | None = None, job: Job = training
    ) -> None:
        super().__init__(parent)
        self._document, self._checks, self._job = document, checks, job
        self._worker = Worker(self)
        self._worker.events.connect(self._on_events)
        self._worker.ended.connect(self._on_ended)
        self.state = State.IDLE
        self.progress = Progress()
        self.curves: RunCurves | None = None
        self.failure = ""
        self.notices: list[Notice] = []
        self.preparing_text = ""
        self.trained: Project | None = None
        self.ready: Ready | None = None
        self.tested: Tested | None = None
        self.imported: Run | None = None
        """The run whose weights stand for the network until another is trained or opened."""
        self.folders = RunFolders(document, home, lambda: self.state.busy, self)
        self.folders.carried.connect(self._on_carried)
        self._left = False
        """Whether the run under way belongs to a project that is no longer open."""
        checks.changed.connect(lambda _: self.changed.emit())
        document.changed.connect(lambda _, __, initiator: self._leave() if initiator == "open" else None)

    # What can be done

    @property
    def obstacle(self) -> str:
        """Why the project cannot be trained as it is, in one sentence; empty where it can."""
        project, errors = self._document.project, len(self._checks.current.errors)
        if not project.network.layers:
            return self.tr("Add some layers to train.")
        if project.data.source is None:
            return self.tr("Choose data to train on.")
        if errors == 1:
            return self.tr("One error must be mended before training.")
        return self.tr("{n} errors must be mended before training.").format(n=errors) if errors else ""

    @property
    def can_toggle(self) -> bool:
        """Whether Train, Pause or Continue, whichever it is now, can be done."""
        if self.state.busy:
            return self.state in (State.TRAINING, State.PAUSED)
        return not self.obstacle

    @property
    def toggle_text(self) -> str:
        """What `toggle` does now: Train, Pause or Continue."""
        if self.state in (State.TRAINING, State.STOPPING):
            return self.tr("Pause")
        return self.tr("Continue") if self.state is State.PAUSED else self.tr("Train")

    @property
    def toggle_icon(self) -> str:
        """The drawing for `toggle_text`."""
        return "pause" if self.state in (State.TRAINING, State.STOPPING) else "play"

    @property
    def can_stop(self) -> bool:
        """Whether there is a run to stop."""
        return self.state in (State.PREPARING, State.TRAINING, State.PAUSED)

    @property
    def trained_with(self) -> TrainingRecipe | None:
        """The recipe of the run that is shown."""
        return self.trained.training if self.trained is not None else None

    @property
    def _base(self) -> Path | None:
        return self._document.path.parent if self._document.path else None

    @property
    def runs_folder(self) -> Path:
        """Where runs are kept: beside the project file; for a project without one, beside the recovery file."""
        return self.folders.folder

    # What is done

    def toggle(self) -> None:
        """Train, pause or continue, whichever can be done."""
        if self.state is State.TRAINING:
            self.pause()
        elif self.state is State.PAUSED:
            self.resume()
        elif self.can_toggle:
            self.train()

    def train(self, resume: Run | None = None, epochs: int | None = None) -> None:
        """Begin a run with the project as it is, or go on with a run that was kept, until it has `epochs`.

        An imported run stays as it is: a new one begins with its weights.
        """
        if self._worker.running:
            return
        start, resume = (resume, None) if resume is not None and resume.imported else (None, resume)
        project = self._document.project if resume is None else resume.project
        if epochs is not None:
            project = replace(project, training=project.training.with_(epochs=epochs))
        request = Request(project, self._base, self.folders.begin(), resume, start)
        self._begin(project)
        self.curves = RunCurves() if resume is None else curves_of(resume, "")
        job = self._job
        self._worker.start(lambda control: job(request, control), "netloom-training")
        self._go(State.PREPARING)

    def _begin(self, project: Project) -> None:
        self.trained, self.ready, self.tested = project, None, None
        self.progress, self.failure, self.notices = Progress(), "", []
        self.preparing_text = self.tr("Loading the data…")

    def pause(self) -> None:
        """Stand still after the step under way."""
        self._worker.pause()
        self.progress.hold()
        self._go(State.PAUSED)

    def resume(self) -> None:
        """Go on."""
        self.progress.go()
        self._worker.resume()
        self._go(State.TRAINING)

    def stop(self) -> None:
        """End the run; what it has learned is kept."""
        if not self.can_stop:
            return
        training = self.state is not State.PREPARING
        if training and self.ready is not None:
            self.ready.session.stop()
            self.progress.go()
            self._worker.resume()
        else:
            self._worker.stop()
        self._go(State.STOPPING)

    def open_run(self, run: Run) -> None:
        """Show a run that is over, in place of the last one, with its weights and test figures.

        An imported one is shown on the data of the open project. Raises FileProblem where the run cannot be read, or
        there is no data.
        """
        if self._worker.running:
            return
        project, base = run.project, self._base
        if run.imported:
            self.imported = run
            project = on_data_of(run, self._document.project)
            if project.data.source is None:
                raise FileProblem(
                    Message("There is no data to predict from yet. The weights can be exported as they are."),
                    Message("Choose data, and open the run again."),
                )
        self._begin(project)
        self.curves = curves_of(run)
        self._worker.start(lambda control: reopened(run, project, base, control), "netloom-reopening")
        self._go(State.PREPARING)

    def keep_imported(self, read: Imported, file: str) -> None:
        """Keep the weights that were read of a model of another program as a run of the project made of it."""
        try:
            self.imported = keep(self.folders.begin(), read, file)
        except OSError as error:
            text = Message("The weights of {file} cannot be kept: {reason}.", file=file, reason=str(error))
            self.notices.append(Notice(text, Message("Make room, and open the file again.")))
        self.changed.emit()
        self.saved.emit()

    def close(self) -> None:
        """Stop, wait for the thread, and clear away what nobody has saved."""
        self._worker.close()
        self.folders.close()

    def _leave(self) -> None:
        """Another project is open: end the run of the last one, and show nothing of it."""
        self.imported = None
        self._left = self._worker.running
        if self._left:
            self.stop()
        else:
            self._forget()

    def _forget(self) -> None:
        self.trained = self.ready = self.tested = self.curves = None
        self.progress, self.failure, self.notices = Progress(), "", []
        self._go(State.IDLE)

    # What the run tells

    def _on_events(self, events: list[Any]) -> None:
        assert self.curves is not None
        self.progress.feed(events)
        self.curves.feed(events)
        for event in events:
            if isinstance(event, Loading):
                said = self.tr("Loading the data… {part} %") if event.part < 1 else self.tr("Compiling…")
                self.preparing_text = said.format(part=round(event.part * 100))
            elif isinstance(event, Ready):
                self.ready, self.imported = event, None
            elif isinstance(event, Started) and self.state is State.PREPARING:
                self._go(State.TRAINING)
            elif isinstance(event, Tested):
                self.tested = event
            elif isinstance(event, Notice):
                self.notices.append(self._said(event))
            elif isinstance(event, Failed):
                self.failure = failure_text(event.error)
        self.ticked.emit(events)

    def _on_ended(self) -> None:
        if self._left:
            self._left = False
            self._forget()
        elif self.failure:
            self._go(State.FAILED)
        else:
            self._go(State.FINISHED if self.progress.finished is not None else State.IDLE)
        self.saved.emit()
        self.folders.follow()

    def _said(self, notice: Notice) -> Notice:
        """A notice with what helps here: where a project without a file keeps its runs, nobody has chosen."""
        unsaved = notice.hint == NOT_KEPT and self._document.path is None
        return replace(notice, hint=SAVE_FIRST) if unsaved else notice

    def _on_carried(self, problem: FileProblem | None) -> None:
        if problem is not None:
            self.notices.append(Notice(problem.text, problem.hint))
            self.changed.emit()
        self.saved.emit()

    def _go(self, state: State) -> None:
        self.state = state
        self.changed.emit()
