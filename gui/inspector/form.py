"""A form made from declared parameters: one row each, with its label, its editor, its hint and its error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from graph.fields import Field
from graph.fields.inner import LayerField
from gui.inspector.editors import Editor, editor_for, limits
from gui.inspector.layer_editor import LayerEditor
from gui.theme import current_theme

LABEL_WIDTH = 108
MIXED = object()
"""Stands for a parameter whose value differs between the layers that are shown."""


class ParameterForm(QWidget):
    """Editors for parameters. `edited(name, value)` follows every valid edit; `begun` starts a new undo step."""

    edited = Signal(str, object)
    begun = Signal()

    def __init__(self, fields: Mapping[str, Field], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editors: dict[str, Editor | LayerEditor] = {}
        self._notes: dict[str, Note] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        for name, field in fields.items():
            self.add(name, name, field)

    def add(self, name: str, label: str, field: Field) -> Editor | LayerEditor:
        """Another row."""
        row = self._grid.rowCount()
        inner = LayerEditor(field, ParameterForm, self) if isinstance(field, LayerField) else None
        editor = inner or editor_for(field, self)
        editor.setAccessibleName(label)
        tooltip = tooltip_of(field)
        editor.setToolTip(tooltip)
        editor.setAccessibleDescription(tooltip)
        said = FieldLabel(label, self)
        said.setToolTip(tooltip)
        said.setBuddy(editor)
        note = Note(self)
        column = noted(editor, note)
        if editor.wide:
            column.insertWidget(0, said)
            self._grid.addLayout(column, row, 0, 1, 2)
        else:
            self._grid.addWidget(said, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addLayout(column, row, 1)
        if inner is not None:
            self._grid.addWidget(inner.inside, row + 1, 0, 1, 2)
        self.editors[name], self._notes[name] = editor, note
        editor.edited.connect(lambda value: self.edited.emit(name, value))
        editor.said.connect(note.say_error)
        editor.begun.connect(self.begun)
        return editor

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show values by name; MIXED where several layers differ."""
        for name, value in values.items():
            if name in self.editors:
                editor = self.editors[name]
                editor.show_mixed() if value is MIXED else editor.show_value(value)

    def show_hint(self, name: str, text: str) -> None:
        """A line under a field that helps; an error takes its place."""
        self._notes[name].say_hint(text)


class FieldLabel(QLabel):
    """The label of a field. A name too long for its column goes on in another line, after one of its underscores."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        fits = self.fontMetrics().horizontalAdvance(text) <= LABEL_WIDTH
        self.setText(text if fits else text.replace("_", "_\N{ZERO WIDTH SPACE}"))
        self.setAccessibleName(text)
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self.setFixedWidth(LABEL_WIDTH)
        self.setMinimumHeight(round(current_theme().metric["control_height"]))


class Note(QLabel):
    """The line under a field: an error where there is one, else a hint, else nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint, self._error = "", ""
        self.setWordWrap(True)
        self.setProperty("role", "small")
        self.hide()

    def say_hint(self, text: str) -> None:
        self._hint = text
        self._show()

    def say_error(self, text: str) -> None:
        self._error = text
        self._show()

    def _show(self) -> None:
        text, role = self._error or self._hint, "error" if self._error else "small"
        if self.text() == text and self.property("role") == role:
            return
        self.setText(text)
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setVisible(bool(text))


def labelled(text: str, control: QWidget) -> QWidget:
    """A control with its label, in the columns of a ParameterForm."""
    made = QWidget()
    said = FieldLabel(text, made)
    said.setBuddy(control)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(said, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(control, 1)
    return made


def noted(editor: QWidget, note: Note) -> QVBoxLayout:
    """An editor with its note under it."""
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(editor)
    column.addWidget(note)
    return column


def tooltip_of(field: Field) -> str:
    """What a parameter is for, and what it takes."""
    taken = limits(field)
    lines = [QCoreApplication.translate("graph", field.doc)]
    if taken:
        lines.append(taken[:1].upper() + taken[1:] + ".")
    return "\n".join(lines)
