"""Taking the network and its weights to other programs: choose a format, see it, save it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

import gui.pictures  # noqa: F401 - makes the picture formats known
from engine.data.problem import Progress
from engine.formats import Exporter, Files, Work, exporters, make, work_on
from engine.formats.verify import Verdict, verify
from engine.kernel import Array
from graph.network import Network
from graph.problem import FileProblem
from gui.checks import Checks
from gui.document import Document
from gui.export.preview import Preview
from gui.parts import label, line, restyled
from gui.training.background import Background
from gui.training.controller import TrainingController
from gui.training.declared_form import DeclaredForm
from gui.training.failure import failure_text
from gui.translate import tr_message

PAINTED = {"svg": "png", "png": "png", "pdf": "png", "diagram": "diagram", "diagram-pdf": "diagram"}
"""Formats that are pictures, with the one that is shown. Qt paints them, which it does on its own thread only."""
MOST_PAINTED = 150
"""Layers of a network that is small enough to be painted for a look at it."""


@dataclass(frozen=True)
class Written:
    """A file that was written, and what the program it is for makes of it."""

    path: Path
    verdict: Verdict | None = None


class ExportDialog(QDialog):
    """`exported(path)` follows a file that was written."""

    exported = Signal(object)

    def __init__(
        self,
        document: Document,
        checks: Checks,
        controller: TrainingController | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._checks, self._controller = document, checks, controller
        self._writer = Background(self)
        self._writer.done.connect(self._on_written)
        self._writer.failed.connect(lambda error: self._say(failure_text(error), "error"))
        self.setWindowTitle(self.tr("Export"))
        self.resize(920, 640)
        self.list = self._list()
        self.title = label("", "title", self)
        self.description = label("", "muted", self, wrap=True)
        self._options = {one.name: one.options() for one in exporters.values() if one.options is not None}
        """What is chosen of each format's own options."""
        self.options = DeclaredForm(parent=self)
        self.options.edited.connect(self._set_option)
        self.preview = Preview(self)
        self.preview.made.connect(self._on_preview)
        self.preview.failed.connect(lambda error: self._say(failure_text(error), "error"))
        self.message = label("", "error", self, wrap=True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = self._button(self.tr("Copy"))
        self.copy.clicked.connect(self.copy_text)
        self.close_button = self._button(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self.save = self._button(self.tr("Save…"))
        self.save.setDefault(True)
        self.save.clicked.connect(self.ask_and_save)
        self._arrange()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _list(self) -> QListWidget:
        made = QListWidget(self)
        made.setAccessibleName(self.tr("Formats"))
        made.setFixedWidth(256)
        made.setViewportMargins(8, 12, 8, 8)
        for one in exporters.values():
            item = QListWidgetItem(tr_message(one.title), made)
            item.setData(Qt.ItemDataRole.UserRole, one.name)
            item.setToolTip(tr_message(one.description))
            item.setSizeHint(QSize(0, 28))
        made.currentItemChanged.connect(lambda *_: self._show())
        return made

    def _button(self, text: str) -> QPushButton:
        made = QPushButton(text, self)
        made.setAutoDefault(False)
        return made

    def _arrange(self) -> None:
        page = QVBoxLayout()
        page.setContentsMargins(20, 16, 20, 16)
        page.setSpacing(8)
        page.addWidget(self.title)
        page.addWidget(self.description)
        page.addWidget(self.options)
        page.addWidget(self.preview, 1)
        page.addWidget(self.message)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.save)
        page.addLayout(buttons)
        rule = line(self)
        rule.setProperty("role", "column")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(rule)
        row.addLayout(page, 1)

    @property
    def chosen(self) -> Exporter:
        """The format that is chosen."""
        return exporters[self.list.currentItem().data(Qt.ItemDataRole.UserRole)]

    def choose(self, name: str) -> None:
        """Choose a format."""
        self.list.setCurrentRow(list(exporters).index(name))

    @property
    def obstacle(self) -> str:
        """Why the chosen format cannot be written now; empty where it can."""
        if not self._document.project.network.layers:
            return self.tr("The network has no layers yet. Add some first.")
        if self.chosen.needs_shapes and self._checks.current.errors:
            first = self._checks.current.errors[0]
            where = f"{first.node}: " if first.node else ""
            return self.tr("The network has an error. {error}").format(error=where + tr_message(first.text))
        trained = self._trained
        if self.chosen.needs_weights and trained is None:
            return self.tr("There are no weights yet. Train the network, or open one of its runs.")
        if self.chosen.needs_weights and not self._fits(trained):
            return self.tr("The network has changed since it was trained. Train it again to export its weights.")
        return ""

    @property
    def _trained(self) -> Network | None:
        """The network that there are weights of."""
        controller = self._controller
        if controller is None:
            return None
        if controller.ready is not None:
            return controller.ready.session.project.network
        return controller.imported.project.network if controller.imported is not None else None

    def _fits(self, trained: Network | None) -> bool:
        return trained == self._document.project.network

    @property
    def _name(self) -> str:
        return self._document.path.stem if self._document.path else "model"

    def _show(self) -> None:
        one, obstacle = self.chosen, self.obstacle
        self.title.setText(tr_message(one.title))
        self.description.setText(tr_message(one.description))
        self.options.show_value(self._options.get(one.name))
        self._say(obstacle, "error")
        self.save.setEnabled(not obstacle)
        self.copy.setEnabled(False)
        self.preview.clear()
        if obstacle:
            return
        if one.name in PAINTED:
            self._show_picture()
        else:
            told, name = self._worker(), self._name
            self.preview.show_files(lambda: make(one, told(name)))

    def _set_option(self, name: str, value: Any) -> None:
        chosen = self.chosen.name
        self._options[chosen] = self._options[chosen].with_(**{name: value})
        self._show()

    def _show_picture(self) -> None:
        if len(self._document.project.network.layers) > MOST_PAINTED:
            self.preview.say(self.tr("The network is too large for a preview."))
        else:
            self.preview.show_picture(make(exporters[PAINTED[self.chosen.name]], self._work()).content)

    def _work(self) -> Work:
        return work_on(self._document.project, self._name, None, self._checks.facts)

    def _worker(self) -> Callable[[str], Work]:
        """What tells the chosen format everything, by the name the files go by; it may run on any thread."""
        one, project, facts = self.chosen, self._document.project, self._checks.facts
        controller = self._controller if one.takes_weights else None
        ready = imported = None
        if controller is not None and self._fits(self._trained):
            ready, imported = controller.ready, controller.imported
        busy = controller is not None and controller.state.busy
        options = self._options.get(one.name)

        def told(name: str) -> Work:
            weights: Mapping[str, Array] | None = None
            if ready is not None:
                plan = ready.session.snapshot() if busy else ready.session.plan
                weights = plan.parameters.named()
            elif imported is not None:
                weights = imported.weights()
            preparation = None if ready is None else ready.session.prepared.preparation
            return replace(work_on(project, name, weights, facts), preparation=preparation, options=options)

        return told

    def _on_preview(self, files: Files) -> None:
        self.copy.setEnabled(self.preview.complete)
        said = [f"{note.node}: {tr_message(note.text)}" if note.node else tr_message(note.text) for note in files.notes]
        if files.beside:
            further = ", ".join(self._name + ending for ending in files.beside)
            said.insert(0, self.tr("Beside it: {files}").format(files=further))
        self._say("\n".join(said), "muted")

    def copy_text(self) -> None:
        """Put the preview on the clipboard."""
        QGuiApplication.clipboard().setText(self.preview.text.toPlainText())
        self._say(self.tr("Copied."), "muted")

    def ask_and_save(self) -> None:
        """Ask where to, and write the file there."""
        one = self.chosen
        folder = self._document.path.parent if self._document.path else Path.home()
        endings = " ".join(f"*{ending}" for ending in one.endings)
        start = str(folder / (self._name + one.endings[0]))
        path, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), start, f"{tr_message(one.title)} ({endings})")
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write the file; what is wrong, or where it is, is said in the dialog."""
        target = path if path.suffix else path.with_suffix(self.chosen.endings[0])
        if self.chosen.name in PAINTED:
            try:
                make(self.chosen, self._work()).write(target)
            except (FileProblem, OSError) as error:
                self._say(failure_text(error), "error")
            else:
                self._on_written(Written(target))
            return
        one, told = self.chosen, self._worker()

        def work(progress: Progress) -> Written:
            work = told(target.stem)
            make(one, work).write(target)
            return Written(target, verify(one.name, target, work, progress))

        self._say(self.tr("Saving…"), "muted")
        self._writer.run(work)

    def _on_written(self, written: Written) -> None:
        said = self.tr("Saved {path}").format(path=written.path)
        verdict = written.verdict
        if verdict is not None:
            said += "\n" + tr_message(verdict.text)
        self._say(said, "muted" if verdict is None or verdict.same else "error")
        self.exported.emit(written.path)

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        restyled(self.message, "role", role)

    def close_work(self) -> None:
        """Wait for threads, if any."""
        self.preview.close_work()
        self._writer.close()
