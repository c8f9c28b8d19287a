"""A wire on the canvas: one weight and one grey; the wire under the pointer and those of the selection come forward."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from graph.network import Wire
from gui.canvas.geometry import METRIC
from gui.canvas.wire_path import Curve
from gui.theme import Theme

REACH = 6.0
"""How near the pointer must be to a wire to be on it."""


class WireItem(QGraphicsPathItem):
    """The curve of one wire."""

    def __init__(self, wire: Wire, theme: Theme) -> None:
        super().__init__()
        self.wire = wire
        self.selected = False
        self.hovered = False
        self.beside_selection = False
        self._theme = theme
        self._touchable: QPainterPath | None = None
        self._bounds = QRectF()
        self._dress()

    def set_way(self, way: Sequence[Curve]) -> None:
        """Show another way from port to port."""
        # Before the bounds are others: the scene looks for the wire where it was, and would else keep what is deleted.
        self.prepareGeometryChange()
        path = path_of(way)
        room = METRIC["wire"] + 1
        self._bounds = path.controlPointRect().adjusted(-room, -room, room, room)
        self._touchable = None
        self.setPath(path)

    def set_state(
        self, *, selected: bool | None = None, hovered: bool | None = None, beside_selection: bool | None = None
    ) -> None:
        """Show whether it is selected, under the pointer, or on a selected card."""
        before = (self.selected, self.hovered, self.beside_selection)
        self.selected = before[0] if selected is None else selected
        self.hovered = before[1] if hovered is None else hovered
        self.beside_selection = before[2] if beside_selection is None else beside_selection
        if before != (self.selected, self.hovered, self.beside_selection):
            self._dress()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = theme
        self._dress()

    def boundingRect(self) -> QRectF:
        # Qt's own would stroke the whole path to learn this.
        return self._bounds

    def shape(self) -> QPainterPath:
        if self._touchable is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(2 * REACH)
            self._touchable = stroker.createStroke(self.path())
        return self._touchable

    def middle(self) -> QPointF:
        """The point halfway along."""
        return self.path().pointAtPercent(0.5)

    def _dress(self) -> None:
        chosen = self.selected or self.beside_selection
        token = "accent" if chosen else "text" if self.hovered else "wire"
        self.setPen(_pen(self._theme.colors[token], METRIC["wire"] + (0.75 if self.selected or self.hovered else 0.0)))
        self.setZValue(1 if self.selected or self.hovered or self.beside_selection else 0)


def wire_pen(color: QColor, width: float = METRIC["wire"]) -> QPen:
    """The pen of wires."""
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


@lru_cache(maxsize=16)
def _pen(color: str, width: float) -> QPen:
    return wire_pen(QColor(color), width)


def path_of(way: Sequence[Curve]) -> QPainterPath:
    """A way as a path to paint."""
    path = QPainterPath(QPointF(*way[0][0]))
    for _, first, second, end in way:
        path.cubicTo(QPointF(*first), QPointF(*second), QPointF(*end))
    return path
