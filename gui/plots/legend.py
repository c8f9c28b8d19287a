"""Which line is which: a sample of each with its name, in as many rows as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.plots.stroke import Stroke
from gui.theme import current_theme, font, theme_switch

ROW = 20
SAMPLE = 18
GAP, APART = 6, 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A name, and its lines: for each the parts of its Stroke."""

    name: str
    lines: tuple[Stroke | tuple[int, bool], ...] = ()


class Legend(QWidget):
    """Shows entries one after the other; those without lines are remarks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self._places: list[QPoint] = []
        self.setFont(font("font_small"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Legend"))
        theme_switch().changed.connect(self.update)
        self.hide()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these; nothing where there are none."""
        self.entries = tuple(entries)
        self.setAccessibleDescription(", ".join(entry.name for entry in entries))
        self.setVisible(bool(entries))
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the rows where the width ends."""
        super().resizeEvent(event)
        self._place()

    def _width(self, entry: Entry) -> int:
        return len(entry.lines) * (SAMPLE + GAP) + QFontMetrics(self.font()).horizontalAdvance(entry.name)

    def _place(self) -> None:
        x = y = 0
        self._places = []
        for entry in self.entries:
            width = self._width(entry)
            if x and x + width > self.width():
                x, y = 0, y + ROW
            self._places.append(QPoint(x, y))
            x += width + APART
        self.setFixedHeight(y + ROW)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the samples and the names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        for entry, place in zip(self.entries, self._places, strict=True):
            x, middle = place.x(), place.y() + ROW / 2
            for line in entry.lines:
                painter.setPen(Stroke(*line).pen())
                painter.drawLine(QLineF(x, middle, x + SAMPLE, middle))
                x += SAMPLE + GAP
            painter.setPen(theme.color("text" if entry.lines else "muted"))
            room = QRect(x, place.y(), self.width() - x, ROW)
            name = painter.fontMetrics().elidedText(entry.name, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.end()
