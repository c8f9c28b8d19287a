"""The dots behind the cards."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.theme import Theme

SPACING = 24.0
CLOSEST = 14.0
"""The least pixels between two dots; zoomed out further, every second one is left out."""


def paint_dots(painter: QPainter, area: QRectF, zoom: float, theme: Theme) -> None:
    """Fill a part of the canvas with its colour and its grid of dots."""
    painter.fillRect(area, theme.color("canvas"))
    step = SPACING
    while step * zoom < CLOSEST:
        step *= 2
    pen = QPen(theme.color("dot"), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setCosmetic(True)
    painter.setPen(pen)
    columns = range(floor(area.left() / step), floor(area.right() / step) + 2)
    rows = range(floor(area.top() / step), floor(area.bottom() / step) + 2)
    painter.drawPoints([QPointF(column * step, row * step) for column in columns for row in rows])
