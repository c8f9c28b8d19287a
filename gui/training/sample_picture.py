"""One sample as a picture, to look at and to paint on."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.plots.thumbnail import thumbnail
from gui.theme import current_theme
from gui.training.sample_input import Array, SampleBase

MOST_PIXELS = 64


class Picture(SampleBase):
    """A picture; one with a single channel can be painted on with the left button and wiped with the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: Array = np.zeros((1, 1, 1))
        self._cursor: tuple[int, int] | None = None
        self.setMinimumSize(96, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The sample as a picture"))

    @property
    def paintable(self) -> bool:
        """Whether pixels can be set one by one."""
        height, width, channels = self._sample.shape
        return channels == 1 and max(height, width) <= MOST_PIXELS

    def show_sample(self, sample: Array) -> None:
        """Show a sample."""
        self._sample = np.array(sample, np.float64)
        tip = self.tr("Paint with the left mouse button, wipe with the right. Arrow keys and space do the same.")
        self.setToolTip(tip if self.paintable else "")
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(160, 160)

    def _area(self) -> QRectF:
        height, width, _ = self._sample.shape
        scale = min(self.width() / width, self.height() / height)
        return QRectF(0, 0, width * scale, height * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture."""
        area = self._area()
        painter = QPainter(self)
        size = int(max(area.width(), area.height()))
        painter.drawPixmap(area.toRect(), thumbnail(self._sample, max(size, 1), self.devicePixelRatioF()))
        painter.setPen(QPen(current_theme().color("border"), 1))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        if self._cursor is not None and self.hasFocus():
            step = area.width() / self._sample.shape[1]
            row, column = self._cursor
            painter.setPen(QPen(QColor(current_theme().color("accent")), 2))
            painter.drawRect(QRectF(column * step, row * step, step, step))
        painter.end()

    def _pixel(self, place: QPoint) -> tuple[int, int] | None:
        area = self._area()
        step = area.width() / self._sample.shape[1]
        row, column = int(place.y() // step), int(place.x() // step)
        height, width, _ = self._sample.shape
        return (row, column) if 0 <= row < height and 0 <= column < width else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Paint or wipe."""
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Paint or wipe on."""
        pixel = self._pixel(event.position().toPoint())
        left = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if pixel is not None and event.buttons():
            self._cursor = None
            self._paint(pixel, left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move a cursor, space paints or wipes under it."""
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        key = Qt.Key(event.key())
        row, column = self._cursor or (0, 0)
        height, width, _ = self._sample.shape
        if key in steps and self.paintable:
            down, across = steps[key]
            self._cursor = (min(max(row + down, 0), height - 1), min(max(column + across, 0), width - 1))
            self.update()
        elif key == Qt.Key.Key_Space and self._cursor is not None:
            self._paint((row, column), float(self._sample[row, column, 0]) <= 0.5 * self._white())
        else:
            super().keyPressEvent(event)

    def _white(self) -> float:
        return max(float(self._sample.max()), 1.0)

    def _paint(self, pixel: tuple[int, int], white: bool) -> None:
        if not self.paintable:
            return
        value = self._white() if white else 0.0
        if self._sample[(*pixel, 0)] != value:
            self._sample[(*pixel, 0)] = value
            self.edited.emit(self._sample.copy())
        self.update()
