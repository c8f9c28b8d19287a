"""Moves the paper on while something is dragged to the edge of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer

from gui.canvas.paper import Paper

EDGE = 28
"""How near the edge, in pixels, the pointer must be."""
FASTEST = 18
"""Pixels a tick at the very edge and beyond."""


class EdgeScroll(QObject):
    """While the pointer is near an edge, scrolls there and calls `moved`, because what lies under it is another."""

    def __init__(self, paper: Paper, moved: Callable[[], None]) -> None:
        super().__init__(paper)
        self._paper = paper
        self._moved = moved
        self._way = QPoint()
        self._clock = QTimer(self)
        self._clock.setInterval(16)
        self._clock.timeout.connect(self._tick)

    def look(self, at: QPoint) -> None:
        """The pointer is here now."""
        size = self._paper.viewport().size()
        self._way = QPoint(_speed(at.x(), size.width()), _speed(at.y(), size.height()))
        if self._way.isNull():
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()

    def stop(self) -> None:
        """Nothing is dragged any more."""
        self._clock.stop()

    def _tick(self) -> None:
        self._paper.scroll_by(self._way.x(), self._way.y())
        self._moved()


def _speed(at: int, size: int) -> int:
    """Pixels a tick along one axis: none inside, more the nearer the edge is."""
    into = max(EDGE - at, at - (size - EDGE), 0)
    return min(into, EDGE) * FASTEST // EDGE * (-1 if at < size / 2 else 1)
