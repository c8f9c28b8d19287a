"""Horizontal bars with their names and figures: probabilities, and counts of classes by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import current_theme, font, theme_switch

ROW = 24
THICK = 12
WIDEST_NAME = 140


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its name, the lengths of its pieces with the token or place of their colours, its text."""

    name: str
    pieces: tuple[tuple[float, int | str], ...]
    text: str
    strong: bool = False
    mark: str = ""
    """A word after the text, such as "true class"."""


class Bars(QWidget):
    """Bars one under the other, all to one scale."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: tuple[Bar, ...] = ()
        self._largest = 1.0
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme_switch().changed.connect(self.update)

    def show_bars(self, bars: Sequence[Bar], largest: float | None = None) -> None:
        """Show these, the scale ending at `largest` or at the longest of them."""
        self.bars = tuple(bars)
        self._largest = largest or max((sum(length for length, _ in bar.pieces) for bar in bars), default=1.0) or 1.0
        said = "; ".join(f"{bar.name} {bar.text} {bar.mark}".strip() for bar in bars[:50])
        self.setAccessibleDescription(said)
        self.setFixedHeight(max(ROW * len(self.bars), 0))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the bars are."""
        return QSize(240, ROW * len(self.bars))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that are seen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        metrics = QFontMetrics(font("font", bold=True))
        names = [metrics.horizontalAdvance(bar.name) for bar in self.bars]
        texts = [metrics.horizontalAdvance(f"{bar.text}  {bar.mark}") for bar in self.bars]
        left = min(max(names, default=0), WIDEST_NAME) + 12
        right = max(texts, default=0) + 16
        room = max(self.width() - left - right, 16)
        visible = event.rect()
        for row, bar in enumerate(self.bars):
            top = row * ROW
            if top + ROW < visible.top() or top > visible.bottom():
                continue
            name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, left - 12)
            painter.setPen(theme.color("text" if bar.strong else "muted"))
            painter.setFont(font("font", bold=bar.strong))
            painter.drawText(QRectF(0, top, left - 12, ROW), Qt.AlignmentFlag.AlignVCenter, name)
            end = self._pieces(painter, bar, left, top + (ROW - THICK) / 2, room)
            text = f"{bar.text}  {bar.mark}" if bar.mark else bar.text
            painter.drawText(QRectF(end + 8, top, right, ROW), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _pieces(self, painter: QPainter, bar: Bar, left: float, top: float, room: float) -> float:
        x = left
        for length, color in bar.pieces:
            width = max(length / self._largest * room, 1.0 if length > 0 else 0.0)
            painter.fillRect(QRectF(x, top, width, THICK), color_of(color))
            x += width
        return x

    def event(self, event: QEvent) -> bool:
        """The whole name of a row that is too narrow for it."""
        if isinstance(event, QHelpEvent):
            row = event.pos().y() // ROW
            if 0 <= row < len(self.bars):
                QToolTip.showText(event.globalPos(), f"{self.bars[row].name}: {self.bars[row].text}", self)
                return True
        return super().event(event)


def color_of(color: int | str) -> QColor:
    """A colour of the theme by its token, or by its place in the series."""
    theme = current_theme()
    return theme.color(color) if isinstance(color, str) else theme.series[color % len(theme.series)]
