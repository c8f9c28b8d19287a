"""The whole canvas in a corner: a spot for each card in its category's colour, and the part that is in the window."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gui.canvas.canvas import Canvas
from gui.canvas.geometry import CARD_HEIGHT, around, inflated
from gui.slices import MANY, Later
from gui.theme import current_theme

SIZE = QSize(148, 92)
PAD = 6


class Minimap(QWidget):
    """Press or drag in it to move the window over the canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setFixedSize(SIZE)
        self.setAccessibleName(self.tr("Overview"))
        self.setToolTip(self.tr("Press or drag to move over the canvas."))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        # Many cards may move in one edit; one repaint follows them all.
        self._later = Later(self, self.update, 30)
        self._picture = QPixmap()
        self._pictured: tuple[object, ...] = ()
        canvas.drawn.changed.connect(self.look_again)

    def look_again(self) -> None:
        """Something on the canvas, or the part in the window, is another."""
        if self.isVisible() and not self._later.pending:
            self._later.start()

    def _scale(self) -> tuple[float, QPointF]:
        whole = around(box for box in (self._canvas.drawn.content_box(), self._canvas.visible_box()) if box is not None)
        left, top, right, bottom = inflated(whole or (0.0, 0.0, 1.0, 1.0), 20)
        scale = min((self.width() - 2 * PAD) / (right - left), (self.height() - 2 * PAD) / (bottom - top))
        spare = QPointF(self.width() - (right - left) * scale, self.height() - (bottom - top) * scale) / 2
        return scale, spare - QPointF(left, top) * scale

    def _cards(self, scale: float, shift: QPointF) -> QPixmap:
        """A picture of the map with all cards, painted again only where one of them is elsewhere or looks otherwise."""
        drawn, theme, ratio = self._canvas.drawn, current_theme(), self.devicePixelRatioF()
        wanted = (drawn.cards.changes, drawn.network, scale, shift.toTuple(), theme, ratio)
        if wanted != self._pictured:
            self._pictured = wanted
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("border"), 1.0))
            painter.setBrush(theme.color("panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setPen(Qt.PenStyle.NoPen)
            for category, spots in self._spots(scale, shift).items():
                painter.setBrush(theme.category_color(category))
                if len(spots) > MANY:
                    painter.drawRects(spots)
                    continue
                for spot in spots:
                    painter.drawRoundedRect(spot, 1.5, 1.5)
            painter.end()
        return self._picture

    def _spots(self, scale: float, shift: QPointF) -> Mapping[str, list[QRectF]]:
        """Where the cards of each category are painted."""
        drawn, x, y, height = self._canvas.drawn, shift.x(), shift.y(), max(CARD_HEIGHT * scale, 1.5)
        found: dict[str, list[QRectF]] = {}
        for name, (left, top, right, _) in drawn.cards.boxes.items():
            spot = QRectF(left * scale + x, top * scale + y, max((right - left) * scale, 2), height)
            found.setdefault(drawn.nodes[name].layer.category, []).append(spot)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = current_theme(), QPainter(self)
        scale, shift = self._scale()
        painter.drawPixmap(0, 0, self._cards(scale, shift))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top, right, bottom = self._canvas.visible_box()
        seen = QRectF(QPointF(left, top) * scale + shift, QPointF(right, bottom) * scale + shift)
        inner = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setPen(QPen(theme.color("accent"), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(seen.intersected(inner), 2, 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        scale, shift = self._scale()
        self._canvas.centerOn((event.position() - shift) / scale)
        event.accept()

    def event(self, event: QEvent) -> bool:
        # What is pressed here must not reach the canvas below.
        if event.type() in (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick):
            event.accept()
            return True
        return super().event(event)
