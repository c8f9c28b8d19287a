"""The data panel in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from gui.checks import Checks
from gui.data.panel import DataPanel
from gui.data.source import DataSource
from gui.document import Document
from gui.parts import line

SIZE = QSize(1040, 800)
FRAME = QSize(16, 48)
"""What the frame of the window takes of the screen."""


class DataDialog(QDialog):
    """Every choice takes effect at once and can be undone; closing changes nothing."""

    def __init__(self, document: Document, checks: Checks, source: DataSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Data"))
        self.resize(SIZE.boundedTo(self.screen().availableSize() - FRAME))
        self.panel = DataPanel(document, checks, source, self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        buttons.setContentsMargins(12, 8, 12, 12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.panel, 1)
        column.addWidget(line(self))
        column.addWidget(buttons)

    def close_work(self) -> None:
        """Wait for threads, if any."""
        self.panel.close_work()
