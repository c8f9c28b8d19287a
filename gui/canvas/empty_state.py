"""What an empty canvas says: how to begin, and three templates to begin with."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon, pixmap
from gui.theme import theme_switch


class EmptyState(QWidget):
    """A heading, two ways to begin, and a button for each template. `template_requested(name)` follows a press."""

    template_requested = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel(self.tr("Wire your first network"), self)
        title.setProperty("role", "title")
        text = QLabel(
            self.tr("Drag a layer from the left, or press Tab to search.\nThen draw a wire from port to port."), self
        )
        text.setProperty("role", "muted")
        begin = QLabel(self.tr("Or begin with a template"), self)
        begin.setProperty("role", "section")
        for said in (title, text, begin):
            said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        self.buttons: dict[str, tuple[QToolButton, str]] = {}
        for name, drawing, label, doc in (
            ("digits", "convolution", self.tr("Handwritten digits"), self.tr("A small convolutional network.")),
            ("tabular", "columns", self.tr("A table of yours"), self.tr("Fits itself to a CSV file.")),
            ("spirals", "recurrent", self.tr("Two spirals"), self.tr("Watch a boundary being learnt.")),
        ):
            button = QToolButton(self)
            button.setText(label)
            button.setToolTip(doc)
            button.setAccessibleName(label)
            button.setAccessibleDescription(doc)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(24, 24))
            button.setProperty("kind", "button")
            # The style sheet of the window gives every button one height, and an icon above a text needs more.
            button.setStyleSheet("QToolButton { min-width: 132px; min-height: 60px; padding: 8px; }")
            button.clicked.connect(lambda _=False, name=name: self.template_requested.emit(name))
            self.buttons[name] = (button, drawing)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._picture)
        column.addWidget(title)
        column.addWidget(text)
        column.addSpacing(16)
        column.addWidget(begin)
        column.addLayout(row)
        self._draw()
        theme_switch().changed.connect(self._draw)

    def _draw(self) -> None:
        self._picture.setPixmap(pixmap("link", "muted", 32, self.devicePixelRatioF()))
        for button, drawing in self.buttons.values():
            button.setIcon(icon(drawing, "accent"))
