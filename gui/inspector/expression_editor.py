"""The editor of an expression: its text in full, over as many lines as it takes."""

from __future__ import annotations

from math import ceil
from typing import Any

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from graph.expression.field import ExpressionField
from gui.inspector.editor import EditorBase, sentence
from gui.theme import fixed_font

FEWEST, MOST = 2, 8
"""It is at least and at most so many lines high; what is longer scrolls."""


class ExpressionText(QPlainTextEdit):
    """One line of text that is wrapped, in a box that grows with it. Enter and Tab leave it as they leave a line."""

    entered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(fixed_font())
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text().split()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = min(max(round(self.document().size().height()), FEWEST), MOST)
        around = 2 * (self.frameWidth() + self.document().documentMargin())
        # Qt lays lines on whole pixels, and has one more above the last before it takes it for hidden.
        self.setFixedHeight(ceil(lines * ceil(QFontMetricsF(self.font()).lineSpacing()) + around) + 1)


class ExpressionEditor(EditorBase):
    """An expression, kept as it is typed; what is wrong with it is said by the problems of its layer."""

    wide = True

    def __init__(self, field: ExpressionField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._text = ExpressionText(self)
        self._text.textChanged.connect(self._on_text)
        self._text.entered.connect(self.begun)
        self._text.left.connect(self._tidy)
        self._value: Any = field.default
        self._mixed = False
        self.hold(self._text)

    def show_value(self, value: str) -> None:
        self._mixed, self._value = False, value
        self._write(value)

    def show_mixed(self) -> None:
        self._mixed = True
        self._write("")
        self._text.setPlaceholderText(self.tr("several values"))

    def _on_text(self) -> None:
        text = self._text.toPlainText()
        try:
            value = self._field.parse(text)
        except ValueError as error:
            self.mark(self._text, sentence(error))
            return
        self.mark(self._text, "")
        if value != self._value or (self._mixed and text):
            self._mixed, self._value = False, value
            self.edited.emit(value)

    def _tidy(self) -> None:
        """Leaving the field: what is not valid goes."""
        self._write("" if self._mixed else self._value)

    def _write(self, text: str) -> None:
        if self._text.toPlainText().strip() != text:
            self._text.blockSignals(True)
            self._text.setPlainText(text)
            self._text.blockSignals(False)
        self.mark(self._text, "")
