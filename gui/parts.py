"""Small parts that several panels are made of: lines, headings, folds, empty states."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon, pixmap
from gui.theme import theme_switch


def line(parent: QWidget | None = None) -> QFrame:
    """A thin line between two sections."""
    made = QFrame(parent)
    made.setProperty("role", "line")
    return made


def label(text: str = "", role: str = "", parent: QWidget | None = None, wrap: bool = False) -> QLabel:
    """A label in one of the roles of the style sheet."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def toggle(text: str, tip: str, parent: QWidget | None = None) -> QToolButton:
    """One of several ways to look at something."""
    made = QToolButton(parent)
    made.setText(text)
    made.setCheckable(True)
    made.setToolTip(tip)
    made.setProperty("kind", "toggle")
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


def restyled(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Fold(QWidget):
    """A heading that opens and closes what stands under it."""

    toggled = Signal(bool)

    def __init__(self, title: str, content: QWidget, open_: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = QToolButton(self)
        self.head.setText(title)
        self.head.setProperty("kind", "fold")
        self.head.setCheckable(True)
        self.head.setChecked(open_)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(content)
        self.head.toggled.connect(self._show)
        self._show(open_)
        theme_switch().changed.connect(self._draw)

    def _show(self, opened: bool) -> None:
        self._content.setVisible(opened)
        self._draw()
        self.toggled.emit(opened)

    def _draw(self) -> None:
        self.head.setIcon(icon("chevron-down" if self.head.isChecked() else "chevron-right", "muted"))


class EmptyState(QWidget):
    """What a panel shows while it has nothing: a drawing, what will appear here, and what to do."""

    def __init__(
        self, drawing: str, title: str, text: str, button: QPushButton | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading = label(title, "title", self)
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        said = label(text, "muted", self, wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        said.setMaximumWidth(440)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._picture)
        column.addWidget(heading)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(said)
        middle.addStretch(1)
        column.addLayout(middle)
        if button is not None:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        said.setMinimumWidth(min(440, said.fontMetrics().horizontalAdvance(text) + 8))
        self._draw()
        theme_switch().changed.connect(self._draw)

    def _draw(self) -> None:
        self._picture.setPixmap(pixmap(self._drawing, "muted", 32, self.devicePixelRatioF()))
