"""The list of all edits: a click goes back, or forward, to any of them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.document import Document
from gui.parts import label
from gui.theme import current_theme

ROW = 26


class HistoryList(QDialog):
    """Shows the steps of a document, the present one marked. Choosing one shows the project as it was then."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", True)
        self._document = document
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("History"))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(label(self.tr("History").upper(), "section", self))
        column.addWidget(self.list)
        self.setFixedSize(320, 400)
        self._fill()
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        document.state_changed.connect(self._mark)

    def open_over(self, window: QWidget) -> None:
        """Show it under the left end of the toolbar."""
        self.move(window.mapToGlobal(QPoint(12, 76)))
        self.show()
        self.list.setFocus()

    def _fill(self) -> None:
        for i, step in enumerate(self._document.history.steps):
            item = QListWidgetItem(step.text or (self.tr("As opened") if i == 0 else "…"))
            item.setSizeHint(QSize(0, ROW))
            self.list.addItem(item)
        self._mark()

    def _mark(self) -> None:
        at, theme = self._document.history.at, current_theme()
        if self.list.count() != len(self._document.history.steps):
            self.list.clear()
            self._fill()
            return
        for i in range(self.list.count()):
            item = self.list.item(i)
            font = QFont(self.list.font())
            font.setWeight(QFont.Weight.DemiBold if i == at else QFont.Weight.Normal)
            item.setFont(font)
            item.setForeground(theme.color("text" if i <= at else "muted"))
        self.list.setCurrentRow(at)

    def _go(self, item: QListWidgetItem) -> None:
        self._document.go_to(self.list.row(item))
