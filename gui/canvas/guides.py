"""Snap a moved card to the grid and to the edges and middles of other cards, and show the lines it snapped to."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsLineItem

from gui.canvas.geometry import Box, snap
from gui.canvas.scene import CanvasScene

PULL = 6.0
"""How near an edge must be for a card to snap to it, in pixels of the screen."""


class Guides:
    """The guides of one drag."""

    def __init__(self, board: CanvasScene, moving: Collection[str], area: Box) -> None:
        self._board = board
        near = board.cards.near(area) - set(moving)
        boxes = [board.cards.boxes[name] for name in near]
        self._columns = [(x, box) for box in boxes for x in (box[0], (box[0] + box[2]) / 2, box[2])]
        self._rows = [(y, box) for box in boxes for y in (box[1], (box[1] + box[3]) / 2, box[3])]
        self._lines: list[QGraphicsLineItem] = []

    def settle(self, box: Box, scale: float) -> tuple[float, float]:
        """How far to move a card on from `box`: to a guide where one is near, else to the grid."""
        self.clear()
        left, top, right, bottom = box
        dx = self._pull((left, (left + right) / 2, right), self._columns, PULL / scale)
        dy = self._pull((top, (top + bottom) / 2, bottom), self._rows, PULL / scale)
        ahead = snap(left) - left if dx is None else dx[0]
        down = snap(top) - top if dy is None else dy[0]
        if dx is not None:
            x, other = dx[1], dx[2]
            self._draw(QLineF(x, min(other[1], top + down) - 8, x, max(other[3], bottom + down) + 8))
        if dy is not None:
            y, other = dy[1], dy[2]
            self._draw(QLineF(min(other[0], left + ahead) - 8, y, max(other[2], right + ahead) + 8, y))
        return ahead, down

    def clear(self) -> None:
        """Take the lines away."""
        for line in self._lines:
            self._board.removeItem(line)
        self._lines = []

    def _pull(
        self, edges: tuple[float, ...], guides: list[tuple[float, Box]], reach: float
    ) -> tuple[float, float, Box] | None:
        # Like meets like: a left edge snaps to left edges, a middle to middles, because cards of one row or column
        # stand in this way, and every other pairing is one snap too many.
        kinds = ((edges[i % 3], at, box) for i, (at, box) in enumerate(guides))
        near = [(abs(at - edge), at - edge, at, box) for edge, at, box in kinds if abs(at - edge) <= reach]
        if not near:
            return None
        _, by, at, box = min(near, key=lambda found: found[0])
        return by, at, box

    def _draw(self, line: QLineF) -> None:
        pen = QPen(self._board.theme.color("accent"), 1.0, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        item = QGraphicsLineItem(line)
        item.setPen(pen)
        item.setZValue(1.5)
        self._board.addItem(item)
        self._lines.append(item)
