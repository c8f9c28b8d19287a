"""Taking the network and its weights to other programs: choose a format, see it, save it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.data.problem import Progress
from graph.problem import FileProblem
from gui.checks import Checks
from gui.document import Document
from gui.export.pictures import Format, formats
from gui.parts import label, line, restyled
from gui.theme import fixed_font
from gui.training.background import Background
from gui.training.controller import TrainingController
from gui.training.failure import failure_text
from gui.translate import tr_message

MOST_TEXT = 200_000


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
        self.formats = {one.name: one for one in formats()}
        self._writer = Background(self)
        self._writer.done.connect(self._on_written)
        self._writer.failed.connect(self._on_not_written)
        self._background = Background(self)
        self._background.done.connect(self._show_preview)
        self._background.failed.connect(lambda error: self._say(failure_text(error), "error"))
        self.setWindowTitle(self.tr("Export"))
        self.resize(880, 600)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Formats"))
        self.list.setFixedWidth(248)
        for one in self.formats.values():
            item = QListWidgetItem(tr_message(one.title), self.list)
            item.setData(Qt.ItemDataRole.UserRole, one.name)
            item.setToolTip(tr_message(one.description))
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.title = label("", "title", self)
        self.description = label("", "muted", self, wrap=True)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font("font_small"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Preview"))
        self.nothing = label("", "muted", self, wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message = label("", "error", self, wrap=True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = QPushButton(self.tr("Copy"), self)
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self.copy_text)
        self.save = QPushButton(self.tr("Save…"), self)
        self.save.setDefault(True)
        self.save.clicked.connect(self.ask_and_save)
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        self._pages = QStackedWidget(self)
        self._arrange()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _arrange(self) -> None:
        self._pages.addWidget(self.text)
        self._pages.addWidget(self.nothing)
        page = QVBoxLayout()
        page.setContentsMargins(20, 16, 20, 16)
        page.setSpacing(8)
        page.addWidget(self.title)
        page.addWidget(self.description)
        page.addWidget(self._pages, 1)
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
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(rule)
        row.addLayout(page, 1)

    @property
    def chosen(self) -> Format:
        """The format that is chosen."""
        return self.formats[self.list.currentItem().data(Qt.ItemDataRole.UserRole)]

    def choose(self, name: str) -> None:
        """Choose a format."""
        self.list.setCurrentRow(list(self.formats).index(name))

    @property
    def obstacle(self) -> str:
        """Why the chosen format cannot be written now; empty where it can."""
        if not self._document.project.network.layers:
            return self.tr("The network has no layers yet. Add some first.")
        if self.chosen.needs_shapes and self._checks.current.errors:
            first = self._checks.current.errors[0]
            where = f"{first.node}: " if first.node else ""
            return self.tr("The network has an error. {error}").format(error=where + tr_message(first.text))
        if self.chosen.needs_weights and not self._has_weights():
            if self._controller is not None and self._controller.ready is not None:
                return self.tr("The network has changed since it was trained. Train it again to export its weights.")
            return self.tr("There are no weights yet. Train the network, or open one of its runs.")
        return ""

    def _has_weights(self) -> bool:
        ready = self._controller.ready if self._controller is not None else None
        return ready is not None and ready.session.project.network == self._document.project.network

    def _name(self) -> str:
        return self._document.path.stem if self._document.path else "model"

    def _show(self) -> None:
        one, obstacle = self.chosen, self.obstacle
        self.title.setText(tr_message(one.title))
        self.description.setText(tr_message(one.description))
        self._say(obstacle, "error")
        self.save.setEnabled(not obstacle)
        self.copy.setEnabled(False)
        self.text.clear()
        self._pages.setCurrentIndex(0 if one.text else 1)
        self.nothing.setText("" if obstacle else self._summary(one))
        self._background.cancel()
        if one.text and not obstacle:
            project, name, facts = self._document.project, self._name(), self._checks.facts
            self.text.setPlaceholderText(self.tr("Making the preview…"))

            def work(progress: Progress) -> str:
                return one.preview(project, name, facts)

            self._background.run(work)

    def _summary(self, one: Format) -> str:
        if one.needs_weights:
            parameters = self._checks.current.inference.parameters
            return self.tr("{n} numbers in {file}").format(n=f"{parameters:,}", file=self._name() + one.endings[0])
        return self._name() + one.endings[0]

    def _show_preview(self, text: str) -> None:
        cut = len(text) > MOST_TEXT
        self.text.setPlainText(text[:MOST_TEXT] + ("\n…" if cut else ""))
        self.copy.setEnabled(not cut)

    def copy_text(self) -> None:
        """Put the preview on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._say(self.tr("Copied."), "muted")

    def ask_and_save(self) -> None:
        """Ask where to, and write the file there."""
        one = self.chosen
        folder = self._document.path.parent if self._document.path else Path.home()
        endings = " ".join(f"*{ending}" for ending in one.endings)
        start = str(folder / (self._name() + one.endings[0]))
        path, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), start, f"{tr_message(one.title)} ({endings})")
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write the file; what is wrong, or where it is, is said in the dialog."""
        target = path if path.suffix else path.with_suffix(self.chosen.endings[0])
        one, project, checks = self.chosen, self._document.project, self._checks.current
        if one.exporter is None:
            try:
                one.draw(target, project, checks)
            except (FileProblem, OSError) as error:
                self._on_not_written(error)
            else:
                self._on_written(target)
            return
        ready = self._controller.ready if self._controller is not None and one.needs_weights else None
        busy, facts = self._controller is not None and self._controller.state.busy, self._checks.facts

        def work(progress: Progress) -> Path:
            weights = None
            if ready is not None:
                plan = ready.session.snapshot() if busy else ready.session.plan
                weights = plan.parameters.named()
            one.write(target, project, weights, facts)
            return target

        self._say(self.tr("Saving…"), "muted")
        self._writer.run(work)

    def _on_written(self, path: Path) -> None:
        self._say(self.tr("Saved {path}").format(path=path), "muted")
        self.exported.emit(path)

    def _on_not_written(self, error: Exception) -> None:
        self._say(failure_text(error), "error")

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        restyled(self.message, "role", role)

    def close_work(self) -> None:
        """Wait for threads, if any."""
        self._background.close()
        self._writer.close()
