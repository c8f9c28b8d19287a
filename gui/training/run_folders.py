"""Where the runs of the open project are kept, and how they follow it to where it is saved.

A project that has no file yet keeps its runs beside the recovery files; once it is saved they move beside its file. A
project that is saved under another name leaves its runs with the old file and takes copies along. While a run is under
way everything stays where it is, and follows when the run is over.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.carry_runs import carry
from engine.runs import list_runs, runs_folder
from graph.problem import FileProblem
from graph.project import Project
from gui.document import Document
from gui.training.background import Background
from gui.training.left_runs import clear_old, left_folders, new_folder, note_target, noted_target


@dataclass(frozen=True, slots=True)
class Trip:
    """Runs that are to follow their project; `keep` leaves them where they were too."""

    source: Path
    target: Path
    keep: bool


class RunFolders(QObject):
    """`carried(problem)` follows a try to bring runs along; `problem` is None, or what went wrong.

    `begun` follows the first run of a project that has no file. `home` is where the folders of such projects lie.
    """

    carried = Signal(object)
    begun = Signal()

    def __init__(self, document: Document, home: Path, busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._home, self._busy = document, home, busy
        self._path = document.path
        self._unsaved = new_folder(home)
        self._emptied: list[Path] = []
        self._trips: tuple[Trip, ...] = ()
        self._background = Background(self)
        self._background.done.connect(self._on_carried)
        document.changed.connect(self._on_document)
        document.state_changed.connect(self._on_state)

    @property
    def folder(self) -> Path:
        """Where runs are kept now."""
        if self._document.path is not None:
            beside = runs_folder(self._document.path)
            waiting = next((trip.source for trip in self._trips if trip.target == beside), beside)
            return beside if self._background.busy else waiting
        return self._unsaved

    @property
    def unsaved(self) -> Path | None:
        """The folder of the runs of a project that has no file, where there are any."""
        return self._unsaved if self._document.path is None and self._unsaved.is_dir() else None

    @property
    def has_unsaved(self) -> bool:
        """Whether there are runs that would be lost with the project, because it has no file yet."""
        return bool(list_runs(self._unsaved).found)

    def begin(self) -> Path:
        """Where a run that begins now is to be kept."""
        if self._document.path is None and not self._unsaved.is_dir():
            with contextlib.suppress(OSError):
                self._unsaved.mkdir(parents=True)
            self.begun.emit()
        return self.folder

    def adopt(self, folder: Path) -> None:
        """Take the runs over that a crash left of the project that is restored."""
        try:
            folder.rename(self._unsaved)
        except OSError:
            self._unsaved = folder
        self.carried.emit(None)

    def settle(self) -> None:
        """Bring along what earlier windows could not, and clear away what nobody asked for since."""
        for folder in left_folders(self._home):
            target = noted_target(folder)
            if target is None:
                clear_old(folder)
            else:
                self._trips += (Trip(folder, target, keep=False),)
                self._emptied.append(folder)
        self.follow()

    def follow(self) -> None:
        """Bring the runs along now, unless one is under way."""
        if self._trips and not self._busy() and not self._background.busy:
            trips = self._trips
            self._background.run(lambda _: _make(trips))

    def close(self) -> None:
        """Bring the rest along, and clear away what nobody has saved."""
        self._background.close()
        made, _ = _make(self._trips)
        self._trips = self._trips[made:]
        waiting = {trip.source for trip in self._trips}
        for folder in (*self._emptied, self._unsaved):
            if folder not in waiting:
                shutil.rmtree(folder, ignore_errors=True)
        self._emptied = []

    def _on_document(self, before: Project, after: Project, initiator: str) -> None:
        if initiator == "open":
            self._path = self._document.path
            self._empty()

    def _on_state(self) -> None:
        path, before = self._document.path, self._path
        if path is None or path == before:
            return
        self._path = path
        if before is not None:
            self._trips += (Trip(runs_folder(before), runs_folder(path), keep=True),)
        elif self._unsaved.is_dir():
            note_target(self._unsaved, runs_folder(path))
            self._trips += (Trip(self._unsaved, runs_folder(path), keep=False),)
            self._empty()
        self.follow()

    def _empty(self) -> None:
        """The folder of a project without a file is needed no more; it goes when the window closes."""
        self._emptied.append(self._unsaved)
        self._unsaved = new_folder(self._home)

    def _on_carried(self, result: tuple[int, FileProblem | None]) -> None:
        made, problem = result
        self._trips = self._trips[made:]
        self.carried.emit(problem)
        if problem is None:
            self.follow()


def _make(trips: tuple[Trip, ...]) -> tuple[int, FileProblem | None]:
    """Make trips in their order, up to one that fails; gives how many were made and what went wrong."""
    for place, trip in enumerate(trips):
        try:
            carry(trip.source, trip.target, trip.keep)
        except FileProblem as problem:
            return place, problem
    return len(trips), None
