"""Keeps unsaved edits in a file of its own, so that a crash loses a few seconds at most.

Each running window has one recovery file, named after its process. It is written a moment after an edit and removed
once the project is saved or left on purpose. A file that is found at the start, and whose process is gone, was left by
a crash. A project without a file has a recovery file as soon as it has training runs, edited or not, which says where
they are.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from graph.atomic import write_atomically
from graph.problem import FileProblem
from graph.project import Project
from graph.serialize import dumps, load
from gui.document import Document
from gui.processes import alive

DELAY_MS = 3000


@dataclass(frozen=True)
class Left:
    """What a crash left behind: the edits, when they were kept, and the file they belong to, if there is one.

    `runs` is the folder of the training runs of a project that had no file.
    """

    file: Path
    origin: Path | None
    when: datetime
    runs: Path | None = None

    def project(self) -> Project:
        """The edited project. Raises FileProblem where it cannot be read."""
        return load(self.file).project

    def discard(self, runs: bool = True) -> None:
        """Remove what was left, as far as that can be done; with `runs` the training runs, too."""
        for file in (self.file, origin_file(self.file)):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
        if runs and self.runs is not None:
            shutil.rmtree(self.runs, ignore_errors=True)


class Recovery(QObject):
    """Writes the recovery file of one document."""

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self.file = folder / f"{os.getpid()}-{id(self):x}.netloom"
        self.runs: Callable[[], Path | None] = lambda: None
        """The folder of training runs that would be lost with the project, where there are any."""
        self._kept: tuple[Project, Path | None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.keep)
        document.state_changed.connect(self._on_state)

    def keep(self) -> None:
        """Write the edits now. A folder that cannot be written to costs the recovery, not the work."""
        wanted = (self._document.project, self.runs())
        if not self._needed or wanted == self._kept:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path, runs = self._document.path, wanted[1]
            said = {"origin": str(path) if path else None, "runs": runs.name if runs else None}
            write_atomically(origin_file(self.file), json.dumps(said).encode())
            write_atomically(self.file, dumps(wanted[0]).encode())
        except (OSError, FileProblem):
            return
        self._kept = wanted

    def forget(self) -> None:
        """Remove the recovery file: the edits are saved, or are to be lost."""
        self._timer.stop()
        self._kept = None
        Left(self.file, None, datetime.now()).discard()

    @property
    def _needed(self) -> bool:
        return self._document.history.dirty or self.runs() is not None

    def _on_state(self) -> None:
        if self._needed:
            if not self._timer.isActive():
                self._timer.start()
        elif self._kept is not None or self._timer.isActive():
            self.forget()


def left_behind(folder: Path) -> list[Left]:
    """What earlier windows left behind that run no more, the newest first."""
    found = []
    for file in folder.glob("*.netloom") if folder.is_dir() else ():
        process = file.stem.split("-")[0]
        if process.isdecimal() and not alive(int(process)):
            origin, runs_of_it = _places(file)
            found.append(Left(file, origin, datetime.fromtimestamp(file.stat().st_mtime), runs_of_it))
    return sorted(found, key=lambda left: left.when, reverse=True)


def origin_file(file: Path) -> Path:
    """Where it stands which project a recovery file belongs to, and where its runs are."""
    return file.with_suffix(".json")


def _places(file: Path) -> tuple[Path | None, Path | None]:
    """The project file that a recovery file belongs to, and the folder of its runs, which lies beside it."""
    try:
        said = json.loads(origin_file(file).read_text(encoding="utf-8"))
        origin, runs = said.get("origin"), said.get("runs")
    except (OSError, ValueError, AttributeError):
        return None, None
    folder = file.parent / Path(runs).name if isinstance(runs, str) else None
    return Path(origin) if isinstance(origin, str) else None, folder if folder and folder.is_dir() else None
