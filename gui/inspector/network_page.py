"""The inspector's page while nothing is selected: the network in figures, its problems, and the notes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from graph import edits
from graph.check import Check
from graph.shapes import shape_text
from gui.document import Document
from gui.figures import short
from gui.inspector.sections import Problems, heading
from gui.parts import label, line
from gui.theme import fixed_font

INITIATOR = "inspector"


class NetworkPage(QWidget):
    """Shows the whole network."""

    def __init__(self, document: Document, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(label(self.tr("Network"), "title", self))
        self._teach = label("", "muted", self, wrap=True)
        column.addWidget(self._teach)
        self._figures = QGridLayout()
        self._figures.setHorizontalSpacing(8)
        self._figures.setVerticalSpacing(8)
        self._figures.setColumnStretch(1, 1)
        column.addLayout(self._figures)
        self._values = [
            self._row(said)
            for said in (
                self.tr("Layers"),
                self.tr("Parameters"),
                self.tr("Multiply-adds"),
                self.tr("Inputs"),
                self.tr("Outputs"),
            )
        ]
        self._problems = Problems(document, INITIATOR, self)
        column.addWidget(self._problems)
        column.addWidget(line(self))
        column.addWidget(heading(self.tr("Notes"), self))
        self.notes = QPlainTextEdit(self)
        self.notes.setAccessibleName(self.tr("Notes"))
        self.notes.setPlaceholderText(self.tr("What this network is for, what you tried …"))
        self.notes.setTabChangesFocus(True)
        self.notes.setMinimumHeight(96)
        self.notes.textChanged.connect(self._on_notes)
        column.addWidget(self.notes, 1)
        self.show_check(check)

    def show_check(self, check: Check) -> None:
        """Show what the project holds now."""
        network, inference = check.project.network, check.inference
        if network.layers:
            self._teach.setText(self.tr("Select a layer to change it. Hold Shift to select several."))
        else:
            self._teach.setText(self.tr("Drag a layer from the left onto the canvas, or press Tab to search for one."))
        texts = (
            f"{len(network.layers):,}",
            f"{inference.parameters:,}",
            short(inference.macs),
            self._shapes(check, inference.entries, given=True),
            self._shapes(check, inference.results, given=False),
        )
        for value, text in zip(self._values, texts, strict=True):
            value.setText(text or "–")
        self._problems.show_problems(check.problems, named=True, limit=8)
        if self.notes.toPlainText() != check.project.notes:
            self.show_notes(check.project.notes)

    def focus_first(self) -> None:
        """Go to the notes."""
        self.notes.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_notes(self, notes: str) -> None:
        """Show the notes as they are in the project."""
        if self.notes.toPlainText() != notes:
            self.notes.blockSignals(True)
            self.notes.setPlainText(notes)
            self.notes.blockSignals(False)

    def _shapes(self, check: Check, names: tuple[str, ...], given: bool) -> str:
        said = []
        for name in names[:6]:
            known = check.inference.layers[name]
            shapes = known.inputs if given else known.outputs
            said.append(f"{name} {', '.join(map(shape_text, shapes))}" if shapes else name)
        return "\n".join(said) + (" …" if len(names) > 6 else "")

    def _row(self, said: str) -> QLabel:
        row = self._figures.rowCount()
        value = label("–", "", self, wrap=True)
        value.setFont(fixed_font())
        self._figures.addWidget(label(said, "muted", self), row, 0)
        self._figures.addWidget(value, row, 1)
        return value

    def _on_notes(self) -> None:
        notes = self.notes.toPlainText()
        self._document.edit(self.tr("Write notes"), lambda p: edits.set_notes(p, notes), INITIATOR, "notes")
