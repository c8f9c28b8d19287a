"""Select cards by drawing a box around them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsRectItem

from gui.canvas.gestures.base import Gesture, Pointer


class Marquee(Gesture):
    """Select what the box touches; Shift adds to the selection, Ctrl turns each card's selection round."""

    def start(self, pointer: Pointer) -> None:
        super().start(pointer)
        self._before = self.canvas.selection.names
        self._box: QGraphicsRectItem | None = None

    def move(self, pointer: Pointer) -> None:
        if self._box is None and not self.drifted(pointer):
            return
        if self._box is None:
            self._box = self._made()
        self._box.setRect(QRectF(self.origin.scene, pointer.scene).normalized())
        self.canvas.board.show_selection(self._chosen(pointer), ())

    def finish(self, pointer: Pointer) -> None:
        names = self._chosen(pointer) if self._box is not None else self._clicked(pointer)
        self._clear()
        self.canvas.select(names)

    def cancel(self) -> None:
        self._clear()
        self.canvas.show_selection()

    def _clicked(self, pointer: Pointer) -> tuple[str, ...]:
        keep = pointer.holds(Qt.KeyboardModifier.ShiftModifier) or pointer.holds(Qt.KeyboardModifier.ControlModifier)
        return self._before if keep else ()

    def _chosen(self, pointer: Pointer) -> tuple[str, ...]:
        area = QRectF(self.origin.scene, pointer.scene).normalized()
        near = self.canvas.board.cards.near((area.left(), area.top(), area.right(), area.bottom()))
        found = [name for name in self.canvas.board.network.layers if name in near]
        if pointer.holds(Qt.KeyboardModifier.ControlModifier):
            return (*(n for n in self._before if n not in near), *(n for n in found if n not in self._before))
        if pointer.holds(Qt.KeyboardModifier.ShiftModifier):
            return (*self._before, *(n for n in found if n not in self._before))
        return tuple(found)

    def _made(self) -> QGraphicsRectItem:
        accent = self.canvas.board.theme.color("accent")
        pen = QPen(accent, 1.0)
        pen.setCosmetic(True)
        accent.setAlphaF(0.12)
        box = QGraphicsRectItem()
        box.setPen(pen)
        box.setBrush(accent)
        box.setZValue(10)
        self.canvas.board.addItem(box)
        return box

    def _clear(self) -> None:
        if self._box is not None:
            self.canvas.board.removeItem(self._box)
            self._box = None
