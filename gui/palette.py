"""The palette on the left: every layer by category, to search, to drag onto the canvas, or to add by key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from graph.layers import CATEGORIES, Layer, layers
from gui.canvas.gestures.drop_layer import MIME
from gui.icons import layer_icon
from gui.parts import label
from gui.search_popup import rate
from gui.theme import current_theme, font, theme_switch

KEY = Qt.ItemDataRole.UserRole


class Palette(QWidget):
    """A search field over a list. `chosen(key)` follows Enter or a double-click on a layer."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search layers (Tab)"))
        self.search.setAccessibleName(self.tr("Search layers"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list = LayerList(self)
        self.list.setAccessibleName(self.tr("Layers"))
        self.list.chosen.connect(self.chosen)
        self.empty = label("", "muted", self, wrap=True)
        self.empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 0, 0)
        column.setSpacing(4)
        inset = QVBoxLayout()
        inset.setContentsMargins(0, 0, 8, 0)
        inset.addWidget(self.search)
        inset.addWidget(self.empty)
        column.addLayout(inset)
        column.addWidget(self.list, 1)
        column.setStretchFactor(self.list, 1)
        self._fill()
        theme_switch().changed.connect(self._fill)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.setFocus()
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.list.choose()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return False

    def _fill(self) -> None:
        query = self.search.text().strip()
        found = matching(query)
        self.list.show_layers(found, headings=not query)
        self.empty.setVisible(not found)
        self.list.setVisible(bool(found))
        if not found:
            said = self.tr("No layer matches “{query}”. Try part of a name or what it does, such as conv or mean.")
            self.empty.setText(said.format(query=query))


def matching(query: str) -> list[type[Layer]]:
    """The layers that match what was typed, the best first; all of them in their order where nothing was."""
    if not query:
        return list(layers)
    rated = [(rate(query, layer), layer) for layer in layers]
    return [layer for points, layer in sorted(rated, key=lambda pair: -(pair[0] or 0.0)) if points is not None]


class LayerList(QListWidget):
    """Layers under the headings of their categories."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setIconSize(QSize(16, 16))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)
        self.itemDoubleClicked.connect(lambda item: self._say(item))

    def show_layers(self, shown: Sequence[type[Layer]], headings: bool) -> None:
        """Show layers in this order, or by category with a heading each."""
        kept = self.currentItem().data(KEY) if self.currentItem() else None
        self.clear()
        if headings:
            for category in CATEGORIES:
                group = [layer for layer in shown if layer.category == category]
                if group:
                    self._add_heading(category)
                    for layer in group:
                        self._add_layer(layer)
        else:
            for layer in shown:
                self._add_layer(layer)
        keys = [self.item(row).data(KEY) for row in range(self.count())]
        first = next((row for row, key in enumerate(keys) if key), -1)
        if headings:
            first = keys.index(kept) if kept in keys and kept else -1
        self.setCurrentRow(first)

    def choose(self) -> None:
        """Add the current layer."""
        if self.currentItem() is not None:
            self._say(self.currentItem())

    def _say(self, item: QListWidgetItem) -> None:
        key = item.data(KEY)
        if key:
            self.chosen.emit(key)

    def _add_heading(self, category: str) -> None:
        item = QListWidgetItem(QCoreApplication.translate("graph", category), self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(font("font_small", bold=True))
        item.setForeground(current_theme().color("muted"))
        item.setSizeHint(QSize(0, 28))
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)

    def _add_layer(self, layer: type[Layer]) -> None:
        item = QListWidgetItem(layer_icon(layer), layer.key, self)
        item.setData(KEY, layer.key)
        item.setSizeHint(QSize(0, 26))
        doc = QCoreApplication.translate("graph", layer.doc())
        item.setToolTip(doc)
        item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, doc)

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        data = QMimeData()
        keys = [item.data(KEY) for item in items if item.data(KEY)]
        if keys:
            data.setData(MIME, keys[0].encode())
        return data

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        else:
            super().keyPressEvent(event)
