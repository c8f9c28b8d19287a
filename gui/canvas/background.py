"""The dots behind the cards."""

from __future__ import annotations

from functools import lru_cache
from math import floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from gui.theme import Theme

SPACING = 24.0
CLOSEST = 14.0
"""The least pixels between two dots; zoomed out further, every second one is left out."""
DOT = 2.2


def paint_dots(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Fill a part of the canvas with its colour and its grid of dots, each as large at every zoom."""
    painter.fillRect(area, theme.color("canvas"))
    to_window = painter.worldTransform()
    zoom, sharpness = to_window.m11(), painter.device().devicePixelRatio()
    step = SPACING
    while step * zoom < CLOSEST:
        step *= 2
    dot = _dot(theme.color("dot").rgba(), sharpness)
    half = dot.deviceIndependentSize().width() / 2

    def places(low: float, high: float, shift: float) -> list[float]:
        # On whole pixels of the screen, or every dot is smeared.
        steps = range(floor(low / step), floor(high / step) + 2)
        return [round((i * step * zoom + shift - half) * sharpness) / sharpness for i in steps]

    # One small picture many times is six times as fast as as many round points.
    painter.save()
    painter.resetTransform()
    ys = places(area.top(), area.bottom(), to_window.dy())
    for x in places(area.left(), area.right(), to_window.dx()):
        for y in ys:
            painter.drawPixmap(QPointF(x, y), dot)
    painter.restore()


@lru_cache(maxsize=8)
def _dot(rgba: int, sharpness: float) -> QPixmap:
    side = 2 * round(DOT * sharpness / 2 + 1)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromRgba(rgba))
    painter.drawEllipse(QPointF(side / 2, side / 2), DOT * sharpness / 2, DOT * sharpness / 2)
    painter.end()
    made.setDevicePixelRatio(sharpness)
    return made
