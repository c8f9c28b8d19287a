"""Cards that are not there yet, half seen through: what a drop or a copy would put on the canvas."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QGraphicsItemGroup

from graph.layers.base import Layer
from graph.project import Position
from gui.canvas.node_item import NodeItem
from gui.canvas.scene import UNKNOWN, CanvasScene

OPACITY = 0.75


class Ghosts:
    """A group of cards that is moved as one."""

    def __init__(self, board: CanvasScene, cards: Iterable[tuple[str, Layer, Position]]) -> None:
        self._board = board
        self._group = QGraphicsItemGroup()
        for name, layer, place in cards:
            inferred = board.check.inference.layers.get(name, UNKNOWN) if board.check is not None else UNKNOWN
            ghost = NodeItem(name, layer, inferred, board.theme)
            ghost.setPos(*place)
            self._group.addToGroup(ghost)
        self._group.setOpacity(OPACITY)
        self._group.setZValue(9)
        board.addItem(self._group)

    def move_to(self, x: float, y: float) -> None:
        """Put the group's own origin here."""
        self._group.setPos(x, y)

    def remove(self) -> None:
        """Take them away."""
        self._board.removeItem(self._group)
