"""The editor of a parameter that is typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from graph.fields import Field, IntField, IntsField
from graph.fields.pairs import PairsField
from gui.inspector.controls import Line
from gui.inspector.editor import EditorBase, sentence, translated
from gui.inspector.reading import read, written


class LineEditor(EditorBase):
    """A line of text that is read by the field; the arrow keys step whole numbers."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._line = Line(self)
        self._line.setPlaceholderText(translated(field.none_text) if field.optional else "")
        self._line.textEdited.connect(self._on_text)
        self._line.editingFinished.connect(lambda: self.leave(self._tidy))
        self._line.given_up.connect(self._tidy)
        self._line.entered.connect(lambda: self.said.emit(""))
        self._line.entered.connect(self.begun)
        self._line.stepped.connect(self._step)
        self._value: Any = field.default
        self._mixed = False
        self.hold(self._line)

    def show_value(self, value: Any) -> None:
        self._mixed = False
        self._value = value
        if not self._line.hasFocus() or not self._means(value):
            self._line.setText(written(self._field, value))
            self._line.setCursorPosition(0)  # a long text is seen from its beginning
            self.mark(self._line, "")

    def show_mixed(self) -> None:
        self._mixed = True
        self._line.clear()
        self._line.setPlaceholderText(self.tr("several values"))
        self.mark(self._line, "")

    def _means(self, value: Any) -> bool:
        """Whether the text in the line already stands for `value`: then it is left as it is being typed."""
        try:
            return bool(read(self._field, self._line.text()) == value)
        except ValueError:
            return False

    def _on_text(self, text: str) -> None:
        if self._mixed and not text:
            self.mark(self._line, "")
            return
        try:
            value = read(self._field, text)
        except ValueError as error:
            self.mark(self._line, sentence(error))
            return
        self.mark(self._line, "")
        if self._mixed or value != self._value:
            self._mixed = False
            self._value = value
            self.edited.emit(value)

    def _tidy(self) -> None:
        """What is not valid goes, and the value stands there in its usual form."""
        if not self._mixed:
            self._line.setText(written(self._field, self._value))
        else:
            self._line.clear()
        self.mark(self._line, "")

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
