"""Move the paper under the window."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gui.canvas.gestures.base import Gesture, Pointer


class Pan(Gesture):
    """Drag the view itself, with the middle button or with Space."""

    cursor = Qt.CursorShape.ClosedHandCursor
    follows_edge = False

    def start(self, pointer: Pointer) -> None:
        super().start(pointer)
        self._last = pointer.view

    def move(self, pointer: Pointer) -> None:
        way = pointer.view - self._last
        self._last = pointer.view
        self.canvas.scroll_by(-way.x(), -way.y())
