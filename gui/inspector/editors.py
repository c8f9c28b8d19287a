"""One editor for every kind of parameter, chosen by its Field.

An editor shows a value, says `edited(value)` when a person has given another that the field takes, and
`said(sentence)` when what they gave is not valid (an empty sentence once it is). It changes nothing by itself.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QStyle, QStyleOptionComboBox, QWidget

from graph.fields import BoolField, ChoiceField, Field, FloatField, IntField, IntsField
from graph.fields.pairs import PairsField
from graph.fields.spec import SpecField
from gui.inspector.reading import read, written
from gui.translate import tr_message


class Editor(QWidget):
    """What every editor has. `begun` is said when a person turns to it: edits from there on are one undo step."""

    edited = Signal(object)
    said = Signal(str)
    begun = Signal()

    def show_value(self, value: Any) -> None:
        """Show a value, without saying `edited`."""
        raise NotImplementedError  # pragma: no cover

    def show_mixed(self) -> None:
        """Show that several layers have several values."""
        raise NotImplementedError  # pragma: no cover

    def _hold(self, control: QWidget) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(control)
        self.setFocusProxy(control)


class LineEditor(Editor):
    """A line of text that is read by the field; the arrow keys step whole numbers."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._line = Line(self)
        self._line.setPlaceholderText(translated(field.none_text) if field.optional else "")
        self._line.textEdited.connect(self._on_text)
        self._line.editingFinished.connect(self._tidy)
        self._line.entered.connect(self.begun)
        self._line.stepped.connect(self._step)
        self._value: Any = field.default
        self._mixed = False
        self._hold(self._line)

    def show_value(self, value: Any) -> None:
        self._mixed = False
        self._value = value
        if not self._line.hasFocus() or not self._means(value):
            self._line.setText(written(self._field, value))
            self._mark("")

    def show_mixed(self) -> None:
        self._mixed = True
        self._line.clear()
        self._line.setPlaceholderText(self.tr("several values"))
        self._mark("")

    def _means(self, value: Any) -> bool:
        """Whether the text in the line already stands for `value`: then it is left as it is being typed."""
        try:
            return bool(read(self._field, self._line.text()) == value)
        except ValueError:
            return False

    def _on_text(self, text: str) -> None:
        if self._mixed and not text:
            self._mark("")
            return
        try:
            value = read(self._field, text)
        except ValueError as error:
            self._mark(sentence(error))
            return
        self._mark("")
        if self._mixed or value != self._value:
            self._mixed = False
            self._value = value
            self.edited.emit(value)

    def _tidy(self) -> None:
        """Leaving the field: what is not valid goes, and the value stands there in its usual form."""
        if not self._mixed:
            self._line.setText(written(self._field, self._value))
        else:
            self._line.clear()
        self._mark("")

    def _step(self, by: int) -> None:
        value = self._value
        if self._mixed or value is None:
            return
        if isinstance(self._field, IntField):
            stepped: Any = value + by
        elif isinstance(self._field, PairsField):
            stepped = tuple(tuple(one + by for one in pair) for pair in value)
        elif isinstance(self._field, IntsField):
            stepped = tuple(one + by for one in value)
        else:
            return
        self._line.setText(written(self._field, stepped))
        self._on_text(self._line.text())

    def _mark(self, text: str) -> None:
        if bool(self._line.property("invalid")) != bool(text):
            self._line.setProperty("invalid", bool(text))
            self._line.style().unpolish(self._line)
            self._line.style().polish(self._line)
        self.said.emit(text)


class Line(QLineEdit):
    """A line that says when it is entered and when an arrow key steps."""

    entered = Signal()
    stepped = Signal(int)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        if event.key() in steps and not event.modifiers():
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.editingFinished.emit()
        else:
            super().keyPressEvent(event)


class ChoiceEditor(Editor):
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
        self._hold(self._box)

    def show_value(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))

    def show_mixed(self) -> None:
        self._box.setPlaceholderText(self.tr("several values"))
        self._box.setCurrentIndex(-1)

    def _on_activated(self, index: int) -> None:
        self.edited.emit(self._box.itemData(index))


class SpecEditor(Editor):
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
        self._line.editingFinished.connect(self._tidy)
        self._value: Any = field.default
        self._hold(self._box)

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
            self._mark(sentence(error))
            return
        self._give(value)

    def _give(self, value: Any) -> None:
        self._mark("")
        if value != self._value:
            self._value = value
            self.edited.emit(value)

    def _tidy(self) -> None:
        """Show the value in its usual form; what is not valid goes."""
        self._line.setText(translated(self._field.none_text) if self._value is None else self._value)
        self._line.setCursorPosition(0)
        self._mark("")

    def _mark(self, text: str) -> None:
        if bool(self._line.property("invalid")) != bool(text):
            self._line.setProperty("invalid", bool(text))
            self._line.style().unpolish(self._line)
            self._line.style().polish(self._line)
        self.said.emit(text)


class Box(QComboBox):
    """A list that leaves the wheel to the form around it, and says when it is entered. Long names end in dots."""

    entered = Signal()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class BoolEditor(Editor):
    """Yes or no."""

    def __init__(self, field: BoolField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QCheckBox(self)
        self._box.clicked.connect(self._on_clicked)
        self._hold(self._box)

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


def translated(text: str) -> str:
    """A text of a declaration in the language of the window."""
    return QCoreApplication.translate("graph", text)


def editor_for(field: Field, parent: QWidget | None = None) -> Editor:
    """The editor of a kind of parameter."""
    if isinstance(field, SpecField):
        return SpecEditor(field, parent)
    if isinstance(field, ChoiceField):
        return ChoiceEditor(field, parent)
    if isinstance(field, BoolField):
        return BoolEditor(field, parent)
    return LineEditor(field, parent)


def sentence(error: ValueError) -> str:
    """The error of a field as a sentence."""
    text = tr_message(error.args[0]) if error.args else ""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def limits(field: Field) -> str:
    """What a field takes, as the second line of its tooltip; nothing where anything goes."""
    return tr_message(field.expected()) if isinstance(field, IntField | FloatField) else ""
