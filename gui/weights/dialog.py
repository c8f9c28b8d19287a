"""Weights of another program for the open network: choose a file, see which array is which weight, take them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.data.problem import Progress
from engine.formats.foreign.matching import Matching, completed, propose
from engine.formats.foreign.reading import read_arrays
from engine.formats.importer import Imported
from graph.inference import Inference
from graph.problem import FileProblem
from graph.project import Project
from gui import ask
from gui.checks import Checks
from gui.data.columns_model import ChoiceDelegate
from gui.document import Document
from gui.parts import label, restyled
from gui.training.background import Background
from gui.training.failure import failure_text
from gui.weights.matches_model import Field, MatchesModel

SIZE = QSize(1040, 640)
SHOWN = 3
"""How many arrays that are not used are named."""


@dataclass(frozen=True)
class Proposed:
    """What was read, and the network it is for as it was then."""

    file: str
    project: Project
    inference: Inference
    matching: Matching


class WeightsDialog(QDialog):
    """`taken(imported, file)` follows when the weights are to stand for the network."""

    taken = Signal(object, str)

    def __init__(self, document: Document, checks: Checks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._checks = document, checks
        self._proposed: Proposed | None = None
        self._reader = Background(self)
        self._reader.done.connect(self._on_read)
        self._reader.failed.connect(self._on_failed)
        self.setWindowTitle(self.tr("Weights from a file"))
        self.resize(SIZE)
        self.title = label(self.tr("No file is chosen."), "title", self)
        self.description = label(
            self.tr("Weights that PyTorch, Keras or another program has saved are matched by name and shape."),
            "muted",
            self,
            wrap=True,
        )
        self.choose = self._button(self.tr("Choose file…"))
        self.choose.clicked.connect(self.ask_and_read)
        self.model = MatchesModel(self)
        self.model.edited.connect(self._on_edited)
        self.table = self._table()
        self.message = label("", "muted", self, wrap=True)
        self.close_button = self._button(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self.use = self._button(self.tr("Use weights"))
        self.use.setProperty("kind", "accent")
        self.use.setEnabled(False)
        self.use.clicked.connect(self.take)
        self._arrange()
        document.changed.connect(self._on_document)

    def _button(self, text: str) -> QPushButton:
        made = QPushButton(text, self)
        made.setAutoDefault(False)
        return made

    def _table(self) -> QTableView:
        view = QTableView(self)
        view.setModel(self.model)
        view.setItemDelegate(ChoiceDelegate(view))
        triggers = QAbstractItemView.EditTrigger
        view.setEditTriggers(triggers.SelectedClicked | triggers.EditKeyPressed | triggers.DoubleClicked)
        view.setEditTriggers(view.editTriggers() | triggers.AnyKeyPressed)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(32)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.setAccessibleName(self.tr("Weights of the network"))
        header = view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        widths = {Field.WEIGHT: 248, Field.SHAPE: 112, Field.GIVEN: 112, Field.WAY: 136, Field.WHY: 112}
        for field, width in widths.items():
            header.resizeSection(field, width)
        header.setSectionResizeMode(Field.SOURCE, QHeaderView.ResizeMode.Stretch)
        return view

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.choose)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.description)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(buttons)

    def ask_and_read(self) -> None:
        """Ask for the file, and read it."""
        folder = self._document.path.parent if self._document.path else Path.home()
        filters = self.tr("Weights (*.safetensors *.npz *.h5 *.hdf5);;All files (*)")
        path = ask.open_path(self, folder, filters)
        if path is not None:
            self.read(path)

    def read(self, path: Path) -> None:
        """Read a file, and show which array is which weight."""
        errors = self._checks.current.errors
        if errors:
            self._show(None)
            self._say(self.tr("Mend the errors of the network first."), "error")
            return
        project, inference = self._document.project, self._checks.current.inference

        def work(progress: Progress) -> Proposed:
            arrays = read_arrays(path)
            progress(0.5)
            return Proposed(path.name, project, inference, propose(inference, arrays))

        self._show(None)
        self._say(self.tr("Reading {name}…").format(name=path.name), "muted")
        self._reader.run(work)

    def take(self) -> None:
        """Let the weights stand for the network; those that nothing is for begin as training begins."""
        found = self._proposed
        if found is None:
            return
        try:
            weights = completed(found.matching, found.inference, found.project.training.seed)
        except FileProblem as problem:
            self._say(failure_text(problem), "error")
            return
        self.taken.emit(Imported(found.project, weights), found.file)
        self.accept()

    def _on_read(self, found: Proposed) -> None:
        if found.project.network is not self._document.project.network:
            self._outdated()
            return
        self._show(found)
        self.table.setFocus()
        self.table.setCurrentIndex(self.model.index(0, Field.SOURCE))

    def _on_failed(self, error: Exception) -> None:
        self._show(None)
        self._say(failure_text(error), "error")

    def _on_edited(self, matching: Matching) -> None:
        if self._proposed is not None:
            found = self._proposed
            self._show(Proposed(found.file, found.project, found.inference, matching))

    def _on_document(self, before: Project, after: Project, initiator: object) -> None:
        if self._proposed is not None and before.network is not after.network:
            self._outdated()

    def _outdated(self) -> None:
        self._show(None)
        self._say(self.tr("The network has changed. Choose the file again."), "muted")

    def _show(self, found: Proposed | None) -> None:
        self._proposed = found
        self.model.show_matching(None if found is None else found.matching)
        self.title.setText(self.tr("No file is chosen.") if found is None else found.file)
        self.use.setEnabled(found is not None and bool(found.matching.matches))
        if found is not None:
            self._say(*self._state(found.matching))

    def _state(self, matching: Matching) -> tuple[str, str]:
        """What is to be said of a matching, and in which role."""
        all_of, missing = len(matching.slots), len(matching.missing)
        if missing == all_of:
            return self.tr("Nothing in the file fits this network. Choose arrays by hand, or another file."), "error"
        if missing:
            said = self.tr("{n} of {all} weights have no array. They begin as training begins.")
            said = said.format(n=missing, all=all_of)
        else:
            said = self.tr("All {n} weights have an array.").format(n=all_of)
        if matching.unused:
            names = ", ".join(matching.unused[:SHOWN]) + (", …" if len(matching.unused) > SHOWN else "")
            said += " " + self.tr("Not used: {names}").format(names=names)
        return said, "warning" if missing else "muted"

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        restyled(self.message, "role", role)

    def close_work(self) -> None:
        """Wait for the thread, if any."""
        self._reader.close()
