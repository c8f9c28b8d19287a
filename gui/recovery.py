"""Keeps unsaved edits in a file of its own, so that a crash loses a few seconds at most.

Each running window has one recovery file, named after its process. It is written a moment after an edit and removed
once the project is saved or left on purpose. A file that is found at the start, and whose process is gone, was left by
a crash.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from graph.atomic import write_atomically
from graph.problem import FileProblem
from graph.project import Project
from graph.serialize import dumps, load
from gui.document import Document

DELAY_MS = 3000


@dataclass(frozen=True)
class Left:
    """What a crash left behind: the edits, when they were kept, and the file they belong to, if there is one."""

    file: Path
    origin: Path | None
    when: datetime

    def project(self) -> Project:
        """The edited project. Raises FileProblem where it cannot be read."""
        return load(self.file).project

    def discard(self) -> None:
        """Remove what was left, as far as that can be done."""
        for file in (self.file, origin_file(self.file)):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)


class Recovery(QObject):
    """Writes the recovery file of one document."""

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self.file = folder / f"{os.getpid()}-{id(self):x}.netloom"
        self._kept: Project | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.keep)
        document.state_changed.connect(self._on_state)

    def keep(self) -> None:
        """Write the edits now. A folder that cannot be written to costs the recovery, not the work."""
        project = self._document.project
        if not self._document.history.dirty or project is self._kept:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            origin = str(self._document.path) if self._document.path else None
            write_atomically(origin_file(self.file), json.dumps({"origin": origin}).encode())
            write_atomically(self.file, dumps(project).encode())
        except (OSError, FileProblem):
            return
        self._kept = project

    def forget(self) -> None:
        """Remove the recovery file: the edits are saved, or are to be lost."""
        self._timer.stop()
        self._kept = None
        Left(self.file, None, datetime.now()).discard()

    def _on_state(self) -> None:
        if self._document.history.dirty:
            if not self._timer.isActive():
                self._timer.start()
        elif self._kept is not None or self._timer.isActive():
            self.forget()


def left_behind(folder: Path) -> list[Left]:
    """What earlier windows left behind that run no more, the newest first."""
    found = []
    for file in folder.glob("*.netloom") if folder.is_dir() else ():
        process = file.stem.split("-")[0]
        if process.isdecimal() and not runs(int(process)):
            found.append(Left(file, _origin(file), datetime.fromtimestamp(file.stat().st_mtime)))
    return sorted(found, key=lambda left: left.when, reverse=True)


def origin_file(file: Path) -> Path:
    """Where it stands which project a recovery file belongs to."""
    return file.with_suffix(".json")


def _origin(file: Path) -> Path | None:
    try:
        said = json.loads(origin_file(file).read_text(encoding="utf-8")).get("origin")
    except (OSError, ValueError, AttributeError):
        return None
    return Path(said) if isinstance(said, str) else None


def runs(process: int) -> bool:
    """Whether a process of this number runs. Where that cannot be told, it is taken to run."""
    if process == os.getpid():
        return True
    if os.name == "nt":
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    import ctypes

    query = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(query, False, process)
    if handle:
        kernel.CloseHandle(handle)
    return bool(handle)
