"""A confusion matrix to look at and to point into: rows are true classes, columns what they were taken for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.figures import short
from gui.theme import current_theme, font, mixed, theme_switch

SMALLEST = 14
"""The least height and width of a cell, in which a count of two digits can still be read."""
WIDEST, TALLEST = 88, 48
WIDEST_NAME = 120
ROOM = 22
"""Pixels for the title of the columns; the rows' title stands in the same line."""


class MatrixView(QWidget):
    """Counts as cells, darker the larger their part of the row. `chosen(true, predicted)` follows a click or Enter."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: NDArray[np.integer] = np.zeros((0, 0), int)
        self.names: tuple[str, ...] = ()
        self.current: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Confusion matrix"))
        theme_switch().changed.connect(self.update)

    def show_counts(self, counts: NDArray[np.integer], names: Sequence[str]) -> None:
        """Show counts by true and predicted class."""
        self.counts, self.names = counts, tuple(names)
        self.current = None
        self.setMinimumSize(self._size_at(SMALLEST, SMALLEST))
        right = int(np.trace(counts))
        text = self.tr("{right} of {all} samples are on the diagonal").format(right=right, all=int(counts.sum()))
        self.setAccessibleDescription(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Cells as large as they get."""
        return self._size_at(WIDEST, TALLEST)

    def _size_at(self, width: int, height: int) -> QSize:
        count = len(self.names)
        return QSize(self._left() + width * count + 8, self._top(width) + height * count + 8)

    def choose(self, true: int, predicted: int) -> None:
        """Point at a cell."""
        self.current = (true, predicted)
        self.update()
        self.chosen.emit(true, predicted)

    def _left(self) -> int:
        metrics = self.fontMetrics()
        return min(max((metrics.horizontalAdvance(name) for name in self.names), default=0), WIDEST_NAME) + 12

    def _top(self, width: float) -> int:
        return ROOM + (ROOM if self._upright(width) else self._left())

    def _upright(self, width: float) -> bool:
        """Whether the names of the columns fit over cells of this width as they are."""
        return max((self.fontMetrics().horizontalAdvance(name) for name in self.names), default=0) <= width - 4

    def _cell(self) -> tuple[float, float]:
        """The width and the height of a cell: together they fill the room there is."""
        count = max(len(self.names), 1)
        width = min(max((self.width() - self._left() - 8) / count, SMALLEST), WIDEST)
        height = min(max((self.height() - self._top(width) - 8) / count, SMALLEST), TALLEST)
        return width, height

    def rect_of(self, true: int, predicted: int) -> QRectF:
        """Where a cell is."""
        width, height = self._cell()
        return QRectF(self._left() + predicted * width, self._top(width) + true * height, width, height)

    def cell_at(self, place: QPoint) -> tuple[int, int] | None:
        """The cell at a place, if any."""
        width, height = self._cell()
        predicted = int((place.x() - self._left()) // width)
        true = int((place.y() - self._top(width)) // height)
        count = len(self.names)
        return (true, predicted) if 0 <= true < count and 0 <= predicted < count else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw names and cells."""
        if not self.names:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_names(painter)
        self._draw_cells(painter)
        if self.current is not None:
            painter.setPen(QPen(current_theme().color("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect_of(*self.current).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _draw_names(self, painter: QPainter) -> None:
        theme, left = current_theme(), self._left()
        width, height = self._cell()
        top, upright = self._top(width), self._upright(width)
        painter.setFont(font("font_small"))
        painter.setPen(theme.color("muted"))
        said = self.tr("true ↓   predicted →")
        painter.drawText(QRectF(0, 0, max(self.width(), 200), ROOM), Qt.AlignmentFlag.AlignVCenter, said)
        metrics = self.fontMetrics()
        align = Qt.AlignmentFlag
        for place, name in enumerate(self.names):
            fitting = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left - 12)
            row = QRectF(0, top + place * height, left - 12, height)
            painter.drawText(row, align.AlignRight | align.AlignVCenter, fitting)
            if upright:
                painter.drawText(QRectF(left + place * width, ROOM, width, ROOM), align.AlignCenter, fitting)
            else:
                painter.save()
                painter.translate(left + (place + 0.5) * width, top - 6)
                painter.rotate(-90)
                painter.drawText(QRectF(0, -width / 2, top - ROOM, width), align.AlignVCenter, fitting)
                painter.restore()

    def _draw_cells(self, painter: QPainter) -> None:
        theme, metrics = current_theme(), QFontMetrics(font("font_small"))
        rows = np.maximum(self.counts.sum(1), 1)
        width, height = self._cell()
        painter.setFont(font("font_small"))
        for true in range(len(self.names)):
            for predicted in range(len(self.names)):
                count = int(self.counts[true, predicted])
                part = count / int(rows[true])
                tint = theme.color("accent" if true == predicted else "error")
                strength = 0.0 if not count else 0.18 + 0.82 * part
                rect = self.rect_of(true, predicted).adjusted(1, 1, -1, -1)
                back = mixed(theme.color("field"), tint, strength)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(back)
                painter.drawRoundedRect(rect, 3, 3)
                said = f"{count:,}" if count < 1000 else short(count)
                if count and metrics.horizontalAdvance(said) <= width - 2 and metrics.ascent() <= height:
                    painter.setPen(readable_on(back))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, said)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from cell to cell."""
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self.names:
            super().keyPressEvent(event)
            return
        true, predicted = self.current or (0, 0)
        last = len(self.names) - 1
        if self.current is not None:
            true, predicted = min(max(true + step[0], 0), last), min(max(predicted + step[1], 0), last)
        self.choose(true, predicted)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which cell the arrow keys begin at."""
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """The meaning of a cell in words."""
        if isinstance(event, QHelpEvent) and self.names:
            cell = self.cell_at(event.pos())
            QToolTip.showText(event.globalPos(), self.said(*cell) if cell else "", self)
            return True
        return super().event(event)

    def said(self, true: int, predicted: int) -> str:
        """ "3 of 27 samples of 8 were taken for 3"."""
        text = self.tr("{n} of {all} samples of {true} were taken for {predicted}")
        return text.format(
            n=f"{int(self.counts[true, predicted]):,}",
            all=f"{int(self.counts[true].sum()):,}",
            true=self.names[true],
            predicted=self.names[predicted],
        )


def readable_on(back: QColor) -> QColor:
    """Dark or light, whichever stands out more from `back`."""
    light, dark = QColor("#ffffff"), QColor("#0b1220")
    return max((light, dark), key=lambda ink: contrast(ink, back))


def contrast(a: QColor, b: QColor) -> float:
    """The contrast of two colours as WCAG 2 defines it, 1 to 21."""
    first, second = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
