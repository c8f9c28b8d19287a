"""Outlines of cards that are not there yet: what a drop or a copy would put on the canvas."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItemGroup, QGraphicsPathItem

from gui.canvas.geometry import METRIC, Box
from gui.canvas.scene import CanvasScene


class Ghosts:
    """A group of outlines that is moved as one."""

    def __init__(self, board: CanvasScene, boxes: Iterable[Box]) -> None:
        self._board = board
        color = board.theme.color("accent")
        pen = QPen(color, 1.5, Qt.PenStyle.DashLine)
        color.setAlphaF(0.12)
        self._group = QGraphicsItemGroup()
        for left, top, right, bottom in boxes:
            path = QPainterPath()
            path.addRoundedRect(QRectF(left, top, right - left, bottom - top), METRIC["radius_node"], 8)
            item = QGraphicsPathItem(path, self._group)
            item.setPen(pen)
            item.setBrush(color)
        self._group.setZValue(9)
        board.addItem(self._group)

    def move_to(self, x: float, y: float) -> None:
        """Put the group's own origin here."""
        self._group.setPos(x, y)

    def remove(self) -> None:
        """Take them away."""
        self._board.removeItem(self._group)
