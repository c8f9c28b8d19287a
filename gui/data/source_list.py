"""The data sets there are, in groups: files of one's own, shipped sets, generated ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from graph.datasets import CsvFile, Dataset, Generated, NpzFile, Reviews, datasets
from gui.theme import current_theme, font, theme_switch

FILES = (CsvFile, NpzFile)
WIDTH = 200


class SourceList(QListWidget):
    """`chosen(key)` follows a click or Return on a data set."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headings: list[QListWidgetItem] = []
        self.setAccessibleName(self.tr("Data sets"))
        self.setFixedWidth(WIDTH)
        self.setViewportMargins(8, 8, 8, 8)
        made = [declared for declared in datasets if issubclass(declared, Generated | Reviews)]
        self._add_group(self.tr("Your own"), [declared for declared in datasets if declared in FILES])
        self._add_group(self.tr("Shipped"), [one for one in datasets if one not in made and one not in FILES])
        self._add_group(self.tr("Generated"), made)
        self.itemClicked.connect(self._on_item)
        self.itemActivated.connect(self._on_item)
        theme_switch().changed.connect(self._draw)
        self._draw()

    def select(self, source: Dataset | None) -> None:
        """Mark the data set that is in use."""
        for item in map(self.item, range(self.count())):
            if source is not None and item.data(Qt.ItemDataRole.UserRole) == source.key:
                self.setCurrentItem(item)
                return
        self.setCurrentRow(-1)

    def _add_group(self, name: str, group: Sequence[type[Dataset]]) -> None:
        head = QListWidgetItem(name.upper(), self)
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        head.setFont(font("font_small", bold=True))
        head.setSizeHint(QSize(0, 32))
        head.setTextAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        self._headings.append(head)
        for declared in group:
            item = QListWidgetItem(QCoreApplication.translate("graph", declared.title), self)
            item.setData(Qt.ItemDataRole.UserRole, declared.key)
            item.setSizeHint(QSize(0, 28))
            item.setToolTip(QCoreApplication.translate("graph", declared.doc()))

    def _on_item(self, item: QListWidgetItem) -> None:
        key = item.data(Qt.ItemDataRole.UserRole)
        if key:
            self.chosen.emit(key)

    def _draw(self) -> None:
        for item in self._headings:
            item.setForeground(current_theme().color("muted"))
