"""Writing reports: where to is asked, everything is found in the background, and what came of it is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

import gui.report_pdf  # noqa: F401 - makes PDF known
from engine.data.problem import Progress
from engine.report import Report, report_of_newest, report_of_run
from engine.report.writers import write, writer_for
from engine.runs import Run
from graph.problem import FileProblem
from gui import ask
from gui.document import Document
from gui.training.background import Background
from gui.training.failure import failure_text

Found = tuple[Path, Report]


class Reports(QObject):
    """Writes one report at a time; `said(text)` follows what is under way and what was written."""

    said = Signal(str)

    def __init__(self, document: Document, runs: Callable[[], Path], window: QWidget) -> None:
        super().__init__(window)
        self._document, self._runs, self._window = document, runs, window
        self._background = Background(self)
        self._background.done.connect(self._on_found)
        self._background.failed.connect(self._fail)

    def ask(self, run: Run | None = None) -> None:
        """Ask where to, and write the report of a run there; of the newest one, or the project, where none is given."""
        folder = self._document.path.parent if self._document.path else Path.home()
        filters = ";;".join((self.tr("Web page (*.html)"), self.tr("PDF (*.pdf)")))
        path = ask.save_path(self._window, folder / f"{self._name}-report.html", filters)
        if path is not None:
            self.write(path, run)

    def write(self, path: Path, run: Run | None = None) -> None:
        """Write the report to a file."""
        project, name, runs = self._document.project, self._name, self._runs()
        base = self._document.path.parent if self._document.path else None

        def find(progress: Progress) -> Found:
            writer_for(path)
            if run is not None:
                return path, report_of_run(run, name, base, progress)
            return path, report_of_newest(project, name, base, runs, datetime.now(UTC), progress)

        self.said.emit(self.tr("Writing the report…"))
        self._background.run(find)

    @property
    def _name(self) -> str:
        return self._document.path.stem if self._document.path else self.tr("Untitled")

    def _on_found(self, found: Found) -> None:
        path, report = found
        try:
            write(report, path)
        except FileProblem as problem:
            self._fail(problem)
        else:
            self.said.emit(self.tr("Saved {name}").format(name=path.name))

    def _fail(self, error: Exception) -> None:
        self.said.emit("")
        title = self.tr("The report cannot be written.")
        ask.tell(self._window, title, failure_text(error), QMessageBox.Icon.Warning)

    def close_work(self) -> None:
        """Wait for the thread, if any."""
        self._background.close()
