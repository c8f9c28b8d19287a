"""Cut wires by drawing a line across them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from graph import edits
from graph.network import Wire
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.wire_item import WireItem


class CutWires(Gesture):
    """Alt+Shift and drag: every wire the line crosses is taken away."""

    cursor = Qt.CursorShape.CrossCursor

    def start(self, pointer: Pointer) -> None:
        super().start(pointer)
        self._line = QPainterPath(pointer.scene)
        pen = QPen(self.canvas.board.theme.color("error"), 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self._shown = QGraphicsPathItem()
        self._shown.setPen(pen)
        self._shown.setZValue(10)
        self.canvas.board.addItem(self._shown)
        self._crossed: list[Wire] = []

    def move(self, pointer: Pointer) -> None:
        self._line.lineTo(pointer.scene)
        self._shown.setPath(self._line)
        stroker = QPainterPathStroker()
        stroker.setWidth(1)
        line = stroker.createStroke(self._line)
        near = self.canvas.board.items(line.boundingRect())
        crossed = [item for item in near if isinstance(item, WireItem) and line.intersects(item.shape())]
        self._crossed = sorted(item.wire for item in crossed)
        self.canvas.board.show_selection(self.canvas.selection.names, self._crossed)

    def finish(self, pointer: Pointer) -> None:
        self.cancel()
        if self._crossed:
            text = QCoreApplication.translate("Canvas", "Cut wires")
            self.canvas.edit(text, partial(edits.disconnect, wires=self._crossed))

    def cancel(self) -> None:
        self.canvas.board.removeItem(self._shown)
        self.canvas.show_selection()
