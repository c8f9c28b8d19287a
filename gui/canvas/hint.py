"""A note beside the pointer: the shape a wire would give, or why it may not be."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.icons import pixmap
from gui.theme import current_theme, fixed_font, font

WIDEST = 320
PAD = 8
AWAY = QPoint(14, 16)


class Hint(QWidget):
    """A small box that the pointer passes through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = ""
        self.refused = False
        self._face = font("font_small")
        self.hide()

    def offer(self, at: QPoint, text: str) -> None:
        """Say what would come of it."""
        self._show(at, text, refused=False)

    def refuse(self, at: QPoint, text: str) -> None:
        """Say why not."""
        self._show(at, text, refused=True)

    def _show(self, at: QPoint, text: str, refused: bool) -> None:
        if (text, refused) != (self.text, self.refused) or not self.isVisible():
            self.text, self.refused = text, refused
            self.setAccessibleDescription(text)
            self._face = font("font_small") if refused else fixed_font("font_small")
            self.resize(self._fitting())
            self.update()
        area = self._over.rect().adjusted(4, 4, -4, -4)
        # Below and to the left, where it hides neither the card nor the wire that comes to it.
        place = at + QPoint(-AWAY.x() - self.width(), AWAY.y())
        if place.x() < area.left():
            place.setX(min(at.x() + AWAY.x(), area.right() - self.width()))
        if place.y() + self.height() > area.bottom():
            place.setY(at.y() - AWAY.y() - self.height())
        self.move(place)
        self.show()
        self.raise_()

    def _fitting(self) -> QSize:
        mark = 22 if self.refused else 0
        space = QRect(0, 0, WIDEST - 2 * PAD - mark, 400)
        text = QFontMetrics(self._face).boundingRect(space, Qt.TextFlag.TextWordWrap, self.text)
        return QSize(text.width() + 2 * PAD + mark + 4, max(text.height(), 16) + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = current_theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("error" if self.refused else "accent"), 1.0))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        left = PAD
        if self.refused:
            painter.drawPixmap(PAD, 6, pixmap("error", "error", 16, self.devicePixelRatioF()))
            left += 22
        painter.setFont(self._face)
        painter.setPen(theme.color("text"))
        area = self.rect().adjusted(left, 6, -PAD + 4, -6)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, int(flags), self.text)
        painter.end()
