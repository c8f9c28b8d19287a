"""The name of a layer, to read and to change."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from graph import edits
from graph.names import wrong_name
from gui.document import Document
from gui.inspector.controls import Line
from gui.inspector.form import FieldLabel, Note, noted
from gui.parts import restyled
from gui.translate import tr_message

LONGEST = 100


class NameField(QWidget):
    """A line with the layer's name. It is renamed once the line is left or Enter is pressed, if the name can be."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._name = ""
        self.line = Line(self)
        self.line.setAccessibleName(self.tr("Name"))
        self.line.setToolTip(self.tr("What this layer is called, here and in every file."))
        self.line.setMaxLength(LONGEST)
        self._note = Note(self)
        said = FieldLabel(self.tr("Name"), self)
        said.setBuddy(self.line)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.addWidget(said, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(noted(self.line, self._note), 0, 1)
        self.line.textEdited.connect(self._judge)
        self.line.editingFinished.connect(self._commit)
        self.line.given_up.connect(self._restore)
        self.line.entered.connect(lambda: self._judge(self.line.text()))

    def show_name(self, name: str) -> None:
        """Show the name of a layer."""
        if name != self._name:
            self._name = name
            self.line.setText(name)
            self.line.setCursorPosition(0)
            self._judge(name)

    def focus(self) -> None:
        """Go to the name with all of it selected."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def _wrong(self, name: str) -> str:
        wrong = wrong_name(name)
        if wrong is not None:
            return tr_message(wrong)
        if name != self._name and name in self._document.project.network.layers:
            return self.tr("There is a layer named {name} already.").format(name=name)
        return ""

    def _judge(self, text: str) -> None:
        wrong = self._wrong(text.strip())
        restyled(self.line, "invalid", bool(wrong))
        self._note.say_error(wrong)

    def _restore(self) -> None:
        self.line.setText(self._name)
        self._judge(self._name)

    def _commit(self) -> None:
        name, old = self.line.text().strip(), self._name
        wrong = self._wrong(name)
        if wrong or name == old:
            self._restore()
            self._note.say_error(wrong)
            return
        text = self.tr("Rename {old} to {new}").format(old=old, new=name)
        self._document.edit(text, lambda project: edits.rename(project, old, name), "inspector")
