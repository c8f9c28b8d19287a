"""The editors of parameters that are chosen: one of a list, one with parameters of its own, yes or no."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from graph.fields import BoolField, ChoiceField
from graph.fields.spec import SpecField
from gui.inspector.controls import Box
from gui.inspector.editor import EditorBase, sentence, translated


class ChoiceEditor(EditorBase):
    """One name of a list."""

    def __init__(self, field: ChoiceField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = Box(self)
        if field.optional:
            self._box.addItem(translated(field.none_text), None)
        for name in field.choices():
            self._box.addItem(name, name)
        self._box.activated.connect(self._on_activated)
        self._box.entered.connect(self.begun)
        self.hold(self._box)

    def show_value(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))

    def show_mixed(self) -> None:
        self._box.setPlaceholderText(self.tr("several values"))
        self._box.setCurrentIndex(-1)

    def _on_activated(self, index: int) -> None:
        self.edited.emit(self._box.itemData(index))


class SpecEditor(EditorBase):
    """A choice that may have parameters, as `l2(0.01)`: chosen from the list, or typed."""

    def __init__(self, field: SpecField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._box = Box(self)
        self._box.setEditable(True)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.setCompleter(None)  # type: ignore[arg-type]
        if field.optional:
            self._box.addItem(translated(field.none_text), None)
        for name in field.choices():
            self._box.addItem(name, name)
        self._box.activated.connect(lambda index: self._give(self._box.itemData(index)))
        self._box.entered.connect(self.begun)
        line = self._box.lineEdit()
        assert line is not None
        self._line = line
        self._line.textEdited.connect(self._on_text)
        self._line.editingFinished.connect(lambda: self.leave(self._tidy))
        self._box.entered.connect(lambda: self.said.emit(""))
        self._value: Any = field.default
        self.hold(self._box)

    def show_value(self, value: Any) -> None:
        if value == self._value and self._line.hasFocus():
            return
        self._value = value
        self._tidy()

    def show_mixed(self) -> None:
        self._value = None
        self._line.clear()
        self._line.setPlaceholderText(self.tr("several values"))

    def _on_text(self, text: str) -> None:
        none = self._field.optional and text.strip() in ("", translated(self._field.none_text))
        try:
            value = None if none else self._field.parse(text)
        except ValueError as error:
            self.mark(self._line, sentence(error))
            return
        self._give(value)

    def _give(self, value: Any) -> None:
        self.mark(self._line, "")
        if value != self._value:
            self._value = value
            self.edited.emit(value)

    def _tidy(self) -> None:
        """Show the value in its usual form; what is not valid goes."""
        self._line.setText(translated(self._field.none_text) if self._value is None else self._value)
        self._line.setCursorPosition(0)
        self.mark(self._line, "")


class BoolEditor(EditorBase):
    """Yes or no."""

    def __init__(self, field: BoolField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QCheckBox(self)
        self._box.clicked.connect(self._on_clicked)
        self.hold(self._box)

    def show_value(self, value: Any) -> None:
        self._box.setTristate(False)
        self._box.setChecked(bool(value))
        self._say(bool(value))

    def show_mixed(self) -> None:
        self._box.setTristate(True)
        self._box.setCheckState(Qt.CheckState.PartiallyChecked)
        self._box.setText(self.tr("several values"))

    def _on_clicked(self) -> None:
        self.begun.emit()
        value = self._box.checkState() != Qt.CheckState.Unchecked
        self.show_value(value)
        self.edited.emit(value)

    def _say(self, value: bool) -> None:
        self._box.setText(self.tr("yes") if value else self.tr("no"))
